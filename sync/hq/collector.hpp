#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "agent/core/transport.hpp"
#include "agent/runtime/executor.hpp"
#include "agent/runtime/metrics.hpp"
#include "sync/hq/event_store.hpp"
#include "sync/wire/state.hpp"

namespace aisle::hq {

// Runs a task on the storage thread; false when that has no room. Inline under test.
using StorageRunner = std::function<bool(runtime::Task)>;

// Batches that wait for the storage thread. Beyond, the newest is dropped and counted: its store
// sends it again.
inline constexpr std::size_t kQueueBatchesMax = 1'024;

// What is known of a store beside its records.
struct Presence {
    bool alive = false;
    WallTime heard{};  // anything at all
    wire::StoreState birth;
};

// From the broker into the store and back: batches go to the storage thread as many at a time as
// have gathered, and what it has committed is acknowledged, once a stream. On the loop; all
// references outlive it and every task that it gave to `storage`.
//
// Metrics: aisle_hq_batches_total, aisle_hq_rows_total, aisle_hq_repeated_total,
// aisle_hq_refused_total, aisle_hq_forks_total (an alarm), aisle_hq_quarantined_total,
// aisle_hq_dropped_total, aisle_hq_commits_total, aisle_hq_commit_failures_total,
// aisle_hq_queue_batches.
class Collector {
public:
    struct Parts {
        Transport& transport;
        EventStore& store;
        runtime::Executor& loop;
        runtime::Metrics& metrics;
        StorageRunner storage;
    };

    explicit Collector(Parts parts);
    ~Collector();
    Collector(const Collector&) = delete;
    Collector& operator=(const Collector&) = delete;

    // Takes the transport over and starts it.
    void start();
    void stop(std::function<void()> done);
    [[nodiscard]] bool connected() const;
    [[nodiscard]] const std::map<std::string, Presence>& presence() const;

private:
    struct Core;
    std::unique_ptr<Core> core_;
};

}  // namespace aisle::hq
