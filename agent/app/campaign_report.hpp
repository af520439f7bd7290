#pragma once

#include <map>
#include <string>

#include <boost/json.hpp>

#include "agent/app/decision_log.hpp"
#include "agent/offers/ask.hpp"

namespace aisle::app {

// The funnel of each campaign over stored decisions, as people read it.
class CampaignReport {
public:
    // Every decision once, with all that it considered.
    void decided(const offers::CampaignSet& set, const offers::Decided& again);
    // Every record that holds an offer, in order.
    void told(const DecisionRecord& record);
    void redeemed(const Redemption& redemption);

    // A line a campaign, in order of id: triggered (considered), eligible (for this customer and
    // this moment), offered, withheld, accepted, redeemed, what was promised and what was taken,
    // and the reasons with their numbers.
    [[nodiscard]] std::vector<boost::json::object> lines() const;

private:
    struct Funnel {
        std::int64_t triggered = 0;
        std::int64_t eligible = 0;
        std::int64_t offered = 0;
        std::int64_t withheld = 0;
        std::int64_t accepted = 0;
        std::int64_t redeemed = 0;
        Money promised;
        Money taken;
        std::map<std::string, std::int64_t> reasons;
    };
    std::map<CampaignId, Funnel> campaigns_;
};

}  // namespace aisle::app
