#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>

#include "agent/core/time.hpp"

namespace aisle::presence {

// The window is long enough for a handful of adverts of a tag that sends once a second, the
// constant short enough that somebody who walks on is followed.
struct Smoothing {
    milliseconds window{4'000};         // older readings count for nothing
    milliseconds time_constant{2'000};  // after this long a step has gone through to 63 %
    std::size_t readings_max = 128;     // in the window; beyond it the oldest goes
};

// How strongly one scanner hears one tag: the median of the last readings (single fades and
// reflections do not move it), then an average that forgets with a time constant (it takes the
// jitter out of the median).
class RssiWindow {
public:
    // Returns false if a reading that was still in the window had to go for it.
    bool add(const Smoothing& how, MonoTime at, std::int8_t rssi_dbm);

    // dBm; nothing if the window is empty at `now`.
    [[nodiscard]] std::optional<double> level(const Smoothing& how, MonoTime now) const;
    [[nodiscard]] MonoTime last() const { return last_; }

private:
    struct Reading {
        MonoTime at;
        std::int8_t rssi_dbm;
    };
    [[nodiscard]] double median() const;

    std::deque<Reading> readings_;
    double level_dbm_ = 0;
    MonoTime last_{};
};

}  // namespace aisle::presence
