#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>

#include "agent/core/transport.hpp"
#include "agent/runtime/executor.hpp"
#include "agent/runtime/metrics.hpp"
#include "sync/hq/event_store.hpp"
#include "sync/hq/presence.hpp"

namespace aisle::hq {

// Runs a task on the storage thread; false when that has no room. Inline under test.
using StorageRunner = std::function<bool(runtime::Task)>;

// Batches that wait for the storage thread. Beyond, the newest is dropped and counted: its store
// sends it again.
inline constexpr std::size_t kQueueBatchesMax = 1'024;

struct CollectorSettings {
    // What HQ takes from all stores together while it is behind; an ack's credit is a store's share
    // of it. 0: never any limit. While nothing waits there is none either.
    std::int64_t credit_bytes_s = 64 * 1024 * 1024;
    milliseconds presence_every{5'000};  // changed presence is stored so often
};

// From the broker into the store and back: batches go to the storage thread as many at a time as
// have gathered, and what it has committed is acknowledged, once a stream. On the loop; all
// references outlive it and every task that it gave to `storage`.
//
// Metrics: aisle_hq_batches_total, aisle_hq_rows_total, aisle_hq_again_total,
// aisle_hq_repeated_total, aisle_hq_refused_total, aisle_hq_forks_total (an alarm),
// aisle_hq_quarantined_total, aisle_hq_alarms_total{kind}, aisle_hq_dropped_total,
// aisle_hq_damaged_total, aisle_hq_commits_total, aisle_hq_commit_failures_total,
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

    explicit Collector(Parts parts, CollectorSettings settings = {});
    ~Collector();
    Collector(const Collector&) = delete;
    Collector& operator=(const Collector&) = delete;

    // Before start(); every handler is called on the loop.
    //
    // A birth, a death or a sign of life that changed what is known of a store.
    void on_presence(std::function<void(const std::string& store, const Presence&)> handler);
    // A commit put something into the list of notices.
    void on_notice(std::function<void()> handler);

    // The partitions whose stores are served; may change while running. What comes from others is
    // passed over. All of them unless it is called before start(). A partition that is given up is
    // forgotten: its batches that wait are dropped, its stores leave presence().
    void serve(std::span<const unsigned> partitions);

    // Reads presence back from the store, takes the transport over and starts it.
    void start();
    void stop(std::function<void()> done);
    // As Transport::publish.
    Status publish(Message message, std::function<void(Status)> answer);
    [[nodiscard]] bool connected() const;
    [[nodiscard]] const std::map<std::string, Presence>& presence() const;

private:
    struct Core;
    std::unique_ptr<Core> core_;
};

}  // namespace aisle::hq
