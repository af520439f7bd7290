#pragma once

#include <optional>

#include "agent/app/desk.hpp"
#include "agent/app/storage.hpp"
#include "agent/records/floor_records.hpp"

namespace aisle::app {

// What happens because time passes: engines' ticks each second, a health record each minute,
// pruning each quarter of an hour. Loop thread only.
class Heartbeat {
public:
    struct Parts {
        runtime::Executor& loop;
        runtime::Metrics& metrics;
        Pipeline& pipeline;
        Floor& floor;
        Readings& readings;
        Desk& desk;
        Storage& storage;
        std::function<double()> resident_bytes;  // the process's memory
        store::RetentionSettings retention;
        std::function<void()> each_second = {};
        store::OutboxQuota quota = {};
        std::function<Result<std::int64_t>()> disk_free = {};  // on the reader thread
        // What a health record says beside the sizes: HQ's guard over a roll-out lives on it.
        std::function<records::HealthNumbers()> more_health = {};
    };
    explicit Heartbeat(Parts parts);

    void start();
    void stop();
    void set_retention(store::RetentionSettings retention);
    // Holds from the next look on; hold_to_quota() looks at once.
    void set_quota(store::OutboxQuota quota) { parts_.quota = quota; }
    void prune();
    // What waits for HQ is degraded by class until it is within its quota.
    void hold_to_quota();
    // Records that quotas have turned into gaps or roll-ups since the start.
    [[nodiscard]] std::int64_t dropped() const { return dropped_; }
    // Nothing before the first look.
    [[nodiscard]] std::optional<std::int64_t> disk_free_bytes() const { return disk_free_bytes_; }
    [[nodiscard]] const store::StoreSizes& sizes() const { return sizes_; }

private:
    void tick();
    void record_health();
    void look_at_sizes();
    void tend();
    void look_at_disk();

    Parts parts_;
    runtime::TimerHandle ticking_;
    runtime::TimerHandle health_;
    runtime::TimerHandle pruning_;
    runtime::TimerHandle sizing_;
    runtime::TimerHandle tending_;
    std::int64_t dropped_ = 0;
    std::optional<std::int64_t> disk_free_bytes_;
    bool tick_waits_ = false;  // one at a time: a stalled disk must not gather ticks
    store::StoreSizes sizes_;
    runtime::Gauge& database_bytes_;
    runtime::Gauge& quarantine_rows_;
    runtime::Gauge& resident_bytes_;
    runtime::Gauge& outbox_bytes_;
    runtime::Gauge& disk_free_gauge_;
    runtime::Counter& dropped_total_;
    runtime::Counter& rolled_up_total_;
};

store::RetentionSettings retention_of(const config::RetentionConfig& config);

}  // namespace aisle::app
