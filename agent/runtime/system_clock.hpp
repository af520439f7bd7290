#pragma once

#include <atomic>
#include <cstdint>
#include <string>

#include "agent/core/clock.hpp"

namespace aisle::runtime {

// The machine's clocks. `boot` is the number that the store gives to this start of the machine.
// Monotonic time is CLOCK_BOOTTIME: it goes on while the machine sleeps. Quality is ntp while the
// kernel says that its clock is synchronised (adjtimex), else rtc if there is a battery clock, else
// none. Safe from any thread.
class SystemClock final : public Clock {
public:
    explicit SystemClock(std::int64_t boot);

    [[nodiscard]] Stamp now() const override;
    // HQ has confirmed (or no longer confirms) the wall time: the best quality there is.
    void confirm_by_hq(bool confirmed) { hq_confirmed_ = confirmed; }

private:
    [[nodiscard]] ClockQuality quality(MonoTime mono) const;

    std::int64_t boot_;
    bool has_rtc_;
    std::atomic<bool> hq_confirmed_ = false;
    // The kernel is asked once a second; racing threads may both ask, which does no harm.
    mutable std::atomic<std::int64_t> asked_us_ = 0;
    mutable std::atomic<bool> synchronised_ = false;
};

// The kernel's random id of this boot, by which the store knows whether the machine was started
// again. Empty if unknown.
std::string read_boot_id();

}  // namespace aisle::runtime
