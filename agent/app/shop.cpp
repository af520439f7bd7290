#include "agent/app/shop.hpp"

#include "agent/app/campaigns.hpp"
#include "agent/app/restore.hpp"
#include "agent/runtime/log.hpp"

namespace aisle::app {

Status Shop::prepare() {
    if (const Status restored = restore_readings(*opened_.reader, readings_); !restored)
        return restored;
    if (const Status restored = restore_floor(*opened_.reader, floor_); !restored) return restored;
    const DriverPorts ports{.sink = readings_,
                            .loop = platform_.loop,
                            .metrics = platform_.metrics,
                            .routes = platform_.http,
                            .router = router_,
                            .zone = *opened_.zone,
                            .enrolment = enrolment_,
                            .elsewhere = platform_.slow,
                            .store = *opened_.reader,
                            .hints = platform_.hints};
    auto drivers = make_drivers(platform_.drivers, opened_.config, ports);
    if (!drivers) return drivers.error();
    drivers_ = std::move(*drivers);
    hang_probes();
    return {};
}

void Shop::start() {
    started_ = platform_.loop.clock().now().wall;
    staff_->reset(opened_.engines->offers->live());
    heartbeat_.start();
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
    opened_.engines->offers->load(*campaigns);
    heartbeat_.set_retention(retention_of(config.retention));
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
            .loop = platform_.loop,
            .metrics = platform_.metrics,
            .wake =
                [this](Stream stream, std::size_t rows) {
                    if (uplink_) uplink_->wake(stream, rows);
                },
            .make_room = [this] { heartbeat_.prune(); },
            .broken = platform_.broken};
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
