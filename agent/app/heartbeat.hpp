#pragma once

#include "agent/app/desk.hpp"
#include "agent/app/storage.hpp"

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
    };
    explicit Heartbeat(Parts parts);

    void start();
    void stop();
    void set_retention(store::RetentionSettings retention) {
        parts_.retention = std::move(retention);
    }
    void prune();
    [[nodiscard]] const store::StoreSizes& sizes() const { return sizes_; }

private:
    void tick();
    void record_health();
    void look_at_sizes();

    Parts parts_;
    runtime::TimerHandle ticking_;
    runtime::TimerHandle health_;
    runtime::TimerHandle pruning_;
    runtime::TimerHandle sizing_;
    bool tick_waits_ = false;  // one at a time: a stalled disk must not gather ticks
    store::StoreSizes sizes_;
    runtime::Gauge& database_bytes_;
    runtime::Gauge& quarantine_rows_;
    runtime::Gauge& resident_bytes_;
};

store::RetentionSettings retention_of(const config::RetentionConfig& config);

}  // namespace aisle::app
