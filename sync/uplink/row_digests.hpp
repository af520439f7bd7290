#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "agent/core/hex.hpp"

// Which rows are known and how they looked, for tables of 100,000: a key that ends with a pseudonym
// (32 hex digits) takes 16 bytes, and what stands before it is kept once for all of them.
namespace aisle::uplink {

// One thread: its owner's.
class RowDigests {
public:
    [[nodiscard]] std::optional<std::uint64_t> find(std::string_view key) const;
    void set(std::string_view key, std::uint64_t digest);
    bool erase(std::string_view key);
    // That begin so, in order.
    [[nodiscard]] std::vector<std::string> keys(std::string_view prefix = {}) const;
    [[nodiscard]] std::size_t size() const;
    [[nodiscard]] bool empty() const { return size() == 0; }

    // The first 16 hex digits of a digest, as a number: enough to tell a changed row.
    static std::uint64_t number(std::string_view hex);

private:
    struct Hash {
        std::size_t operator()(const Id128& id) const;
    };
    struct Head {
        std::string text;
        boost::unordered_flat_map<Id128, std::uint64_t, Hash> rows;
    };
    static constexpr std::size_t kHeadsMax = 200;  // more: those keys are kept as they are

    [[nodiscard]] static std::optional<Id128> id_of(std::string_view key);
    [[nodiscard]] const Head* head_of(std::string_view key) const;
    [[nodiscard]] Head* head_of(std::string_view key);

    std::vector<Head> heads_;
    std::map<std::string, std::uint64_t, std::less<>> others_;
};

}  // namespace aisle::uplink
