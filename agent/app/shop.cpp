#include "agent/app/shop.hpp"

#include "agent/app/campaigns.hpp"
#include "agent/app/downlink_settings.hpp"
#include "agent/app/restore.hpp"
#include "agent/records/ledger_records.hpp"
#include "agent/runtime/log.hpp"

namespace aisle::app {
namespace {

constexpr std::string_view kKeysToldRoom = "store_keys";

}  // namespace

Status Shop::prepare() {
    if (const Status restored = restore_readings(*opened_.reader, readings_); !restored)
        return restored;
    if (const Status restored = restore_floor(*opened_.reader, floor_); !restored) return restored;
    if (const Status opened = open_downlink(); !opened) return opened;
    const auto told = state_rows(*opened_.reader, kKeysToldRoom);
    if (!told) return told.error();
    for (const StateChange& row : *told) keys_told_ = row.bytes;
    const DriverPorts ports{.sink = readings_,
                            .loop = loop_,
                            .metrics = platform_.metrics,
                            .routes = platform_.http,
                            .router = router_,
                            .zone = *opened_.zone,
                            .enrolment = enrolment_,
                            .elsewhere = platform_.slow,
                            .store = *opened_.reader,
                            .hints = platform_.hints,
                            .cameras = &cameras_};
    auto drivers = make_drivers(platform_.drivers, opened_.config, ports);
    if (!drivers) return drivers.error();
    drivers_ = std::move(*drivers);
    hang_probes();
    tap_desk_.hang_into(platform_.http);
    scene_desk_.hang_into(platform_.http);
    customer_desk_.hang_into(platform_.http);
    return {};
}

void Shop::start() {
    started_ = clock_.now().wall;
    started_mono_ = clock_.now().mono;
    keep_course();
    tell_opening();
    tell_keys();
    staff_->reset(opened_.engines->offers->live());
    heartbeat_.start();
    store_care_.start(opened_.store->opening());
    downlink_->start();
    customer_desk_.resume();
    for (const auto& driver : drivers_) driver->start();
    if (shop_link_) router_.attach(*shop_link_), shop_link_->start();
    if (uplink_) uplink_->start();
    ready_ = true;
}

void Shop::stop(std::function<void()> done) {
    if (std::exchange(stopping_, true)) return;
    ready_ = false;
    for (const auto& driver : drivers_) driver->stop();
    heartbeat_.stop();
    store_care_.stop();
    downlink_->stop();
    pipeline_.when_idle([this, done = std::move(done)] {
        const auto end = [this, done] {
            if (!shop_link_) return done();
            shop_link_->stop(done);
        };
        if (!uplink_) return end();
        uplink_->stop(end);
    });
}

Result<bool> Shop::reload(const config::AgentConfig& config) {
    const auto campaigns = load_campaigns(config.offers.campaigns_dir, *opened_.zone);
    if (!campaigns) return campaigns.error();
    auto segments = load_segments(config.offers.campaigns_dir);
    if (!segments) return segments.error();
    downlink_->own_campaigns(*campaigns, std::move(*segments));
    heartbeat_.set_retention(retention_of(with_settings(config.retention, hq_settings_)));
    opened_.config.offers = config.offers;
    opened_.config.retention = config.retention;
    opened_.config.log_level = config.log_level;
    const bool whole = config == opened_.config;
    log::info("reloaded", {{"campaigns", (*campaigns)->all().size()},
                           {"restart_needed", whole ? "no" : "yes"}});
    return whole;
}

Pipeline::Parts Shop::pipeline_parts() {
    return {.journal = storage_,
            .loop = loop_,
            .metrics = platform_.metrics,
            .wake =
                [this](Stream stream, std::size_t rows) {
                    if (uplink_) uplink_->wake(stream, rows);
                },
            .make_room =
                [this] {
                    heartbeat_.prune();
                    heartbeat_.hold_to_quota();
                },
            .broken = platform_.broken};
}

uplink::UplinkParts Shop::uplink_parts() {
    return {.outbox = storage_,
            .transport = *hq_link_,
            .executor = loop_,
            .metrics = platform_.metrics,
            .pack = platform_.read,
            .health = [this] { return health(); },
            .random = platform_.random};
}

void Shop::listen_to_hq() {
    uplink_->on_hq_time([this](const uplink::HqTime& time) {
        if (const auto truth = clock_.hear_hq(time.hq_now, time.heard, time.error)) tell(*truth);
    });
    uplink_->on_epoch([this](const std::string& epoch, const std::string& why) {
        opened_.epoch = epoch;
        downlink_->epoch(epoch);
        log::warn("new_epoch", {{"epoch", epoch}, {"why", why}});
    });
}

void Shop::keep_course() {
    pipeline_.submit_inner({.apply = [this](Turn& turn, std::span<const Found>) {
        turn.batch.state.push_back(clock_.course());
    }});
}

// A start that found something else than it had left is a matter for HQ too.
void Shop::tell_opening() {
    const store::Opening& opening = opened_.store->opening();
    if (opening.why == "as_left" || opening.is_new) return;
    log::warn("store_opened", {{"why", opening.why},
                               {"rows_saved", opening.rows_saved},
                               {"rows_lost", opening.rows_lost},
                               {"salvaging", opening.salvaging ? "yes" : "no"},
                               {"set_aside", opening.set_aside}});
    pipeline_.submit_inner(
        {.apply = [this, told = store::to_json(opening)](Turn& turn, std::span<const Found>) {
            floor_.audit(turn, {.actor = "agent",
                                .action = "store.opened",
                                .subject = opened_.store->opening().why,
                                .detail = told});
        }});
}

// HQ reads which key is in use from the birth; the ledger keeps when it changed, for as long as it
// is kept itself.
void Shop::tell_keys() {
    const intake::IntakeSettings& intake = opened_.engines->intake.settings();
    std::string ids = intake.key.id;
    for (const auto& earlier : intake.earlier_keys) ids += ' ' + earlier.id;
    if (ids == keys_told_) return;
    pipeline_.submit_inner({.apply = [this, ids, active = intake.key.id](Turn& turn,
                                                                         std::span<const Found>) {
        if (!keys_told_.empty())
            floor_.audit(
                turn,
                {.actor = "agent", .action = "store_key.in_use", .subject = active, .detail = ids});
        turn.batch.state.push_back({std::string{kKeysToldRoom}, "ids", ids});
        keys_told_ = ids;
    }});
}

wire::Health Shop::health() const {
    const Stamp now = clock_.now();
    wire::Health health;
    health.dropped = heartbeat_.dropped();
    health.disk_free_bytes = heartbeat_.disk_free_bytes();
    health.clock = now.quality;
    health.boot = opened_.boot;
    health.member_key = opened_.engines->intake.settings().key.id;
    health.bundle = downlink_->bundle_version();
    auto& datasets = health.datasets.emplace();
    for (const uplink::HeldDataset& held : downlink_->datasets())
        datasets.push_back({std::string{wire::to_text(held.name)}, held.head.version});
    return health;
}

// The record mends all that was written before it in this boot, here and at HQ.
void Shop::tell(const ClockTruth& truth) {
    log::info("clock_known", {{"source", truth.source},
                              {"offset_ms", truth.offset.count()},
                              {"error_ms", truth.error.count()}});
    pipeline_.submit_inner({.apply = [this, truth](Turn& turn, std::span<const Found>) {
        turn.add(records::clock_record({.offset = truth.offset,
                                        .before = truth.before,
                                        .reason = truth.source,
                                        .at = turn.now,
                                        .error = truth.error}));
        turn.batch.state.push_back(clock_.course());
    }});
}

// Counters run since the start of the process, so a fall of the uptime tells that they began anew.
records::HealthNumbers Shop::health_numbers() const {
    const Pipeline::Counts counts = pipeline_.counts();
    const auto up = std::chrono::duration<double>(clock_.now().mono - started_mono_);
    return {{"aisle_uptime_seconds", up.count()},
            {"aisle_bundle_version", static_cast<double>(downlink_->bundle_version())},
            {"aisle_offers_total", counts.offers},
            {"aisle_withheld_total", counts.withheld},
            {"aisle_errors_total", counts.errors}};
}

void Shop::hang_probes() {
    const auto text = [](int status, std::string body) {
        return runtime::HttpResponse{
            .status = status, .type = "text/plain; charset=utf-8", .body = std::move(body)};
    };
    platform_.http.on("GET", "/livez",
                      [text](const auto&, const auto& reply) { reply(text(200, "ok\n")); });
    platform_.http.on("GET", "/readyz", [this, text](const auto&, const auto& reply) {
        reply(ready_ ? text(200, "ready\n") : text(503, "not ready\n"));
    });
    platform_.http.on("GET", "/metrics", [this](const auto&, const auto& reply) {
        reply(
            {.status = 200, .type = "text/plain; version=0.0.4", .body = platform_.metrics.text()});
    });
}

void Shop::fill_status(staff::ShopStatus& status) const {
    downlink_->fill_status(status);
    status.ready = ready_;
    status.started = started_;
    status.quarantined = heartbeat_.sizes().quarantine_rows;
    status.journal_rows = heartbeat_.sizes().journal_rows;
    if (!uplink_) {
        status.uplink_detail = "not configured: everything is kept here";
        return;
    }
    const uplink::UplinkStatus up = uplink_->status();
    status.uplink_connected = up.connected;
    status.uplink_detail = up.reason;
    if (up.heard != WallTime{}) status.uplink_last_ack = up.heard;
    for (const auto& stream : up.streams) status.outbox_rows += stream.rows;
}

}  // namespace aisle::app
