#include "agent/app/heartbeat.hpp"

#include <string>

#include "agent/records/floor_records.hpp"
#include "agent/runtime/log.hpp"

namespace aisle::app {
namespace {

constexpr seconds kTick{1};
constexpr seconds kSizes{10};
constexpr seconds kHealth{60};
constexpr minutes kPruning{15};

}  // namespace

store::RetentionSettings retention_of(const config::RetentionConfig& config) {
    using store::days;
    return {.classes = {{"ledger",
                         {"sale", "redemption", "budget", "consent", "erasure", "audit", "clock"},
                         days{config.ledger_days}},
                        {"offers",
                         {"offer", "withheld", "exposure", "outcome", "transition", "experiment"},
                         days{config.offers_days}},
                        {"footfall", {"footfall_minute", "zone_visit"}, days{config.footfall_days}},
                        {"health", {"health"}, days{config.health_days}},
                        {"local",
                         {"crossing", "count", "blindness", "member", "product", "tag", "fact"},
                         days{config.local_days}}},
            .keep_others = days{config.ledger_days},
            .keep_quarantine = days{config.quarantine_days}};
}

Heartbeat::Heartbeat(Parts parts)
    : parts_{std::move(parts)},
      database_bytes_{parts_.metrics.gauge("aisle_database_bytes", "Size of the database file")},
      quarantine_rows_{parts_.metrics.gauge("aisle_quarantine_rows", "Readings put aside")},
      resident_bytes_{parts_.metrics.gauge("aisle_resident_bytes", "Resident memory")} {}

void Heartbeat::start() {
    tick();  // what fell due while nobody ran
    look_at_sizes();
    ticking_ = runtime::every(parts_.loop, kTick, [this] { tick(); });
    sizing_ = runtime::every(parts_.loop, kSizes, [this] { look_at_sizes(); });
    health_ = runtime::every(parts_.loop, kHealth, [this] { record_health(); });
    pruning_ = runtime::every(parts_.loop, kPruning, [this] { prune(); });
}

void Heartbeat::stop() {
    ticking_.cancel();
    sizing_.cancel();
    health_.cancel();
    pruning_.cancel();
}

void Heartbeat::tick() {
    if (tick_waits_) return;
    tick_waits_ = true;
    parts_.readings.tick();
    parts_.pipeline.submit_inner({.apply =
                                      [this](Turn& turn, std::span<const Found>) {
                                          tick_waits_ = false;
                                          parts_.floor.tick(turn);
                                      },
                                  .records_max = 64});
}

void Heartbeat::look_at_sizes() {
    resident_bytes_.set(parts_.resident_bytes());
    parts_.storage.sizes([this](const Result<store::StoreSizes>& sizes) {
        if (!sizes) return;
        sizes_ = *sizes;
        database_bytes_.set(static_cast<double>(sizes_.database_bytes));
        quarantine_rows_.set(static_cast<double>(sizes_.quarantine_rows));
    });
}

void Heartbeat::record_health() {
    const staff::ShopStatus status = parts_.desk.status();
    const records::HealthNumbers numbers{
        {"aisle_outbox_rows", static_cast<double>(status.outbox_rows)},
        {"aisle_quarantine_rows", static_cast<double>(sizes_.quarantine_rows)},
        {"aisle_journal_rows", static_cast<double>(sizes_.journal_rows)},
        {"aisle_database_bytes", static_cast<double>(sizes_.database_bytes)},
        {"aisle_resident_bytes", parts_.resident_bytes()}};
    parts_.pipeline.submit_inner({.apply = [numbers](Turn& turn, std::span<const Found>) {
        turn.add(records::health_record(numbers, turn.now));
    }});
}

void Heartbeat::prune() {
    parts_.storage.prune(parts_.loop.clock().now(), parts_.retention,
                         [this](const Result<store::Pruned>& pruned) {
                             if (!pruned)
                                 return log::warn("prune_failed", {{"why", pruned.error().detail}});
                             if (pruned->more) prune();
                         });
}

}  // namespace aisle::app
