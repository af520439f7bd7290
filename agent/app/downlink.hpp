#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "agent/app/commands.hpp"
#include "agent/app/datasets.hpp"
#include "agent/app/downlink_eraser.hpp"
#include "agent/app/downlink_steps.hpp"
#include "agent/runtime/http.hpp"
#include "agent/staff/shop.hpp"
#include "sync/wire/topics.hpp"

namespace aisle::app {

// All that HQ sends down: bundles, commands, datasets, leases (docs/downlink.md). One object for
// the composition root: prepare() before the loop runs, start(), message() for each message,
// epoch() when the uplink has begun another, stop(). Loop thread only.
class Downlink {
public:
    struct Settings {
        StoreId store;
        std::string version;  // of the agent
        std::string data_dir;
        std::string member_key;  // the id of the key under which pseudonyms are made
    };
    // References outlive it.
    struct Parts {
        Pipeline& pipeline;
        Engines& engines;
        Floor& floor;
        Readings& readings;
        Storage& storage;
        store::Store& store;  // prepare() on the caller's thread, later inside `write` only
        Run write;
        Run slow;
        runtime::Executor& loop;
        runtime::Metrics& metrics;
        const TimeZone& zone;
        // What a bundle sets from afar, of wire::setting_rules(); empty: the shop's own again.
        std::function<void(const std::map<std::string, std::int64_t>&)> apply;
        std::function<void()> flush;            // command `flush`
        std::function<void()> announce;         // what HQ waits for has changed: Uplink::announce
        std::function<std::string()> diagnose;  // command `diagnose`: a JSON object
    };
    Downlink(Settings settings, Parts parts);

    // Reads what is kept, counts this start where a bundle is on trial and makes that durable,
    // loads what runs. `own` are the shop's own campaigns.
    Status prepare(std::shared_ptr<const offers::CampaignSet> own, const std::string& epoch,
                   Segments segments = nullptr);
    // Routes of the local API: GET and POST /api/v1/bundles, POST /api/v1/bundles:rollback.
    void serve(runtime::HttpRoutes& routes);
    void start();
    void stop();

    void message(const wire::Topic& topic, std::string_view payload);
    void epoch(const std::string& epoch);
    // Read again by people's wish; they run where no bundle does.
    void own_campaigns(std::shared_ptr<const offers::CampaignSet> set, Segments segments) {
        bundles_.own(std::move(set), std::move(segments));
    }

    // For the birth message and status.
    [[nodiscard]] std::int64_t bundle_version() const { return bundles_.engine().version(); }
    [[nodiscard]] std::string bundle_state() const { return bundles_.engine().state(); }
    [[nodiscard]] std::vector<uplink::HeldDataset> datasets() const {
        return datasets_.engine().held();
    }
    // Bundle and datasets, for /api/v1/status.
    void fill_status(staff::ShopStatus& status) const;
    // {"bundle":{"version","state","newest","candidate"},"datasets":[…],"leases":[…]}
    [[nodiscard]] std::string status_json() const;

private:
    void tick();
    void tick_leases();
    DownlinkStep lease_step(LeaseEffects effects, const Stamp& now);
    void count(const wire::Refusal& why);
    void hand_in(const runtime::HttpRequest& request, const runtime::HttpReply& reply);
    void roll_back(const runtime::HttpRequest& request, const runtime::HttpReply& reply);

    Settings settings_;
    Parts parts_;
    DownlinkSteps steps_;
    DownlinkKeys keys_;
    StoreEraser eraser_;
    Leases leases_;
    Bundles bundles_;
    Datasets datasets_;
    Commands commands_;
    runtime::TimerHandle ticking_;
    runtime::TimerHandle sweeping_;
};

}  // namespace aisle::app
