#include "tests/world/faults.hpp"

#include <algorithm>

namespace aisle::world {
namespace {

using std::chrono::hours;

// The commonest to the rarest pace of each, so that a world is neither quiet nor only rubble.
struct Pace {
    milliseconds often;
    milliseconds seldom;
    std::int64_t permille;  // of worlds that have it
};
constexpr std::array<Pace, kFaultNames.size()> kPaces{{
    {minutes{5}, hours{4}, 500},     // agent_kill
    {minutes{10}, hours{6}, 500},    // agent_power_cut
    {minutes{5}, hours{4}, 500},     // hq_kill
    {minutes{10}, hours{6}, 400},    // hq_power_cut
    {hours{2}, hours{8}, 250},       // disk_full
    {minutes{20}, hours{4}, 500},    // line_cut
    {minutes{20}, hours{6}, 400},    // broker_restart
    {hours{1}, hours{4}, 500},       // bad_weather
    {hours{1}, hours{4}, 250},       // small_packets
    {hours{1}, hours{4}, 200},       // oversized
    {minutes{1}, minutes{20}, 400},  // stale
    {hours{4}, hours{12}, 250},      // clone
    {hours{4}, hours{12}, 250},      // agent_restore
    {hours{4}, hours{12}, 250},      // hq_restore
    {hours{4}, hours{12}, 200},      // hq_restore_over_epoch
    {hours{6}, hours{12}, 200},      // damaged_database
    {hours{2}, hours{8}, 300},       // wrong_clock
    {hours{1}, hours{6}, 300},       // replay
}};

}  // namespace

Swarm draw_swarm(Noise& noise) {
    Swarm swarm;
    for (std::size_t i = 0; i < kPaces.size(); ++i) {
        const Pace& pace = kPaces.at(i);
        const bool on = noise.chance(pace.permille);
        const milliseconds every{noise.between(pace.often.count(), pace.seldom.count())};
        if (on) swarm.every.at(i) = every;
    }
    return swarm;
}

std::vector<Plague> schedule(const Swarm& swarm, MonoTime from, MonoTime to, Noise& noise) {
    std::vector<Plague> plagues;
    for (std::size_t i = 0; i < swarm.every.size(); ++i) {
        const milliseconds mean = swarm.every.at(i);
        if (mean.count() == 0) continue;
        MonoTime at = from;
        while ((at += noise.upto(2 * mean) + seconds{1}) < to)
            plagues.push_back({at, static_cast<Fault>(i)});
    }
    std::ranges::stable_sort(plagues, {}, &Plague::at);
    return plagues;
}

}  // namespace aisle::world
