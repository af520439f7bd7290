// The composition root: what is made of what, in order of dependency. Nothing here decides
// anything.
#include "agent/app/agent.hpp"
#include "agent/app/campaigns.hpp"
#include "agent/app/drivers.hpp"
#include "agent/app/keys.hpp"
#include "agent/app/restore.hpp"
#include "agent/runtime/log.hpp"
#include "agent/runtime/random.hpp"
#include "agent/runtime/time_zone.hpp"
#include "sync/mqtt/transport.hpp"

namespace aisle::app {
namespace {

mqtt::TransportSettings link_settings(const config::BrokerConfig& broker, const StoreId& store,
                                      const std::string& name) {
    return {.name = name,
            .host = broker.host,
            .port = broker.port,
            .client_id =
                broker.client_id.empty() ? "aisle-" + store.value + "-" + name : broker.client_id,
            .username = broker.username,
            .password_file = broker.password_file,
            .last_wait = broker.reconnect_max};
}

Failure failure(Exit exit, const Error& error) { return {exit, error.detail}; }

staff::StaffSettings staff_settings(const config::StoreConfig& store) {
    return {.store = StoreId{store.id},
            .store_name = store.name,
            .currency = store.currency,
            .minor_digits = store.minor_digits,
            .version = AISLE_VERSION,
            .start_id = runtime::random_hex(4)};
}

}  // namespace

boost::system::result<Opened, Failure> open_all(config::AgentConfig config,
                                                std::string config_path) {
    const runtime::SystemClock clock{0};
    auto zone = runtime::open_time_zone(config.store.zone);
    if (!zone) return failure(Exit::Config, zone.error());
    const auto keys = load_keys(config.store.data_dir);
    if (!keys) {
        return Failure{Exit::Config, keys.error().detail + " (`aislectl init` makes the keys)"};
    }
    auto engines = Engines::make(config, *keys, **zone);
    if (!engines) return failure(Exit::Config, engines.error());
    auto campaigns = load_campaigns(config.offers.campaigns_dir, **zone);
    if (!campaigns) return failure(Exit::Config, campaigns.error());
    (*engines)->offers->load(*campaigns);

    auto store = store::Store::open(config.store.data_dir, {.store = StoreId{config.store.id}},
                                    clock.now().wall);
    if (!store) {
        const bool taken = store.error().fault == Fault::Unavailable;
        return failure(taken ? Exit::Unavailable : Exit::Io, store.error());
    }
    auto reader = store::StoreReader::open(config.store.data_dir);
    if (!reader) return failure(Exit::Io, reader.error());
    const auto boot = (*store)->boot_number(runtime::read_boot_id());
    if (!boot) return failure(Exit::Io, boot.error());
    const auto epoch = (*store)->epoch();
    if (!epoch) return failure(Exit::Io, epoch.error());
    const Status restored = restore_engines(**store, **engines, runtime::SystemClock{*boot}.now());
    if (!restored) return failure(Exit::Io, restored.error());
    return Opened{std::move(config),
                  std::move(config_path),
                  std::move(*zone),
                  std::move(*store),
                  std::move(*reader),
                  std::move(*engines),
                  *boot,
                  *epoch};
}

Agent::Agent(Opened opened)
    : opened_{std::move(opened)},
      clock_{opened_.boot},
      metrics_{runtime::make_metrics()},
      loop_{clock_, *metrics_},
      storage_thread_{{.name = "storage", .queue_max = 1024}, *metrics_},
      reader_thread_{{.name = "reader", .queue_max = 1024}, *metrics_},
      slow_thread_{{.name = "slow", .low_priority = true}, *metrics_},
      storage_{{*opened_.store, *opened_.reader,
                [this](runtime::Task task) { return storage_thread_.submit(std::move(task)); },
                [this](runtime::Task task) { return reader_thread_.submit(std::move(task)); },
                loop_}},
      pipeline_{{}, pipeline_parts()},
      http_{runtime::make_http_server(loop_, {}, *metrics_)},
      floor_{*opened_.engines, [this](const Offer& offer) { staff_->changed(offer); }},
      readings_{{pipeline_, *opened_.engines, floor_, clock_,
                 [this] { enrolment_.set(opened_.engines->enrolled); }}},
      desk_{{pipeline_, *opened_.engines, floor_, readings_, clock_,
             [this](staff::ShopStatus& status) { fill_status(status); }}},
      heartbeat_{{loop_, *metrics_, pipeline_, floor_, readings_, desk_, storage_,
                  retention_of(opened_.config.retention)}},
      notify_{loop_} {
    const config::AgentConfig& config = opened_.config;
    const StoreId store{config.store.id};
    staff_ = std::make_unique<staff::Staff>(staff_settings(config.store),
                                            staff::Staff::Around{loop_, *http_, *metrics_, desk_});
    pos::serve_baskets(
        *http_,
        [this](pos::BasketAsk ask, pos::BasketAnswer reply) {
            desk_.decide(std::move(ask), std::move(reply));
        },
        *metrics_);
    if (config.shop_broker.enabled) {
        shop_link_ = mqtt::make_transport(loop_, *metrics_,
                                          link_settings(config.shop_broker, store, "shop"));
    }
    if (config.uplink.enabled) {
        hq_link_ =
            mqtt::make_transport(loop_, *metrics_, link_settings(config.uplink, store, "hq"));
        uplink_ =
            uplink::make_uplink({storage_, *hq_link_, loop_, *metrics_},
                                {.store = store, .epoch = opened_.epoch, .version = AISLE_VERSION});
    }
}

Agent::~Agent() = default;

Status Agent::begin() {
    const config::AgentConfig& config = opened_.config;
    if (const Status restored = restore_readings(*opened_.reader, readings_); !restored)
        return restored;
    if (const Status restored = restore_floor(*opened_.reader, floor_); !restored) return restored;
    auto drivers = make_drivers(
        config, {readings_, loop_, *metrics_, *http_, router_, *opened_.zone, enrolment_,
                 [this](runtime::Task task) { return slow_thread_.submit(std::move(task)); },
                 *opened_.reader});
    if (!drivers) return drivers.error();
    drivers_ = std::move(*drivers);
    hang_probes();
    return http_->listen({.host = config.http.host,
                          .port = config.http.port,
                          .unix_socket = config.http.unix_socket});
}

}  // namespace aisle::app
