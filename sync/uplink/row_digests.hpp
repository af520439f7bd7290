#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

// Which rows are known and how they looked, for tables of 100,000: a key that ends with a pseudonym
// (32 hex digits) takes 16 bytes and the number of what stands before it.
namespace aisle::uplink {

// One thread: its owner's.
class RowDigests {
public:
    [[nodiscard]] std::optional<std::uint64_t> find(std::string_view key) const;
    void set(std::string_view key, std::uint64_t digest);
    bool erase(std::string_view key);
    // That begin so, in order.
    [[nodiscard]] std::vector<std::string> keys(std::string_view prefix = {}) const;
    [[nodiscard]] std::size_t size() const { return packed_.size() + others_.size(); }
    [[nodiscard]] bool empty() const { return size() == 0; }

    // The first 16 hex digits of a digest, as a number: enough to tell a changed row.
    static std::uint64_t number(std::string_view hex);

private:
    struct Packed {
        std::array<std::uint8_t, 16> id{};
        std::uint8_t head = 0;

        friend bool operator==(const Packed&, const Packed&) = default;
    };
    struct Hash {
        std::size_t operator()(const Packed& key) const;
    };
    static constexpr std::size_t kHeadsMax = 200;  // more: those keys are kept as they are

    [[nodiscard]] std::optional<Packed> pack(std::string_view key) const;
    [[nodiscard]] std::string unpack(const Packed& key) const;

    std::vector<std::string> heads_;
    boost::unordered_flat_map<Packed, std::uint64_t, Hash> packed_;
    std::map<std::string, std::uint64_t, std::less<>> others_;
};

}  // namespace aisle::uplink
