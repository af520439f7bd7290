#include "tests/world/timeline.hpp"

#include <algorithm>
#include <utility>

namespace aisle::world {
namespace {

constexpr WallTime kBegin{seconds{1'781'222'400}};  // 2026-06-12T00:00:00Z

}  // namespace

struct Timeline::Timer {
    std::weak_ptr<const int> life;
    runtime::Task task;
};

WallTime Timeline::truth() const {
    return kBegin + std::chrono::duration_cast<milliseconds>(now_.time_since_epoch());
}

bool Timeline::run_one(MonoTime until) {
    while (!ready_.empty()) {
        const Ready next = std::move(ready_.front());
        ready_.pop_front();
        if (next.life.expired()) continue;
        ++ran_;
        next.task();
        return true;
    }
    while (!timers_.empty() && timers_.top().at <= until) {
        const Due due = timers_.top();
        timers_.pop();
        const auto timer = due.timer.lock();
        if (!timer || timer->life.expired()) continue;
        now_ = std::max(now_, due.at);
        ++ran_;
        timer->task();
        return true;
    }
    now_ = std::max(now_, until);
    return false;
}

void Timeline::forget_the_dead() {
    std::erase_if(ready_, [](const Ready& ready) { return ready.life.expired(); });
}

Node::~Node() {
    life_.reset();
    timeline_.forget_the_dead();
}

void Node::post(runtime::Task task) { timeline_.ready_.push_back({life_, std::move(task)}); }

runtime::TimerHandle Node::after(milliseconds wait, runtime::Task task) {
    auto timer = std::make_shared<Timeline::Timer>(Timeline::Timer{life_, std::move(task)});
    timeline_.timers_.push({timeline_.now_ + wait, timeline_.timers_set_++, timer});
    return runtime::TimerHandle{std::move(timer)};
}

Stamp Node::now() const {
    const auto since = timeline_.now_ - device_.booted;
    return {.boot = boot_,
            .mono = MonoTime{std::chrono::duration_cast<microseconds>(since)},
            .wall = timeline_.truth() + device_.off,
            .quality = device_.quality};
}

}  // namespace aisle::world
