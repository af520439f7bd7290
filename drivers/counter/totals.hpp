#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "agent/core/time.hpp"

// What a cumulative sensor has counted since it last told us. Pure.
namespace aisle::counter {

struct Totals {
    std::int64_t in = 0;
    std::int64_t out = 0;
    WallTime at{};
    bool timed = false;  // `at` is the sensor's own

    friend bool operator==(const Totals&, const Totals&) = default;
};

enum class Step {
    First,    // nothing to compare with: only a baseline
    Same,     // nothing new
    Counted,  // grown
    Reset,    // the sensor began again from 0: all of it is new
    Stale,    // an older report that came late, or a fall that cannot be told from one: nothing
              // changes
};

struct Growth {
    Step step = Step::First;
    std::int64_t in = 0;
    std::int64_t out = 0;
};

// With the sensor's own times an earlier report is stale and any fall is a reset (of both totals).
// Without them only a fall below half is: brokers repeat, and a repeated report must not count a
// whole day again.
Growth growth(const std::optional<Totals>& last, const Totals& now);

// As stored in SourcePosition::position.
std::string to_position(const Totals& totals);
std::optional<Totals> totals_from(std::string_view position);

}  // namespace aisle::counter
