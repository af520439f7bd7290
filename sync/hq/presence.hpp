#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "agent/core/error.hpp"
#include "agent/core/time.hpp"
#include "sync/wire/state.hpp"

// What HQ knows of a store beside its records. Pure.
namespace aisle::hq {

struct NotedAlarm {
    std::string kind;
    std::string detail;
    WallTime first{};
    WallTime last{};
    std::int64_t times = 1;

    friend bool operator==(const NotedAlarm&, const NotedAlarm&) = default;
};
inline constexpr std::size_t kNotedAlarmsMax = 16;  // of a store, the latest; one of each kind

struct Presence {
    bool alive = false;
    WallTime heard{};  // anything at all
    wire::StoreState birth;
    // The processes that spoke for this store before the one in `birth`, and the `at` of their last
    // birth; the latest first, at most kRunsMax.
    struct Run {
        std::string id;
        WallTime at{};
        friend bool operator==(const Run&, const Run&) = default;
    };
    std::vector<Run> earlier;
    std::vector<NotedAlarm> alarms;

    friend bool operator==(const Presence&, const Presence&) = default;
};
inline constexpr std::size_t kRunsMax = 8;

enum class Heard {
    Nothing,     // an old copy, or a death of another run
    News,        // taken over
    TwoDevices,  // taken over; a run that had been followed by another one speaks again
};

// A message on the store's state topic. `retained`: the broker kept it, so that it says how it was
// and not that the store is there now.
Heard take_state(Presence& presence, const wire::StoreState& state, WallTime now, bool retained);

// A store says that it is there every 60 s; one that has been silent for so long is taken for gone
// even if nobody published its will.
inline constexpr minutes kSilence{5};
bool is_connected(const Presence& presence, WallTime now);

void note_alarm(Presence& presence, std::string_view kind, std::string_view detail, WallTime now);

// For HQ's state, so that a restart of HQ forgets nobody.
std::string to_json(const Presence& presence);
Result<Presence> parse_presence(std::string_view json);

}  // namespace aisle::hq
