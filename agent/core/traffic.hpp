#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "agent/core/ids.hpp"
#include "agent/core/time.hpp"

// People and tags moving through the shop.
namespace aisle {

enum class Direction { In, Out };

// One person over one counting line, or `n` of them from a counter that reports sums.
struct Crossing {
    DoorId door;
    Direction direction = Direction::In;
    std::int32_t n = 1;
    WallTime at{};
    MonoTime mono{};
    bool begins_group = true;  // false: walked in company of somebody who has crossed already
    bool staff = false;        // known by a staff tag, a roster or a long presence
};

// For so long a door saw nothing, and why: a lost camera, a dead broker, our own restart.
struct Blindness {
    DoorId door;
    WallTime from{};
    WallTime to{};
    std::string reason;
};

// A door's (or the shop's: empty door) minute. Half-open [start, start + 60 s).
struct FootfallMinute {
    DoorId door;
    WallTime start{};
    std::int32_t in = 0;
    std::int32_t out = 0;
    std::int32_t occupancy =
        0;  // at the end of the minute, never below 0; only doors that count for it
    std::int32_t clamped = 0;  // how often occupancy would have gone below 0
    std::int32_t blind_s = 0;  // 0..60
    bool counts = true;        // false: kept apart from occupancy and conversion
    // Of this minute: late counts make it 2, 3, ...; the highest holds.
    std::int32_t revision = 1;
    // Of `in` and `out`: staff are in both figures, so that either can be had.
    std::int32_t staff_in = 0;
    std::int32_t staff_out = 0;
    std::int32_t groups = 0;   // buying groups among `in`: people who came together are one
    std::int32_t uturns = 0;   // came back at once; in neither `in` nor `out`
    std::int32_t passers = 0;  // came near and went on
    std::int32_t late_frames = 0;
    std::int32_t light_s = 0;                 // counted nothing because the light had changed
    std::int32_t confidence_permille = 1000;  // how far to trust it: agent/footfall/confidence.hpp
};

// A business day of the counting doors, told once it is over. `drift` is how many more came than
// went, with nobody left in the shop: what the cameras missed.
struct FootfallDay {
    Date date{};
    std::int64_t in = 0;
    std::int64_t out = 0;
    std::int64_t staff_in = 0;
    std::int64_t staff_out = 0;
    std::int64_t groups = 0;
    std::int64_t uturns = 0;
    std::int64_t drift = 0;
    std::int64_t clamped = 0;  // occupancy would have gone below 0
    std::int64_t raised = 0;   // a zone had more people than the doors had let in
    std::int64_t blind_s = 0;
};

enum class BeaconKind { IBeacon, EddystoneUid, EddystoneUrl, EddystoneTlm, AltBeacon, Unknown };

// One advertisement as heard by one scanner. Raw ids: it lives in RAM, inside the beacon drivers
// and presence only.
struct Advert {
    MonoTime at{};
    std::string scanner;
    std::array<std::uint8_t, 6> address{};
    bool address_random = false;
    std::int8_t rssi_dbm = 127;  // 127: not told
    BeaconKind kind = BeaconKind::Unknown;
    std::array<std::uint8_t, 20>
        id{};                      // uuid16 major2 minor2 | namespace10 instance6 | AltBeacon id20
    std::uint8_t id_size = 0;      // 20, 16, 20; 0 where there is no id
    std::int8_t tx_power_dbm = 0;  // at 1 m for iBeacon and AltBeacon, at 0 m for Eddystone
    std::string url;               // Eddystone-URL only
    // Eddystone-TLM only
    std::uint16_t battery_mv = 0;
    std::int16_t temperature_8_8 = 0;
    std::uint32_t adverts = 0;
    std::uint32_t uptime_ds = 0;
};

// An enrolled tag heard by a scanner: all that leaves a beacon driver.
struct Sighting {
    MonoTime at{};
    WallTime wall{};
    TagKey tag;
    std::string scanner;
    std::int8_t rssi_dbm = 127;
};

enum class TagBearer { Trolley, Staff, Member };

// A tag's stay in a zone. `left` is set once it has ended.
struct ZoneVisit {
    TagKey tag;
    TagBearer bearer = TagBearer::Trolley;
    std::string label;  // what eyes can see: "trolley 14"; never a name
    MemberKey member;   // only with the consent to link a tag with its member
    ZoneId zone;
    WallTime entered{};
    WallTime left{};
    MonoTime entered_mono{};
    MonoTime left_mono{};
    bool open = true;
    std::int32_t confidence_permille = 0;
};

}  // namespace aisle
