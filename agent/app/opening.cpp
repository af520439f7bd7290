#include "agent/app/opening.hpp"

#include "agent/app/campaigns.hpp"
#include "agent/app/keys.hpp"
#include "agent/app/restore.hpp"
#include "agent/app/shop_clock.hpp"
#include "agent/runtime/time_zone.hpp"

namespace aisle::app {
namespace {

Failure failure(Exit exit, const Error& error) { return {exit, error.detail}; }

Result<ShopKeys> keys_of(const config::AgentConfig& config, const Ground& ground) {
    if (ground.keys != nullptr) return *ground.keys;
    auto keys = load_keys(config.store.data_dir);
    if (keys) return keys;
    return Error{keys.error().fault, keys.error().detail + " (`aislectl init` makes the keys)"};
}

// What the settings alone decide: nothing of the database yet.
boost::system::result<Opened, Failure> open_engines(config::AgentConfig config,
                                                    const Ground& ground) {
    Opened opened;
    auto zone = runtime::open_time_zone(config.store.zone);
    if (!zone) return failure(Exit::Config, zone.error());
    const auto keys = keys_of(config, ground);
    if (!keys) return failure(Exit::Config, keys.error());
    auto engines = Engines::make(config, *keys, **zone);
    if (!engines) return failure(Exit::Config, engines.error());
    auto campaigns = load_campaigns(config.offers.campaigns_dir, **zone);
    if (!campaigns) return failure(Exit::Config, campaigns.error());
    const auto segments = load_segments(config.offers.campaigns_dir);
    if (!segments) return failure(Exit::Config, segments.error());
    (*engines)->customers.segments(*segments);
    (*engines)->offers->load(*campaigns);
    opened.config = std::move(config);
    opened.zone = std::move(*zone);
    opened.engines = std::move(*engines);
    return opened;
}

Failure store_failure(const Error& error) {
    return failure(error.fault == Fault::Unavailable ? Exit::Unavailable : Exit::Io, error);
}

}  // namespace

boost::system::result<Opened, Failure> open_shop(config::AgentConfig config, const Ground& ground) {
    auto opened = open_engines(std::move(config), ground);
    if (!opened) return opened;
    const std::string& data_dir = opened->config.store.data_dir;
    auto store = store::Store::open(data_dir,
                                    {.store = StoreId{opened->config.store.id},
                                     .disk = &ground.disk,
                                     .ballast_bytes = opened->config.store.ballast_mb * 1024 * 1024,
                                     .random = ground.random},
                                    ground.clock.now().wall);
    if (!store) return store_failure(store.error());
    auto reader = store::StoreReader::open(data_dir, ground.disk.vfs());
    if (!reader) return failure(Exit::Io, reader.error());
    const auto boot = (*store)->boot_number(ground.boot_id);
    if (!boot) return failure(Exit::Io, boot.error());
    auto epoch = (*store)->epoch();
    if (!epoch) return failure(Exit::Io, epoch.error());
    auto clock_rows = rows_of(**store, kClockRoom);
    if (!clock_rows) return failure(Exit::Io, clock_rows.error());
    ShopClock clock{ground.clock, *boot};
    clock.begin(*clock_rows, (*store)->opening().last_wall);
    Stamp now = clock.now();
    now.boot = *boot;
    const Status restored = restore_engines(**store, *opened->engines, now);
    if (!restored) return failure(Exit::Io, restored.error());
    opened->store = std::move(*store);
    opened->reader = std::move(*reader);
    opened->boot = *boot;
    opened->epoch = std::move(*epoch);
    opened->disk = &ground.disk;
    opened->clock_rows = std::move(*clock_rows);
    return opened;
}

}  // namespace aisle::app
