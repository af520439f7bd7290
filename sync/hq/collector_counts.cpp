#include "sync/hq/collector_counts.hpp"

namespace aisle::hq {

CollectorCounts CollectorCounts::in(runtime::Metrics& metrics) {
    return {metrics,
            metrics.counter("aisle_hq_batches_total", "Batches that arrived"),
            metrics.counter("aisle_hq_rows_total", "Records committed"),
            metrics.counter("aisle_hq_again_total",
                            "Records received again under another epoch, not shown twice"),
            metrics.counter("aisle_hq_repeated_total", "Batches that brought nothing new"),
            metrics.counter("aisle_hq_refused_total", "Batches answered with NACK or fork"),
            metrics.counter("aisle_hq_forks_total", "ALARM: batches that contradict the store"),
            metrics.counter("aisle_hq_quarantined_total", "Batches that could not be read"),
            metrics.counter("aisle_hq_dropped_total", "Batches dropped because the queue was full"),
            metrics.counter("aisle_hq_damaged_total", "Births that were damaged on the way"),
            metrics.counter("aisle_hq_commits_total", "Transactions"),
            metrics.counter("aisle_hq_commit_failures_total", "Transactions that failed"),
            metrics.gauge("aisle_hq_queue_batches", "Batches that wait for the storage thread")};
}

void CollectorCounts::applied(const Applied& applied) {
    commits.add();
    rows.add(static_cast<double>(applied.rows));
    again.add(static_cast<double>(applied.again));
    repeated.add(static_cast<double>(applied.repeated));
    refused.add(static_cast<double>(applied.refused));
    forks.add(static_cast<double>(applied.forks));
    quarantined.add(static_cast<double>(applied.quarantined));
}

void CollectorCounts::alarm(const std::string& kind) {
    metrics.counter("aisle_hq_alarms_total", "ALARM: what people must look at", {{"kind", kind}})
        .add();
}

}  // namespace aisle::hq
