#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "tests/world/noise.hpp"

namespace aisle::world {

// All that can be wrong in a world.
enum class Fault {
    AgentKill,
    AgentPowerCut,
    HqKill,
    HqPowerCut,
    DiskFull,
    LineCut,
    BrokerRestart,
    BadWeather,  // messages lost, doubled and overtaken
    SmallPackets,
    Oversized,      // records that fit into no packet
    StaleMessages,  // acks and NACKs of earlier, other epochs
    Clone,
    AgentRestore,
    HqRestore,
    HqRestoreOverEpoch,  // back to before a store began another epoch
    DamagedDatabase,
    WrongClock,
    Replay,  // the tills ask again for what was answered
};
inline constexpr std::array<std::string_view, 18> kFaultNames{
    "agent_kill",       "agent_power_cut", "hq_kill",
    "hq_power_cut",     "disk_full",       "line_cut",
    "broker_restart",   "bad_weather",     "small_packets",
    "oversized",        "stale",           "clone",
    "agent_restore",    "hq_restore",      "hq_restore_over_epoch",
    "damaged_database", "wrong_clock",     "replay"};

// Which faults a world has, and how often: drawn as a swarm, so that some worlds have few and often
// the same. `every` is a mean; zero: never.
struct Swarm {
    std::array<milliseconds, kFaultNames.size()> every{};
    [[nodiscard]] bool has(Fault fault) const { return of(fault).count() > 0; }
    [[nodiscard]] milliseconds of(Fault fault) const {
        return every.at(static_cast<std::size_t>(fault));
    }
};
Swarm draw_swarm(Noise& noise);

// When each comes, one after the other.
struct Plague {
    MonoTime at{};
    Fault fault = Fault::AgentKill;
};
std::vector<Plague> schedule(const Swarm& swarm, MonoTime from, MonoTime to, Noise& noise);

}  // namespace aisle::world
