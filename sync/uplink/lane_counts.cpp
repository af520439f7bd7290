#include "sync/uplink/lane_counts.hpp"

namespace aisle::uplink {

LaneCounts LaneCounts::in(runtime::Metrics& metrics, Stream stream) {
    const runtime::Labels labels{{"stream", std::string{to_text(stream)}}};
    const auto counter = [&](const char* name, const char* help) -> runtime::Counter& {
        return metrics.counter(name, help, labels);
    };
    return {
        metrics.gauge("aisle_uplink_rows", "Records that HQ has not acknowledged", labels),
        metrics.gauge("aisle_uplink_oldest_age_seconds", "Age of the oldest of them", labels),
        counter("aisle_uplink_batches_total", "Batches sent"),
        counter("aisle_uplink_bytes_total", "Bytes of batches sent"),
        counter("aisle_uplink_repeats_total", "Times that sending started again from HQ's mark"),
        counter("aisle_uplink_acks_total", "Acknowledgements that moved the mark"),
        counter("aisle_uplink_nacks_total", "Refusals by HQ because records were missing"),
        counter("aisle_uplink_stale_acks_total", "Acknowledgements below an earlier one"),
        counter("aisle_uplink_refused_total", "Batches that the broker refused"),
        counter("aisle_uplink_dead_letters_total", "Records that could not travel"),
        counter("aisle_uplink_acked_before_total", "ALARM: HQ lost what it had acknowledged"),
        counter("aisle_uplink_forks_total", "ALARM: HQ holds other records under our numbers"),
    };
}

}  // namespace aisle::uplink
