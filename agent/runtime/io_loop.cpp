#include "agent/runtime/io_loop.hpp"

#include <atomic>
#include <chrono>
#include <utility>

#include "agent/runtime/io_context_access.hpp"
#include "agent/runtime/log.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

namespace aisle::runtime {

namespace asio = boost::asio;

namespace {

constexpr milliseconds kLagPeriod{1'000};
constexpr int kConcurrencyHint = 1;  // one thread runs it; post() from others stays safe

struct Timer {
    asio::steady_timer timer;
    Task task;
};

}  // namespace

struct IoLoop::Core {
    Core(const Clock& with_clock, Metrics& metrics)
        : clock{with_clock},
          lag{metrics.gauge("aisle_loop_lag_seconds", "How late the last tick of the loop came")},
          queued{metrics.gauge("aisle_loop_queue_tasks", "Tasks posted to the loop, not yet run")},
          lag_timer{io} {}

    void tick() {
        const auto due = std::chrono::steady_clock::now() + kLagPeriod;
        lag_timer.expires_at(due);
        lag_timer.async_wait([this, due](boost::system::error_code error) {
            if (error) return;
            const std::chrono::duration<double> late = std::chrono::steady_clock::now() - due;
            lag.set(late.count());
            queued.set(static_cast<double>(waiting.load(std::memory_order_relaxed)));
            log::sum_up_repeated();
            tick();
        });
    }

    const Clock& clock;
    Gauge& lag;
    Gauge& queued;
    std::atomic<std::int64_t> waiting = 0;
    asio::io_context io{kConcurrencyHint};
    asio::executor_work_guard<asio::io_context::executor_type> stay = asio::make_work_guard(io);
    asio::steady_timer lag_timer;
};

IoLoop::IoLoop(const Clock& clock, Metrics& metrics)
    : core_{std::make_unique<Core>(clock, metrics)} {
    core_->tick();
}

IoLoop::~IoLoop() = default;

void IoLoop::run() {
    core_->io.run();
    core_->io.restart();
}

void IoLoop::stop() { core_->io.stop(); }

std::size_t IoLoop::run_ready() {
    core_->io.restart();
    return core_->io.poll();
}

void IoLoop::post(Task task) {
    core_->waiting.fetch_add(1, std::memory_order_relaxed);
    asio::post(core_->io, [core = core_.get(), work = std::move(task)] {
        core->waiting.fetch_sub(1, std::memory_order_relaxed);
        work();
    });
}

TimerHandle IoLoop::after(milliseconds wait, Task task) {
    auto timer = std::make_shared<Timer>(Timer{asio::steady_timer{core_->io}, std::move(task)});
    timer->timer.expires_after(wait);
    timer->timer.async_wait([weak = std::weak_ptr{timer}](boost::system::error_code error) {
        // The handle may have gone between the expiry and now: then nobody wants the task any more.
        const auto still = weak.lock();
        if (still && !error) still->task();
    });
    return TimerHandle{std::move(timer)};
}

const Clock& IoLoop::clock() const { return core_->clock; }

void* IoLoop::native() { return &core_->io; }

}  // namespace aisle::runtime
