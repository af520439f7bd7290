#pragma once

#include <cstdint>
#include <string>

#include "tests/kit/sim_disk.hpp"

// Lives of a store in which the power goes again and again: after each cut what the store holds is
// compared with what it had promised.
namespace aisle::fault {

struct LifeSettings {
    std::int64_t cuts = 8;
    // The power goes at one of so many of the next writes, syncs, truncations and deletes.
    std::int64_t calls_max = 100;
    bool lying = false;         // the disk answers a sync and does nothing
    bool single_faults = true;  // now and then a single call fails as well
};

struct LifeSums {
    std::int64_t lives = 0;
    std::int64_t cuts = 0;
    std::int64_t cut_openings = 0;  // of them while the store was being opened
    std::int64_t acked_steps = 0;
    std::int64_t acked_records = 0;
    std::int64_t lost = 0;     // acknowledged records that were gone or not as they were
    std::int64_t corrupt = 0;  // damaged, refused to open, or was thought to be damaged
    std::int64_t broken = 0;   // lives that ended with any difference at all
    std::string trouble = {};  // the first difference, with its seed

    LifeSums& operator+=(const LifeSums& more);
};

// The same seed and settings, the same life. Ends at the first difference.
LifeSums live(std::uint64_t seed, const LifeSettings& settings = {});

// What repeats it.
std::string repeat_command(std::uint64_t seed);

}  // namespace aisle::fault
