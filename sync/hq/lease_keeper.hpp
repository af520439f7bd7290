#pragma once

#include <functional>
#include <memory>

#include "agent/runtime/executor.hpp"
#include "agent/runtime/metrics.hpp"
#include "sync/hq/lease.hpp"

namespace aisle::hq {

// Renews a collector's leases and tells what it may serve. On the loop; the table is called on the
// storage thread. All references outlive it and every task that it gave to `storage`.
//
// Metrics: aisle_hq_partitions, aisle_hq_lease_failures_total, aisle_hq_lease_changes_total.
class LeaseKeeper {
public:
    struct Parts {
        LeaseTable& table;
        runtime::Executor& loop;
        runtime::Metrics& metrics;
        std::function<bool(runtime::Task)> storage;  // as the collector's
        // After each change, at first with what was got; empty when the database has not answered
        // for as long as a lease lives.
        std::function<void(const HeldLeases&)> changed;
    };

    LeaseKeeper(Parts parts, const LeaseSettings& settings);
    ~LeaseKeeper();
    LeaseKeeper(const LeaseKeeper&) = delete;
    LeaseKeeper& operator=(const LeaseKeeper&) = delete;

    void start();
    // Gives the leases back. `done` comes at the latest after a second.
    void stop(std::function<void()> done);
    [[nodiscard]] const HeldLeases& held() const;

private:
    struct Core;
    std::unique_ptr<Core> core_;
};

}  // namespace aisle::hq
