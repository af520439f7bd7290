#pragma once

#include "agent/core/record.hpp"
#include "agent/runtime/metrics.hpp"

// A stream's metrics. Private to uplink.
namespace aisle::uplink {

struct LaneCounts {
    runtime::Gauge& rows;
    runtime::Gauge& oldest_age;
    runtime::Counter& batches;
    runtime::Counter& bytes;
    runtime::Counter& repeats;
    runtime::Counter& acks;
    runtime::Counter& nacks;
    runtime::Counter& stale_acks;
    runtime::Counter& refused;
    runtime::Counter& dead_letters;
    runtime::Counter& acked_before;
    runtime::Counter& forks;

    static LaneCounts in(runtime::Metrics& metrics, Stream stream);
};

}  // namespace aisle::uplink
