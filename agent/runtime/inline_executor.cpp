#include "agent/runtime/inline_executor.hpp"

#include <utility>

namespace aisle::runtime {

struct InlineExecutor::Timer {
    Task task;
};

TimerHandle InlineExecutor::after(milliseconds wait, Task task) {
    auto timer = std::make_shared<Timer>(Timer{std::move(task)});
    timers_.emplace(Due{clock_.now().mono + wait, timers_set_++}, timer);
    return TimerHandle{std::move(timer)};
}

std::size_t InlineExecutor::run_ready(std::size_t tasks_max) {
    std::size_t ran = 0;
    for (; ran < tasks_max && !ready_.empty(); ++ran) {
        const Task task = std::move(ready_.front());
        ready_.pop_front();
        task();
    }
    return ran;
}

void InlineExecutor::advance(milliseconds by) {
    const MonoTime end = clock_.now().mono + by;
    run_ready();
    while (!timers_.empty() && timers_.begin()->first.at <= end) {
        const auto due = timers_.begin();
        const MonoTime at = due->first.at;
        const auto timer = due->second.lock();
        timers_.erase(due);
        const MonoTime now = clock_.now().mono;
        if (at > now) clock_.advance(std::chrono::ceil<milliseconds>(at - now));
        if (timer) timer->task();
        run_ready();
    }
    const MonoTime now = clock_.now().mono;
    if (end > now) clock_.advance(std::chrono::ceil<milliseconds>(end - now));
}

TimerHandle every(Executor& executor, milliseconds period, Task task) {
    struct Repeat : std::enable_shared_from_this<Repeat> {
        Repeat(Executor& on, milliseconds each, Task work)
            : executor{on}, period{each}, task{std::move(work)} {}
        void arm() {
            next = executor.after(period, [weak = weak_from_this()] {
                const auto self = weak.lock();
                if (!self) return;
                self->task();
                self->arm();
            });
        }
        Executor& executor;
        milliseconds period;
        Task task;
        TimerHandle next;
    };
    auto repeat = std::make_shared<Repeat>(executor, period, std::move(task));
    repeat->arm();
    return TimerHandle{std::move(repeat)};
}

}  // namespace aisle::runtime
