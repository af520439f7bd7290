#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// The rows of room "bundle": slot/a, slot/b and candidate hold a bundle's payload as it was signed,
// pointer says which runs. Private to uplink, but for the room's name.
namespace aisle::uplink {

inline constexpr std::string_view kBundleRoom = "bundle";
inline constexpr std::string_view kPointerKey = "pointer";
inline constexpr std::string_view kCandidateKey = "candidate";
std::string slot_key(char slot);  // slot/a

// Small and rewritten with each step: the switch is this row.
struct BundlePointer {
    char active = '-';        // a, b; '-': the shop's own campaigns
    std::int64_t newest = 0;  // the highest version that ever ran here: older ones are refused
    bool trial = false;
    std::int64_t starts = 0;  // of the program within the trial
    bool expired = false;
    char good = '-';  // the other slot, where what is in it may run again

    friend bool operator==(const BundlePointer&, const BundlePointer&) = default;
};
std::string to_row(const BundlePointer& pointer);
std::optional<BundlePointer> pointer_from(std::string_view row);

}  // namespace aisle::uplink
