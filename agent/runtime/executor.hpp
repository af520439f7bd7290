#pragma once

#include <functional>
#include <memory>
#include <string>

#include "agent/core/clock.hpp"

// Where work runs. One loop owns all mutable state; every other thread only posts values to it.
namespace aisle::runtime {

using Task = std::function<void()>;

// Cancels when destroyed. Empty handles are fine.
class TimerHandle {
public:
    TimerHandle() = default;
    explicit TimerHandle(std::shared_ptr<void> keep) : keep_{std::move(keep)} {}
    void cancel() { keep_.reset(); }
    [[nodiscard]] bool armed() const { return keep_ != nullptr; }

private:
    std::shared_ptr<void> keep_;
};

class Executor {
public:
    virtual ~Executor() = default;
    // From any thread. Tasks run in the order in which one thread posts them.
    virtual void post(Task task) = 0;
    // On the executor's own thread only. Runs once, unless the handle has gone by then.
    [[nodiscard]] virtual TimerHandle after(milliseconds wait, Task task) = 0;
    [[nodiscard]] virtual const Clock& clock() const = 0;
};

// Runs `task` every `period` until the handle goes; the first time after one period. Late ticks are
// not made up for.
[[nodiscard]] TimerHandle every(Executor& executor, milliseconds period, Task task);

}  // namespace aisle::runtime
