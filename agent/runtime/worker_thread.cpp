#include "agent/runtime/worker_thread.hpp"

#include <pthread.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cassert>
#include <condition_variable>
#include <csignal>
#include <deque>
#include <mutex>
#include <thread>
#include <utility>

namespace aisle::runtime {

namespace {

constexpr int kLowPriorityNice = 10;
constexpr std::size_t kThreadNameMax = 15;  // Linux's limit

void name_this_thread(const std::string& name) {
    pthread_setname_np(pthread_self(), name.substr(0, kThreadNameMax).c_str());
}

// On Linux a nice value belongs to a thread, whatever POSIX says.
void lower_this_thread() {
    (void)setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), kLowPriorityNice);
}

// A thread inherits the mask of the one that starts it: signals are for the loop thread alone.
class SignalsBlocked {
public:
    SignalsBlocked() {
        sigset_t all;
        sigfillset(&all);
        pthread_sigmask(SIG_SETMASK, &all, &before_);
    }
    ~SignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
    SignalsBlocked(const SignalsBlocked&) = delete;
    SignalsBlocked& operator=(const SignalsBlocked&) = delete;

private:
    sigset_t before_{};
};

}  // namespace

struct WorkerThread::Core {
    Core(WorkerOptions with, Metrics& metrics)
        : options{std::move(with)},
          depth{metrics.gauge("aisle_worker_queue_tasks", "Tasks that wait for a worker thread",
                              {{"worker", options.name}})},
          refused{metrics.counter("aisle_worker_refused_total", "Tasks refused by a full queue",
                                  {{"worker", options.name}})} {}

    void run() {
        name_this_thread(options.name);
        if (options.low_priority) lower_this_thread();
        while (Task task = next()) task();
        const std::scoped_lock lock{mutex};
        ended = true;
        over.notify_all();
    }

    // Waits for work; empty when there will be none any more. The metrics are touched only where
    // there is work, so never by a thread that was left behind.
    Task next() {
        std::unique_lock lock{mutex};
        wake.wait(lock, [this] { return stopping || !queue.empty(); });
        if (queue.empty()) return {};
        Task task = std::move(queue.front());
        queue.pop_front();
        depth.set(static_cast<double>(queue.size()));
        return task;
    }

    // No more tasks are taken from now on.
    void close(OnStop how) {
        // Destroyed without the lock: what a task holds may have ways of its own.
        std::deque<Task> dropped;
        const std::scoped_lock lock{mutex};
        if (stopping && queue.empty()) return;  // the metrics may be gone with the second call
        stopping = true;
        if (how == OnStop::Drop) dropped.swap(queue);
        depth.set(static_cast<double>(queue.size()));
        wake.notify_one();
    }

    WorkerOptions options;
    Gauge& depth;
    Counter& refused;
    mutable std::mutex mutex;
    std::condition_variable wake;
    std::deque<Task> queue;
    std::condition_variable over;
    bool stopping = false;
    bool ended = false;
    std::thread thread;
};

WorkerThread::WorkerThread(WorkerOptions options, Metrics& metrics)
    : core_{std::make_shared<Core>(std::move(options), metrics)} {
    const SignalsBlocked blocked;
    core_->thread = std::thread{[core = core_] { core->run(); }};
}

WorkerThread::~WorkerThread() { stop(OnStop::Drop); }

bool WorkerThread::submit(Task task) {
    assert(task);
    const std::scoped_lock lock{core_->mutex};
    if (core_->stopping) return false;
    if (core_->queue.size() >= core_->options.queue_max) {
        core_->refused.add();
        return false;
    }
    core_->queue.push_back(std::move(task));
    core_->depth.set(static_cast<double>(core_->queue.size()));
    core_->wake.notify_one();
    return true;
}

void WorkerThread::stop(OnStop how) {
    assert(core_->thread.get_id() != std::this_thread::get_id());
    core_->close(how);
    if (core_->thread.joinable()) core_->thread.join();
}

bool WorkerThread::stop_within(milliseconds patience) {
    assert(core_->thread.get_id() != std::this_thread::get_id());
    core_->close(OnStop::Drop);
    std::unique_lock lock{core_->mutex};
    const bool ended = core_->over.wait_for(lock, patience, [this] { return core_->ended; });
    lock.unlock();
    if (!core_->thread.joinable()) return ended;
    if (ended) core_->thread.join();
    if (!ended) core_->thread.detach();
    return ended;
}

std::size_t WorkerThread::queued() const {
    const std::scoped_lock lock{core_->mutex};
    return core_->queue.size();
}

}  // namespace aisle::runtime
