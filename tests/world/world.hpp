#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tests/world/faults.hpp"
#include "tests/world/head_office.hpp"
#include "tests/world/oracle.hpp"

// Whole shops and HQ in one process and one thread, under one seed: the production code on a
// simulated disk, network, clock and day (DESIGN section 3; reliability.md section 7). Faults drawn
// from the seed, then all is healed, and HQ must equal the model.
namespace aisle::world {

// A fault of our own that the comparison must find.
enum class Tooth {
    None,
    DeletesOnPuback,  // the uplink takes the broker's word for HQ's
    HqAnswersEarly,   // HQ acknowledges what it has not committed
    LyingDisk,        // a sync that does nothing, and power cuts
    EndedUnsaid,      // shops do not say what HQ had of their earlier epochs
    HqSetBackUnsaid,  // gaps acked_before for which the model knows no reason
};

struct WorldSettings {
    std::uint64_t seed = 1;
    milliseconds length = std::chrono::hours{24};  // of a store's day
    int shops_min = 1;
    int shops_max = 3;
    bool faults = true;
    Tooth tooth = Tooth::None;
    std::string campaigns_dir;
    std::string only_fault = {};  // of kFaultNames: no other; empty: as drawn
};

struct Report {
    std::uint64_t seed = 0;
    std::uint64_t hash = 0;  // over all that went over the network and all that HQ has in the end
    std::vector<std::string> faults;  // empty: HQ is the model
    double store_days = 0;
    std::int64_t sales = 0;
    std::int64_t rows_at_hq = 0;
    std::int64_t gaps_at_hq = 0;
    std::int64_t epochs_at_hq = 0;
    std::int64_t messages = 0;
    std::int64_t bytes = 0;
    std::uint64_t tasks = 0;
    std::map<std::string, int> plagues;  // how often each came
    HeadOffice::Done down;               // what HQ's people did
};

Report run_world(const WorldSettings& settings);

}  // namespace aisle::world
