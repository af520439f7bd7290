#include "agent/app/heartbeat.hpp"

#include <string>

#include "agent/runtime/log.hpp"

namespace aisle::app {
namespace {

constexpr seconds kTick{1};
constexpr seconds kSizes{10};
constexpr seconds kHealth{60};
constexpr seconds kTending{60};
constexpr minutes kPruning{15};

}  // namespace

store::RetentionSettings retention_of(const config::RetentionConfig& config) {
    using store::days;
    return {.classes = {{"ledger",
                         {"sale", "redemption", "redemption_return", "points", "budget", "consent",
                          "erasure", "audit", "clock", "abuse_flag"},
                         days{config.ledger_days}},
                        {"offers",
                         {"offer", "withheld", "exposure", "outcome", "transition", "experiment",
                          "experiment_sums"},
                         days{config.offers_days}},
                        {"footfall",
                         {"footfall_minute", "footfall_quarter", "zone_visit", "zone_quarter",
                          "floor_hour", "footfall_day", "line_accuracy"},
                         days{config.footfall_days}},
                        {"health", {"health"}, days{config.health_days}},
                        {"local",
                         {"crossing", "u_turn", "zone_stay", "scene_minute", "count", "blindness",
                          "member", "product", "tag", "fact"},
                         days{config.local_days}}},
            .keep_others = days{config.ledger_days},
            .keep_quarantine = days{config.quarantine_days}};
}

Heartbeat::Heartbeat(Parts parts)
    : parts_{std::move(parts)},
      database_bytes_{parts_.metrics.gauge("aisle_database_bytes", "Size of the database file")},
      quarantine_rows_{parts_.metrics.gauge("aisle_quarantine_rows", "Readings put aside")},
      resident_bytes_{parts_.metrics.gauge("aisle_resident_bytes", "Resident memory")},
      outbox_bytes_{parts_.metrics.gauge("aisle_outbox_bytes", "What waits for HQ")},
      disk_free_gauge_{parts_.metrics.gauge("aisle_disk_free_bytes", "Room beside the database")},
      dropped_total_{parts_.metrics.counter("aisle_outbox_dropped_total",
                                            "Records that the outbox's quota turned into gaps")},
      rolled_up_total_{parts_.metrics.counter("aisle_outbox_rolled_up_total",
                                              "Records that were summed up for want of room")} {}

// Sets of campaigns are kept as long as the decisions that name them.
void Heartbeat::set_retention(store::RetentionSettings retention) {
    for (const store::RetentionClass& one : retention.classes)
        if (one.name == "offers") parts_.floor.shelf().keep(one.keep);
    parts_.retention = std::move(retention);
}

void Heartbeat::start() {
    set_retention(parts_.retention);
    tick();  // what fell due while nobody ran
    look_at_sizes();
    look_at_disk();
    ticking_ = runtime::every(parts_.loop, kTick, [this] {
        if (parts_.each_second) parts_.each_second();
        tick();
    });
    sizing_ = runtime::every(parts_.loop, kSizes, [this] { look_at_sizes(); });
    health_ = runtime::every(parts_.loop, kHealth, [this] { record_health(); });
    pruning_ = runtime::every(parts_.loop, kPruning, [this] { prune(); });
    tending_ = runtime::every(parts_.loop, kTending, [this] { tend(); });
}

void Heartbeat::stop() {
    ticking_.cancel();
    sizing_.cancel();
    health_.cancel();
    pruning_.cancel();
    tending_.cancel();
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
    records::HealthNumbers numbers{
        {"aisle_outbox_rows", static_cast<double>(status.outbox_rows)},
        {"aisle_quarantine_rows", static_cast<double>(sizes_.quarantine_rows)},
        {"aisle_journal_rows", static_cast<double>(sizes_.journal_rows)},
        {"aisle_database_bytes", static_cast<double>(sizes_.database_bytes)},
        {"aisle_resident_bytes", parts_.resident_bytes()}};
    if (parts_.more_health) numbers.merge(parts_.more_health());
    parts_.pipeline.submit_inner({.apply = [numbers](Turn& turn, std::span<const Found>) {
        turn.add(records::health_record(numbers, turn.now));
    }});
}

void Heartbeat::tend() {
    parts_.storage.tend(parts_.loop.clock().now().wall, [](const Status& tended) {
        if (!tended) log::warn("tend_failed", {{"why", tended.error().detail}});
    });
    hold_to_quota();
    look_at_disk();
}

void Heartbeat::look_at_disk() {
    if (!parts_.disk_free) return;
    parts_.storage.ask(parts_.disk_free, [this](const Result<std::int64_t>& bytes) {
        if (!bytes) return;
        disk_free_bytes_ = *bytes;
        disk_free_gauge_.set(static_cast<double>(*bytes));
    });
}

// Step by step, so that the storage thread is free for sales in between.
void Heartbeat::hold_to_quota() {
    parts_.storage.enforce_quota(
        parts_.quota, parts_.loop.clock().now(), [this](const Result<store::QuotaWork>& work) {
            if (!work) return log::warn("quota_failed", {{"why", work.error().detail}});
            outbox_bytes_.set(static_cast<double>(work->bytes));
            dropped_ += work->dropped;
            dropped_total_.add(static_cast<double>(work->dropped));
            rolled_up_total_.add(static_cast<double>(work->rolled_up));
            if (work->dropped > 0) log::warn("outbox_over_quota", {{"dropped", work->dropped}});
            if (work->more) hold_to_quota();
        });
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
