#include "agent/runtime/worker_thread.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <future>
#include <thread>
#include <vector>

namespace aisle::runtime {
namespace {

// Holds a worker inside a task until it is let go.
struct Gate {
    Task task() {
        return [this] {
            entered.set_value();
            go.get_future().wait();
        };
    }
    std::promise<void> entered;
    std::promise<void> go;
};

struct Held {
    explicit Held(std::size_t queue_max)
        : worker{{.name = "held", .queue_max = queue_max}, *metrics} {
        EXPECT_TRUE(worker.submit(gate.task()));
        gate.entered.get_future().wait();
    }
    [[nodiscard]] double depth() const {
        return metrics->gauge("aisle_worker_queue_tasks", "", {{"worker", "held"}}).value();
    }
    std::unique_ptr<Metrics> metrics = make_metrics();
    Gate gate;
    WorkerThread worker;
};

TEST(WorkerThread, RunsTasksInTheirOrder) {
    const auto metrics = make_metrics();
    WorkerThread worker{{.name = "order"}, *metrics};
    std::vector<int> ran;
    for (int i = 0; i < 100; ++i) ASSERT_TRUE(worker.submit([&ran, i] { ran.push_back(i); }));
    worker.stop(WorkerThread::OnStop::Drain);
    ASSERT_EQ(ran.size(), 100U);
    EXPECT_TRUE(std::ranges::is_sorted(ran));
}

TEST(WorkerThread, RefusesWhenItsQueueIsFullAndCounts) {
    Held held{2};
    EXPECT_TRUE(held.worker.submit([] {}));
    EXPECT_TRUE(held.worker.submit([] {}));
    EXPECT_FALSE(held.worker.submit([] {}));
    EXPECT_EQ(held.worker.queued(), 2U);
    EXPECT_EQ(held.metrics->counter("aisle_worker_refused_total", "", {{"worker", "held"}}).value(),
              1);
    held.gate.go.set_value();
}

TEST(WorkerThread, DrainsWhatWaitsWhenToldTo) {
    Held held{8};
    int ran = 0;
    for (int i = 0; i < 5; ++i) ASSERT_TRUE(held.worker.submit([&] { ++ran; }));
    held.gate.go.set_value();
    held.worker.stop(WorkerThread::OnStop::Drain);
    EXPECT_EQ(ran, 5);
}

TEST(WorkerThread, DropsWhatWaitsWhenToldTo) {
    const auto metrics = make_metrics();
    Held held{8};
    bool ran = false;
    const auto witness = std::make_shared<int>(0);
    ASSERT_TRUE(held.worker.submit([&ran, witness] { ran = true; }));
    WorkerThread stopper{{.name = "stopper"}, *metrics};
    ASSERT_TRUE(stopper.submit([&] { held.worker.stop(WorkerThread::OnStop::Drop); }));
    while (held.worker.queued() > 0) sched_yield();
    held.gate.go.set_value();
    stopper.stop(WorkerThread::OnStop::Drain);
    EXPECT_FALSE(ran);
    EXPECT_EQ(witness.use_count(), 1);
}

TEST(WorkerThread, TakesNothingAfterItsStop) {
    const auto metrics = make_metrics();
    WorkerThread worker{{.name = "stopped"}, *metrics};
    worker.stop(WorkerThread::OnStop::Drain);
    EXPECT_FALSE(worker.submit([] {}));
    worker.stop(WorkerThread::OnStop::Drop);
}

TEST(WorkerThread, HasItsNameAndItsPriority) {
    const auto metrics = make_metrics();
    std::string name(16, '\0');
    int nice = 0;
    WorkerThread worker{{.name = "a-very-long-worker-name", .low_priority = true}, *metrics};
    ASSERT_TRUE(worker.submit([&] {
        pthread_getname_np(pthread_self(), name.data(), name.size());
        nice = getpriority(PRIO_PROCESS, static_cast<id_t>(gettid()));
    }));
    worker.stop(WorkerThread::OnStop::Drain);
    EXPECT_STREQ(name.c_str(), "a-very-long-wor");
    EXPECT_GE(nice, 10);
}

TEST(WorkerThread, LeavesSignalsToTheLoopThread) {
    const auto metrics = make_metrics();
    int blocked = 0;
    WorkerThread worker{{.name = "quiet"}, *metrics};
    ASSERT_TRUE(worker.submit([&] {
        sigset_t mask;
        pthread_sigmask(SIG_BLOCK, nullptr, &mask);
        blocked = sigismember(&mask, SIGTERM) + sigismember(&mask, SIGHUP);
    }));
    worker.stop(WorkerThread::OnStop::Drain);
    EXPECT_EQ(blocked, 2);
}

TEST(WorkerThread, RunsNothingOnTheThreadThatSubmits) {
    const auto metrics = make_metrics();
    std::thread::id ran_on;
    WorkerThread worker{{.name = "other"}, *metrics};
    ASSERT_TRUE(worker.submit([&] { ran_on = std::this_thread::get_id(); }));
    worker.stop(WorkerThread::OnStop::Drain);
    EXPECT_NE(ran_on, std::thread::id{});
    EXPECT_NE(ran_on, std::this_thread::get_id());
}

TEST(WorkerThread, LetsATaskSubmitTheNext) {
    const auto metrics = make_metrics();
    std::promise<int> told;
    WorkerThread worker{{.name = "chain"}, *metrics};
    ASSERT_TRUE(worker.submit([&] { EXPECT_TRUE(worker.submit([&] { told.set_value(2); })); }));
    EXPECT_EQ(told.get_future().get(), 2);
}

TEST(WorkerThread, DoesNotCountTheTaskThatRunsAsOneThatWaits) {
    Held held{1};
    EXPECT_EQ(held.worker.queued(), 0U);
    EXPECT_TRUE(held.worker.submit([] {}));
    EXPECT_EQ(held.depth(), 1);
    held.gate.go.set_value();
}

TEST(WorkerThread, ShowsAnEmptyQueueWhenAllHaveRun) {
    Held held{4};
    for (int i = 0; i < 3; ++i) ASSERT_TRUE(held.worker.submit([] {}));
    EXPECT_EQ(held.depth(), 3);
    held.gate.go.set_value();
    held.worker.stop(WorkerThread::OnStop::Drain);
    EXPECT_EQ(held.depth(), 0);
}

TEST(WorkerThread, CountsNoRefusalAfterItsStop) {
    const auto metrics = make_metrics();
    WorkerThread worker{{.name = "held"}, *metrics};
    worker.stop(WorkerThread::OnStop::Drop);
    EXPECT_FALSE(worker.submit([] {}));
    EXPECT_EQ(metrics->counter("aisle_worker_refused_total", "", {{"worker", "held"}}).value(), 0);
}

TEST(WorkerThread, LetsGoOfATaskBeforeTheNextRuns) {
    const auto metrics = make_metrics();
    const auto witness = std::make_shared<int>(0);
    long held_by = 0;
    WorkerThread worker{{.name = "lean"}, *metrics};
    ASSERT_TRUE(worker.submit([witness] {}));
    ASSERT_TRUE(worker.submit([&] { held_by = witness.use_count(); }));
    worker.stop(WorkerThread::OnStop::Drain);
    EXPECT_EQ(held_by, 1);
}

TEST(WorkerThreadStopWithin, JoinsAThreadThatIsIdle) {
    const auto metrics = make_metrics();
    WorkerThread worker{{.name = "idle"}, *metrics};
    EXPECT_TRUE(worker.stop_within(seconds{60}));
    EXPECT_FALSE(worker.submit([] {}));
}

TEST(WorkerThreadStopWithin, SaysTheSameTwice) {
    const auto metrics = make_metrics();
    WorkerThread worker{{.name = "idle"}, *metrics};
    EXPECT_TRUE(worker.stop_within(seconds{60}));
    EXPECT_TRUE(worker.stop_within(milliseconds{0}));
    worker.stop(WorkerThread::OnStop::Drain);
}

TEST(WorkerThreadStopWithin, DropsWhatWaitsBehindATaskThatHangs) {
    Held held{4};
    const auto witness = std::make_shared<int>(0);
    ASSERT_TRUE(held.worker.submit([witness] { ++*witness; }));
    EXPECT_FALSE(held.worker.stop_within(milliseconds{0}));
    EXPECT_EQ(witness.use_count(), 1);
    held.gate.go.set_value();
    while (!held.worker.stop_within(seconds{1})) continue;
    EXPECT_EQ(*witness, 0);
}

// What a task that hangs owns for itself.
struct Stranded {
    std::promise<void> entered;
    std::promise<void> go;
    std::promise<void> over;
};

TEST(WorkerThreadStopWithin, LeavesATaskBehindThatOutlivesWorkerAndMetrics) {
    const auto own = std::make_shared<Stranded>();
    {
        const auto metrics = make_metrics();
        WorkerThread worker{{.name = "stranded"}, *metrics};
        ASSERT_TRUE(worker.submit([own] {
            own->entered.set_value();
            own->go.get_future().wait();
            own->over.set_value();
        }));
        own->entered.get_future().wait();
        EXPECT_FALSE(worker.stop_within(milliseconds{1}));
    }
    own->go.set_value();
    own->over.get_future().wait();
}

}  // namespace
}  // namespace aisle::runtime
