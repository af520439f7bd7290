// What people and HQ are told of what came down.
#include <boost/json.hpp>

#include "agent/app/downlink.hpp"

namespace aisle::app {
namespace {

namespace json = boost::json;

json::object lease_object(const offers::LeaseStatus& lease) {
    return {{"campaign", json::string{lease.campaign.value}},
            {"granted", lease.granted.minor()},
            {"returned", lease.returned.minor()},
            {"spent", lease.spent.minor()},
            {"reserved", lease.reserved.minor()},
            {"left", lease.left.minor()}};
}

json::object dataset_object(const staff::DatasetStatus& dataset) {
    return {{"name", json::string{dataset.name}},
            {"version", dataset.version},
            {"rows", dataset.rows},
            {"age_s", dataset.age_s},
            {"valid_until", json::string{to_rfc3339(dataset.valid_until)}},
            {"over", dataset.over}};
}

}  // namespace

void Downlink::fill_status(staff::ShopStatus& status) const {
    const Stamp now = parts_.loop.clock().now();
    status.bundle_version = bundles_.engine().version();
    status.bundle_state = bundles_.engine().state();
    for (const uplink::HeldDataset& held : datasets_.engine().held()) {
        const auto age = std::chrono::floor<seconds>(now.wall - held.head.loaded);
        status.datasets.push_back({.name = std::string{wire::to_text(held.name)},
                                   .version = held.head.version,
                                   .rows = held.head.rows,
                                   .age_s = age.count(),
                                   .valid_until = held.head.valid_until,
                                   .over = datasets_.engine().over(held.name, now)});
    }
}

std::string Downlink::status_json() const {
    staff::ShopStatus status;
    fill_status(status);
    json::object bundle{{"version", status.bundle_version},
                        {"state", json::string{status.bundle_state}},
                        {"newest", bundles_.engine().newest()}};
    if (bundles_.engine().candidate() != nullptr)
        bundle["candidate"] = bundles_.engine().candidate()->version;
    json::array datasets;
    for (const auto& dataset : status.datasets) datasets.emplace_back(dataset_object(dataset));
    json::array leases;
    for (const auto& lease : parts_.engines.offers->leases())
        leases.emplace_back(lease_object(lease));
    return json::serialize(json::object{{"bundle", std::move(bundle)},
                                        {"datasets", std::move(datasets)},
                                        {"leases", std::move(leases)}});
}

}  // namespace aisle::app
