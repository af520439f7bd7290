#pragma once

#include "agent/core/time.hpp"

namespace aisle {

// The one seam through which time enters. Safe from any thread. Engines never hold a Clock: they
// are given `now`.
class Clock {
public:
    virtual ~Clock() = default;
    [[nodiscard]] virtual Stamp now() const = 0;
};

}  // namespace aisle
