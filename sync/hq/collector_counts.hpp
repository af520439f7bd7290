#pragma once

#include "agent/runtime/metrics.hpp"
#include "sync/hq/event_store.hpp"

// The collector's metrics. Private to hq.
namespace aisle::hq {

struct CollectorCounts {
    runtime::Metrics& metrics;
    runtime::Counter& batches;
    runtime::Counter& rows;
    runtime::Counter& again;
    runtime::Counter& repeated;
    runtime::Counter& refused;
    runtime::Counter& forks;
    runtime::Counter& quarantined;
    runtime::Counter& dropped;
    runtime::Counter& damaged;
    runtime::Counter& commits;
    runtime::Counter& failures;
    runtime::Gauge& queue;

    static CollectorCounts in(runtime::Metrics& metrics);
    void applied(const Applied& applied);
    void alarm(const std::string& kind);
};

}  // namespace aisle::hq
