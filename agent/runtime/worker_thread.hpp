#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "agent/runtime/executor.hpp"
#include "agent/runtime/metrics.hpp"

namespace aisle::runtime {

struct WorkerOptions {
    std::string name;  // at most 15 characters are shown by the system; also the metrics' label
    std::size_t queue_max = 256;  // tasks that wait; the one that runs does not count
    bool low_priority = false;    // nice 10: for batch studies
};

// A named thread that runs tasks in the order they came: storage, reader, studies, one for each
// camera. All signals are blocked in it. A task that throws ends the program. Metrics, labelled
// {worker}: aisle_worker_queue_tasks, aisle_worker_refused_total.
class WorkerThread {
public:
    enum class OnStop { Drain, Drop };

    WorkerThread(WorkerOptions options, Metrics& metrics);
    ~WorkerThread();  // stop(OnStop::Drop)
    WorkerThread(const WorkerThread&) = delete;
    WorkerThread& operator=(const WorkerThread&) = delete;

    // From any thread. False when the queue is full (counted) or after stop() has begun.
    [[nodiscard]] bool submit(Task task);
    // Waits for the task that runs, and with Drain for all that wait, then joins. From any other
    // thread than its own; the second call does nothing. A task that runs for long must have a way
    // of its own to be told.
    void stop(OnStop how);
    // Drops what waits and gives the task that runs so long to end. False: the thread is left
    // behind and goes when its task does, so that task must own all that it touches: this object,
    // the loop and the metrics may be gone by then. For tasks inside a call that cannot be told.
    [[nodiscard]] bool stop_within(milliseconds patience);
    [[nodiscard]] std::size_t queued() const;

private:
    struct Core;
    std::shared_ptr<Core> core_;  // the thread holds it too
};

}  // namespace aisle::runtime
