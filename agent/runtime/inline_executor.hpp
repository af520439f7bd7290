#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>

#include "agent/runtime/executor.hpp"

namespace aisle::runtime {

// A clock that stands still until it is moved. One thread.
class ManualClock final : public Clock {
public:
    explicit ManualClock(Stamp start = {.boot = 1,
                                        .mono = MonoTime{seconds{1000}},
                                        .wall = WallTime{seconds{1'750'000'000}},
                                        .quality = ClockQuality::Ntp})
        : now_{start} {}
    [[nodiscard]] Stamp now() const override { return now_; }
    void advance(milliseconds by) { now_.mono += by, now_.wall += by; }
    void set(Stamp now) { now_ = now; }

private:
    Stamp now_;
};

// The inline form: a whole shop in one thread. Nothing runs until run_ready() or advance(); timers
// fire in the order of their due time, ties in the order in which they were set. post() is for the
// owning thread only.
class InlineExecutor final : public Executor {
public:
    explicit InlineExecutor(ManualClock& clock) : clock_{clock} {}

    void post(Task task) override { ready_.push_back(std::move(task)); }
    [[nodiscard]] TimerHandle after(milliseconds wait, Task task) override;
    [[nodiscard]] const Clock& clock() const override { return clock_; }

    // Runs what is ready, and what that makes ready, at most `tasks_max`. Returns how many ran.
    std::size_t run_ready(std::size_t tasks_max = 1'000'000);
    // Moves the clock forward timer by timer and runs all that falls due.
    void advance(milliseconds by);

private:
    struct Due {
        MonoTime at;
        std::uint64_t order;
        friend auto operator<=>(const Due&, const Due&) = default;
    };
    struct Timer;

    ManualClock& clock_;
    std::deque<Task> ready_;
    std::map<Due, std::weak_ptr<Timer>> timers_;
    std::uint64_t timers_set_ = 0;
};

}  // namespace aisle::runtime
