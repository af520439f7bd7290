#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <queue>
#include <vector>

#include "agent/runtime/executor.hpp"

namespace aisle::world {

// The one order in which everything in a world happens: tasks that are ready, then timers. One
// thread; time moves only from timer to timer, so an idle hour costs nothing.
class Timeline {
public:
    [[nodiscard]] MonoTime now() const { return now_; }
    // The wall time that is right, whatever the devices believe.
    [[nodiscard]] WallTime truth() const;

    // Runs one task, or moves to the next timer and runs it. False: nothing is left before `until`,
    // and that is the time now.
    bool run_one(MonoTime until);
    // Tasks and timers that have run.
    [[nodiscard]] std::uint64_t ran() const { return ran_; }

private:
    friend class Node;
    struct Timer;
    struct Ready {
        std::weak_ptr<const int> life;
        runtime::Task task;
    };
    struct Due {
        MonoTime at;
        std::uint64_t order;
        std::weak_ptr<Timer> timer;
        friend bool operator<(const Due& a, const Due& b) {  // the first due is the greatest
            return a.at != b.at ? a.at > b.at : a.order > b.order;
        }
    };
    void forget_the_dead();

    MonoTime now_{};
    std::uint64_t ran_ = 0;
    std::uint64_t timers_set_ = 0;
    std::deque<Ready> ready_;
    std::priority_queue<Due> timers_;
};

// What a device believes about time. Changed by the world's faults, read through its nodes.
struct DeviceClock {
    MonoTime booted{};   // on the timeline
    milliseconds off{};  // wall minus truth
    ClockQuality quality = ClockQuality::Ntp;
};

// One process: its executor and its clock. What it posted goes with it. A thread of the process is
// the same node again: its tasks run in the order of posting.
class Node final : public runtime::Executor, private Clock {
public:
    Node(Timeline& timeline, const DeviceClock& clock, std::int64_t boot = 0)
        : timeline_{timeline}, device_{clock}, boot_{boot} {}
    ~Node() override;
    Node(const Node&) = delete;
    Node& operator=(const Node&) = delete;

    void post(runtime::Task task) override;
    [[nodiscard]] runtime::TimerHandle after(milliseconds wait, runtime::Task task) override;
    [[nodiscard]] const Clock& clock() const override { return *this; }
    void set_boot(std::int64_t boot) { boot_ = boot; }

private:
    [[nodiscard]] Stamp now() const override;

    Timeline& timeline_;
    const DeviceClock& device_;
    std::int64_t boot_;
    std::shared_ptr<const int> life_ = std::make_shared<const int>(0);
};

}  // namespace aisle::world
