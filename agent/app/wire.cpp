// The composition root: what is made of what, in order of dependency. Nothing here decides
// anything.
#include "agent/app/downlink_settings.hpp"
#include "agent/app/shop.hpp"
#include "agent/runtime/log.hpp"
#include "agent/store/ended_epochs.hpp"

namespace aisle::app {
namespace {

std::string hex_of(std::uint64_t number) {
    std::string hex;
    for (int shift = 28; shift >= 0; shift -= 4) hex += "0123456789abcdef"[(number >> shift) & 15U];
    return hex;
}

// What HQ had of earlier epochs. Without it the uplink works, and a restored HQ may miss something.
std::vector<wire::EndedEpoch> epochs_before(store::Reads& store) {
    std::vector<wire::EndedEpoch> told;
    const auto kept = store::ended_epochs(store);
    if (!kept) {
        log::error("ended_epochs_unread", {{"why", kept.error().detail}});
        return told;
    }
    for (const store::EndedEpoch& one : *kept) {
        told.push_back({.epoch = one.epoch, .marks = {}});
        for (const store::EndedStream& stream : one.streams)
            told.back().marks.push_back({stream.stream, stream.next, stream.check});
    }
    return told;
}

staff::StaffSettings staff_settings(const config::StoreConfig& store, std::uint64_t random) {
    return {.store = StoreId{store.id},
            .store_name = store.name,
            .currency = store.currency,
            .minor_digits = store.minor_digits,
            .version = AISLE_VERSION,
            .start_id = hex_of(random)};
}

}  // namespace

Shop::Shop(Opened opened, Platform platform)
    : opened_{std::move(opened)},
      platform_{std::move(platform)},
      clock_{platform_.loop.clock(), opened_.boot},
      loop_{platform_.loop, clock_},
      storage_{{*opened_.store, *opened_.reader, platform_.write, platform_.read, loop_}},
      pipeline_{{}, pipeline_parts()},
      floor_{*opened_.engines, [this](const Offer& offer) { staff_->changed(offer); }},
      readings_{{pipeline_, *opened_.engines, floor_, clock_,
                 [this] { enrolment_.set(opened_.engines->enrolled); }}},
      desk_{{pipeline_, *opened_.engines, floor_, readings_, clock_,
             [this](staff::ShopStatus& status) { fill_status(status); }}},
      heartbeat_{{loop_, platform_.metrics, pipeline_, floor_, readings_, desk_, storage_,
                  platform_.resident_bytes, retention_of(opened_.config.retention),
                  [this] {
                      if (const auto truth = clock_.look()) tell(*truth);
                  },
                  quota_of(opened_.config.store, {}),
                  [disk = opened_.disk, dir = opened_.config.store.data_dir] {
                      return disk->free_bytes(dir);
                  },
                  [this] { return health_numbers(); }}} {
    clock_.begin(opened_.clock_rows, opened_.store->opening().last_wall);
    downlink_ = make_downlink();
    const config::AgentConfig& config = opened_.config;
    const StoreId store{config.store.id};
    staff_ = std::make_unique<staff::Staff>(
        staff_settings(config.store, platform_.random()),
        staff::Staff::Around{loop_, platform_.http, platform_.metrics, desk_});
    pos::serve_baskets(
        platform_.http,
        [this](pos::BasketAsk ask, pos::BasketAnswer reply) {
            desk_.decide(std::move(ask), std::move(reply));
        },
        platform_.metrics);
    pos::serve_returns(platform_.http,
                       [this](const ReturnAsk& ask) { return desk_.returning(ask); });
    const auto known_time = [this] { return clock_.known_time(); };
    if (config.shop_broker.enabled) {
        shop_link_ = platform_.transport({"shop", store, config.shop_broker, known_time});
    }
    if (config.uplink.enabled) {
        hq_link_ = platform_.transport({"hq", store, config.uplink, known_time});
        uplink_ = uplink::make_uplink(uplink_parts(), {.store = store,
                                                       .epoch = opened_.epoch,
                                                       .version = AISLE_VERSION,
                                                       .ended = epochs_before(*opened_.reader)});
        listen_to_hq();
    }
}

Shop::~Shop() = default;

}  // namespace aisle::app
