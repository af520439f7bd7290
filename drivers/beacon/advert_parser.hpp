#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "agent/core/traffic.hpp"

// Advertising data (AD structures: length, type, value; Core Specification Supplement, part A) into
// beacons. Pure, from any thread. Nothing is allocated, except for the text of an Eddystone-URL.
namespace aisle::beacon {

// What can be wrong with advertising data. The closed list is also the metrics' label.
enum class AdFault : std::uint8_t {
    None,
    TooLong,      // beyond what an extended advertisement can carry
    PastEnd,      // an AD structure is longer than what is left
    AfterEnd,     // a zero length ends the data, and yet something follows that is not zero
    ShortBeacon,  // the mark of a format that we know, but not its length
    BadUrl,       // an Eddystone-URL with a reserved byte
};
inline constexpr std::size_t kAdFaults = 6;
std::string_view to_text(
    AdFault fault);  // none, too_long, past_end, after_end, short_beacon, bad_url

inline constexpr std::size_t kAdvertBytesMax = 1650;  // LE extended advertising, after reassembly

// Sets kind, id, power, url and telemetry of `advert`, and leaves where and when it was heard
// alone. The first beacon in the data counts. A fault behind a whole beacon is returned too, and
// the beacon stays usable; without a beacon the kind is Unknown: not a fault, most of the air is.
AdFault parse_advert(std::span<const std::uint8_t> payload, Advert& advert);

// The value of one AD structure of type 0xff: two bytes of company id, little endian, and what
// follows.
AdFault parse_manufacturer(std::span<const std::uint8_t> value, Advert& advert);

// An Eddystone frame: the service data of UUID 0xfeaa without the UUID.
AdFault parse_eddystone(std::span<const std::uint8_t> frame, Advert& advert);

std::string_view to_text(BeaconKind kind);  // ibeacon, eddystone_uid, ..., altbeacon, unknown

}  // namespace aisle::beacon
