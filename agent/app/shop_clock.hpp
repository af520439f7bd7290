#pragma once

#include <atomic>
#include <optional>
#include <span>
#include <string>

#include "agent/core/clock.hpp"
#include "agent/core/record.hpp"
#include "agent/runtime/executor.hpp"

namespace aisle::app {

inline constexpr std::string_view kClockRoom = "clock";

// What a boot's walls are worth, once somebody knows.
struct ClockTruth {
    milliseconds offset{};  // to be added to the walls that were given out untrusted
    milliseconds error{};
    ClockQuality before = ClockQuality::None;
    std::string source;  // ntp, hq
};

// The shop's clock over the machine's. While nobody vouches for the machine's wall clock, ours goes
// on by the monotonic time from where this boot began, never below the last wall that was written:
// so a wall that jumps about is wrong by one and the same offset for a whole boot, and that offset
// mends all its records once the truth arrives, by NTP or from HQ. From then on this clock is
// right, also if the machine's stays wrong. now() from any thread, all else on the loop.
class ShopClock final : public Clock {
public:
    // A step of the machine's wall beyond this is worth a word.
    static constexpr milliseconds kStepMin{2'000};

    ShopClock(const Clock& machine, std::int64_t boot) : machine_{machine}, boot_{boot} {}

    // The course of this boot from a start before, from room kClockRoom; else it begins here.
    // `last_wall` is the latest that was ever written to this disk.
    void begin(std::span<const StateChange> rows, WallTime last_wall);
    // To be committed, so that a restart in the same boot stays on the course.
    [[nodiscard]] StateChange course() const;

    [[nodiscard]] Stamp now() const override;
    // The latest time that is known to have been: ours while somebody vouches for it, else the last
    // that an earlier life wrote down. Certificates are judged by it where nobody has the time.
    [[nodiscard]] WallTime known_time() const;

    // About once a second: does the machine's clock have a server now? The first time in a boot
    // this tells what its walls before were worth.
    std::optional<ClockTruth> look();
    // HQ's clock was `hq` at our `heard`. As look(), where the machine has no server or its server
    // is wrong too.
    std::optional<ClockTruth> hear_hq(WallTime hq, const Stamp& heard, milliseconds error);
    [[nodiscard]] bool known_by_hq() const { return known() == ClockQuality::Hq; }

private:
    [[nodiscard]] ClockQuality known() const { return static_cast<ClockQuality>(known_.load()); }
    [[nodiscard]] WallTime by_course(MonoTime mono) const;
    ClockTruth learn(WallTime right, MonoTime at, milliseconds error, ClockQuality by);

    const Clock& machine_;
    std::int64_t boot_;
    // Wall minus monotonic time: what is given out while the machine's own wall is not believed.
    std::atomic<std::int64_t> base_ms_ = 0;
    std::int64_t first_base_ms_ = 0;  // as it was given out before anybody knew
    WallTime last_wall_{};
    ClockQuality first_quality_ = ClockQuality::None;
    std::atomic<int> known_ = 0;  // ClockQuality of who vouched in this boot; None: nobody
};

// The platform's loop with the shop's clock.
class ShopLoop final : public runtime::Executor {
public:
    ShopLoop(runtime::Executor& loop, const Clock& clock) : loop_{loop}, clock_{clock} {}
    void post(runtime::Task task) override { loop_.post(std::move(task)); }
    [[nodiscard]] runtime::TimerHandle after(milliseconds wait, runtime::Task task) override {
        return loop_.after(wait, std::move(task));
    }
    [[nodiscard]] const Clock& clock() const override { return clock_; }

private:
    runtime::Executor& loop_;
    const Clock& clock_;
};

}  // namespace aisle::app
