#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "agent/core/ids.hpp"
#include "agent/core/time.hpp"
#include "agent/core/traffic.hpp"

// What a camera or a smart sensor tells of the floor beside its crossings: people nobody knows,
// never linked with a tag, a member or a picture.
namespace aisle {

// The same person came back over the line at once: the first crossing is taken back and the second
// does not count. Both are kept in the raw figures.
struct UTurn {
    DoorId door;
    Direction first = Direction::In;
    WallTime first_at{};
    WallTime at{};
    bool begins_group = true;  // as the first crossing was told
    bool staff = false;
};

enum class ZoneUse { Area, Queue };

// A stay of somebody in a zone of the scene that has ended. In a queue its length is the waiting
// time.
struct ZoneStay {
    ZoneId zone;
    ZoneUse use = ZoneUse::Area;
    WallTime entered{};
    WallTime left{};
    bool served = true;  // queues: left by way of the till, not given up
};

// How full a zone was: the integral of its people over time, and the most at once.
struct ZoneLoad {
    ZoneId zone;
    ZoneUse use = ZoneUse::Area;
    std::int64_t person_ms = 0;
    std::int32_t peak = 0;
};

struct ZoneStep {
    ZoneId from;
    ZoneId to;
    std::int32_t n = 0;

    friend bool operator==(const ZoneStep&, const ZoneStep&) = default;
};

// Who came near a line and went on without crossing it.
struct PassersBy {
    DoorId door;
    std::int32_t n = 0;
};

// The picture in kHeatColumns by kHeatRows cells; `cell` = row * columns + column.
inline constexpr int kHeatColumns = 32;
inline constexpr int kHeatRows = 18;
struct HeatCell {
    std::int32_t cell = 0;
    std::int64_t person_ms = 0;
};

// All else that one scene saw in [from, to), which never reaches over a minute's edge. How far its
// doors' figures can be trusted follows from frames, late frames and light.
struct SceneMinute {
    std::string camera;
    WallTime from{};
    WallTime to{};
    std::vector<DoorId> doors;  // those that the scene counts
    std::int32_t frames = 0;
    std::int32_t late_frames = 0;
    milliseconds light{};  // counted nothing because the light had changed
    std::vector<ZoneLoad> loads;
    std::vector<ZoneStep> steps;
    std::vector<PassersBy> passers;
    std::vector<HeatCell> heat;
};

// One zone's hour. In a queue the stays are waits.
struct ZoneHour {
    ZoneId zone;
    ZoneUse use = ZoneUse::Area;
    std::int64_t stays = 0;
    std::int64_t given_up = 0;  // queues: left without having been served
    seconds p50{};
    seconds p90{};
    seconds p95{};
    std::int64_t person_ms = 0;
    std::int32_t peak = 0;
};

// What the scenes' zones came to in the hour from `start`, and the ways between them that at least
// kStepsMin people took: fewer might be somebody.
inline constexpr std::int32_t kStepsMin = 5;
struct FloorHour {
    WallTime start{};
    std::int32_t revision = 1;  // the highest holds
    std::vector<ZoneHour> zones;
    std::vector<ZoneStep> steps;
};

}  // namespace aisle
