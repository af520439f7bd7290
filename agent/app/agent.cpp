#include "agent/app/agent.hpp"

#include <algorithm>

#include "agent/app/campaigns.hpp"
#include "agent/runtime/log.hpp"
#include "agent/runtime/signals.hpp"

namespace aisle::app {
namespace {

constexpr milliseconds kStopMax{1900};  // a clean stop takes at most two seconds

log::Level level_of(const std::string& name) {
    if (name == "debug") return log::Level::Debug;
    if (name == "warn") return log::Level::Warn;
    return name == "error" ? log::Level::Error : log::Level::Info;
}

}  // namespace

Pipeline::Parts Agent::pipeline_parts() {
    return {.journal = storage_,
            .loop = loop_,
            .metrics = *metrics_,
            .wake =
                [this](Stream stream, std::size_t rows) {
                    if (uplink_) uplink_->wake(stream, rows);
                },
            .make_room = [this] { heartbeat_.prune(); },
            .broken =
                [this](const Error& error) {
                    log::error("store_broken", {{"why", error.detail}});
                    exit_ = Exit::Again;
                    loop_.stop();
                }};
}

Exit Agent::run() {
    log::set_level(level_of(opened_.config.log_level));
    started_ = clock_.now().wall;
    if (const Status begun = begin(); !begun) {
        log::error("start_failed", {{"why", begun.error().detail}});
        return begun.error().fault == Fault::Unavailable ? Exit::Unavailable : Exit::Config;
    }
    const runtime::Signals signals{loop_,
                                   {.stop = [this] { stop(); }, .reload = [this] { reload(); }}};
    staff_->reset(opened_.engines->offers->live());
    heartbeat_.start();
    for (const auto& driver : drivers_) driver->start();
    if (shop_link_) router_.attach(*shop_link_), shop_link_->start();
    if (uplink_) uplink_->start();
    ready_ = true;
    log::info("ready", {{"version", AISLE_VERSION},
                        {"store", opened_.config.store.id},
                        {"port", http_->port()},
                        {"epoch", opened_.epoch}});
    notify_.ready("gathering");
    loop_.run();
    http_->stop();
    slow_thread_.stop(runtime::WorkerThread::OnStop::Drop);
    storage_thread_.stop(runtime::WorkerThread::OnStop::Drain);
    reader_thread_.stop(runtime::WorkerThread::OnStop::Drop);
    log::info("stopped", {{"exit", static_cast<int>(exit_)}});
    return exit_;
}

// Sources first, then what they have handed over, then what HQ should still hear.
void Agent::stop() {
    if (std::exchange(stopping_, true)) return;
    ready_ = false;
    notify_.stopping();
    stop_deadline_ = loop_.after(kStopMax, [this] { loop_.stop(); });
    for (const auto& driver : drivers_) driver->stop();
    heartbeat_.stop();
    pipeline_.when_idle([this] {
        const auto end = [this] {
            if (!shop_link_) return loop_.stop();
            shop_link_->stop([this] { loop_.stop(); });
        };
        if (!uplink_) return end();
        uplink_->stop(end);
    });
}

// Campaigns, retention and the log's level are swapped; anything else needs a restart and is said
// so.
void Agent::reload() {
    notify_.reloading();
    const auto config = config::load_agent_config(opened_.config_path);
    const auto campaigns = config
                               ? load_campaigns(config->offers.campaigns_dir, *opened_.zone)
                               : Result<std::shared_ptr<const offers::CampaignSet>>{config.error()};
    if (!campaigns) {
        log::error("reload_refused", {{"why", campaigns.error().detail}});
        return notify_.ready("running on the old settings: the new ones are faulty");
    }
    opened_.engines->offers->load(*campaigns);
    heartbeat_.set_retention(retention_of(config->retention));
    log::set_level(level_of(config->log_level));
    opened_.config.offers = config->offers;
    opened_.config.retention = config->retention;
    opened_.config.log_level = config->log_level;
    const bool whole = *config == opened_.config;
    log::info("reloaded", {{"campaigns", (*campaigns)->all().size()},
                           {"restart_needed", whole ? "no" : "yes"}});
    notify_.ready(whole ? "gathering" : "gathering; some new settings need a restart");
}

void Agent::hang_probes() {
    const auto text = [](int status, std::string body) {
        return runtime::HttpResponse{
            .status = status, .type = "text/plain; charset=utf-8", .body = std::move(body)};
    };
    http_->on("GET", "/livez",
              [text](const auto&, const auto& reply) { reply(text(200, "ok\n")); });
    http_->on("GET", "/readyz", [this, text](const auto&, const auto& reply) {
        reply(ready_ ? text(200, "ready\n") : text(503, "not ready\n"));
    });
    http_->on("GET", "/metrics", [this](const auto&, const auto& reply) {
        reply({.status = 200, .type = "text/plain; version=0.0.4", .body = metrics_->text()});
    });
}

void Agent::fill_status(staff::ShopStatus& status) const {
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
