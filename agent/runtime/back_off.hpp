#pragma once

#include <optional>

#include "agent/core/time.hpp"
#include "agent/runtime/random.hpp"

namespace aisle::runtime {

struct BackOffLimits {
    milliseconds base{1'000};
    milliseconds cap{60'000};
    milliseconds stable{30'000};  // a connection that held for so long is forgiven its past
};

// How long to wait before the next try: full jitter, uniform in [0, min(cap, base * 2^failures)]
// (AWS Architecture Blog, "Exponential Backoff and Jitter"). Pure; the random source is injected.
class BackOff {
public:
    BackOff(BackOffLimits limits, RandomSource random);

    // A try has failed or a connection was lost: wait for so long before the next.
    [[nodiscard]] milliseconds failed(MonoTime now);
    // A try has worked. The past is forgotten only when it has held for `stable`.
    void connected(MonoTime now) { connected_ = now; }

private:
    BackOffLimits limits_;
    RandomSource random_;
    int failures_ = 0;
    std::optional<MonoTime> connected_;
};

}  // namespace aisle::runtime
