#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string_view>
#include <unordered_map>

#include "agent/core/traffic.hpp"

namespace aisle::beacon {

// The bytes that name a beacon, whatever its format: 20 for iBeacon and AltBeacon, 16 for
// Eddystone-UID.
struct RawTagId {
    std::array<std::uint8_t, 20> bytes{};
    std::uint8_t size = 0;

    friend bool operator==(const RawTagId&, const RawTagId&) = default;
};

// "uuid/major/minor" (hex with or without dashes, decimal numbers), "namespace/instance" (hex), or
// all bytes in hex.
std::optional<RawTagId> parse_tag_id(std::string_view text);

// The allow-list, and the last place that sees raw ids. On the loop thread.
class Enrolment {
public:
    // Replaces the whole list; the keys are pseudonyms that the composition root has made. Returns
    // how many ids could not be read (they are not told: they may be personal).
    std::size_t set(const std::map<std::string, TagKey>& tags);

    // Null: a stranger. Good until the next set().
    [[nodiscard]] const TagKey* find(const Advert& advert) const;
    [[nodiscard]] std::size_t size() const { return tags_.size(); }

private:
    struct Hash {
        std::size_t operator()(const RawTagId& id) const noexcept;
    };
    std::unordered_map<RawTagId, TagKey, Hash> tags_;
};

}  // namespace aisle::beacon
