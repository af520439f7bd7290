// What comes down is made of, and where it is heard.
#include <boost/json.hpp>

#include "agent/app/campaigns.hpp"
#include "agent/app/downlink_settings.hpp"
#include "agent/app/shop.hpp"

namespace aisle::app {

std::unique_ptr<Downlink> Shop::make_downlink() {
    return std::make_unique<Downlink>(
        Downlink::Settings{.store = StoreId{opened_.config.store.id},
                           .version = AISLE_VERSION,
                           .data_dir = opened_.config.store.data_dir,
                           .member_key = opened_.engines->intake.settings().key.id},
        Downlink::Parts{.pipeline = pipeline_,
                        .engines = *opened_.engines,
                        .floor = floor_,
                        .readings = readings_,
                        .storage = storage_,
                        .store = *opened_.store,
                        .write = platform_.write,
                        .slow = platform_.slow,
                        .loop = loop_,
                        .metrics = platform_.metrics,
                        .zone = *opened_.zone,
                        .apply = [this](const auto& settings) { follow(settings); },
                        .flush =
                            [this] {
                                if (uplink_) uplink_->flush([] {});
                            },
                        .announce =
                            [this] {
                                if (uplink_ && ready_) uplink_->announce();
                            },
                        .diagnose =
                            [this] {
                                boost::json::object figures;
                                figures["version"] = AISLE_VERSION;
                                figures["journal_rows"] = heartbeat_.sizes().journal_rows;
                                figures["database_bytes"] = heartbeat_.sizes().database_bytes;
                                figures["quarantine_rows"] = heartbeat_.sizes().quarantine_rows;
                                figures["up"] = started_.time_since_epoch().count();
                                return boost::json::serialize(figures);
                            }});
}

// Live, and back again when the bundle goes: each call names all that HQ sets.
void Shop::follow(const HqSettings& settings) {
    hq_settings_ = settings;
    heartbeat_.set_retention(retention_of(with_settings(opened_.config.retention, settings)));
    heartbeat_.set_quota(quota_of(opened_.config.store, settings));
    if (uplink_) uplink_->set_linger(lingers_of(settings));
    if (ready_) heartbeat_.hold_to_quota();
}

Status Shop::open_downlink() {
    auto own = load_campaigns(opened_.config.offers.campaigns_dir, *opened_.zone);
    if (!own) return own.error();
    auto segments = load_segments(opened_.config.offers.campaigns_dir);
    if (!segments) return segments.error();
    if (const Status opened =
            downlink_->prepare(std::move(*own), opened_.epoch, std::move(*segments));
        !opened)
        return opened;
    downlink_->serve(platform_.http);
    if (!uplink_) return {};
    uplink_->on_down([this](const wire::Topic& topic, std::string_view payload) {
        downlink_->message(topic, payload);
    });
    return {};
}

}  // namespace aisle::app
