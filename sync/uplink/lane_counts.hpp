#pragma once

#include "agent/core/record.hpp"
#include "agent/runtime/metrics.hpp"

// A stream's metrics. Private to uplink. They outlive the lane, because the registry owns them.
namespace aisle::uplink {

struct LaneCounts {
    runtime::Gauge& rows;  // in the outbox, not acknowledged by HQ; the broker's word is no matter
    runtime::Gauge& oldest_age;  // seconds, by the wall clock of the record
    runtime::Counter& batches;
    runtime::Counter& bytes;
    runtime::Counter& repeats;  // sending began again from HQ's mark
    runtime::Counter& acks;
    runtime::Counter& nacks;
    runtime::Counter& stale_acks;
    runtime::Counter& refused;
    runtime::Counter& dead_letters;  // one record that no packet of the broker can hold
    // Alarms, for people: HQ went back behind its own acknowledgement, or holds another's records.
    runtime::Counter& acked_before;
    runtime::Counter& forks;

    static LaneCounts in(runtime::Metrics& metrics, Stream stream);
};

}  // namespace aisle::uplink
