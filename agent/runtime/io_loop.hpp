#pragma once

#include <memory>

#include "agent/runtime/executor.hpp"
#include "agent/runtime/metrics.hpp"

namespace aisle::runtime {

// The loop thread's executor: one thread, the one that calls run(), owns all mutable domain state.
// Timers count on the machine's monotonic clock; `clock` is only what clock() answers. A task that
// throws ends run() with its exception: that is a programmer's error. Gauges:
// aisle_loop_lag_seconds (how late the last once-a-second tick came) and aisle_loop_queue_tasks
// (posted and not yet run).
class IoLoop final : public Executor {
public:
    IoLoop(const Clock& clock, Metrics& metrics);
    ~IoLoop() override;
    IoLoop(const IoLoop&) = delete;
    IoLoop& operator=(const IoLoop&) = delete;

    // Runs on the calling thread until stop(), also when there is nothing to do. May be run again
    // afterwards; what was posted meanwhile is kept.
    void run();
    // From any thread. A stop before run() makes that run() return at once.
    void stop();
    // Runs what is ready now and returns how many handlers ran. For tests and for the last words of
    // a clean stop.
    std::size_t run_ready();

    void post(Task task) override;
    [[nodiscard]] TimerHandle after(milliseconds wait, Task task) override;
    [[nodiscard]] const Clock& clock() const override;

    // The boost::asio::io_context behind it, for io_context_access.hpp only.
    [[nodiscard]] void* native();

private:
    struct Core;
    std::unique_ptr<Core> core_;
};

}  // namespace aisle::runtime
