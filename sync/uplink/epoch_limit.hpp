#pragma once

#include <deque>

#include "agent/core/time.hpp"
#include "agent/runtime/random.hpp"

// How often new epochs may begin. Pure: the random source is injected. Private to uplink.
namespace aisle::uplink {

// The first begins at once. Each further one within an hour waits U(0, 10 s * 2^n), and beyond the
// limit until the oldest is an hour ago: two clones, or a broken HQ, cannot spin.
class EpochLimit {
public:
    EpochLimit(int an_hour, runtime::RandomSource random)
        : an_hour_{an_hour}, random_{std::move(random)} {}

    [[nodiscard]] milliseconds wait(MonoTime now);
    void begun(MonoTime now) { begun_.push_back(now); }

private:
    int an_hour_;
    runtime::RandomSource random_;
    std::deque<MonoTime> begun_;  // within the last hour
};

}  // namespace aisle::uplink
