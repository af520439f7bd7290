#pragma once

#include <optional>

#include "sync/uplink/uplink.hpp"

// What HQ's answers tell of its clock. Pure. Private to uplink.
namespace aisle::uplink {

// An answer's `now` was read somewhere between the sending of its batch and the hearing of the
// answer, so the middle is wrong by half of that at most. Passes on what is better than before, and
// one a minute in any case.
class HqClock {
public:
    [[nodiscard]] std::optional<HqTime> heard(WallTime hq_now, const Stamp& now,
                                              microseconds round_trip);

private:
    std::optional<MonoTime> told_;
    milliseconds best_{};
};

}  // namespace aisle::uplink
