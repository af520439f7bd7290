#pragma once

#include <optional>

#include "agent/core/time.hpp"

namespace aisle::uplink {

// One line of log a minute for a condition that repeats; its counter tells how often it did. Pure.
class LogLimit {
public:
    // True: write the line now.
    bool due(MonoTime now) {
        if (last_ && now - *last_ < kEvery) return false;
        last_ = now;
        return true;
    }

private:
    static constexpr seconds kEvery{60};
    std::optional<MonoTime> last_;
};

}  // namespace aisle::uplink
