#include "agent/app/campaign_report.hpp"

namespace aisle::app {

namespace json = boost::json;

void CampaignReport::decided(const offers::CampaignSet& set, const offers::Decided& again) {
    for (const offers::Considered& one : again.considered) {
        Funnel& funnel = campaigns_[set.all()[one.campaign].id];
        ++funnel.triggered;
        if (eligible(one.reason)) ++funnel.eligible;
        ++funnel.reasons[std::string{to_text(one.reason)}];
    }
}

// The first revision is the offer itself; what staff did are later ones. A basket's reservation is
// taken up by being paid.
void CampaignReport::told(const DecisionRecord& record) {
    if (!record.offer) return;
    Funnel& funnel = campaigns_[record.offer->campaign];
    if (record.offer->ghost) {
        ++funnel.withheld;
    } else if (record.offer->revision == 1) {
        ++funnel.offered;
        funnel.promised += record.offer->value;
    } else if (record.offer->state == OfferState::Accepted) {
        ++funnel.accepted;
    } else if (record.offer->state == OfferState::Redeemed && !record.offer->basket.empty()) {
        ++funnel.accepted;
    }
}

void CampaignReport::redeemed(const Redemption& redemption) {
    Funnel& funnel = campaigns_[redemption.campaign];
    ++funnel.redeemed;
    funnel.taken += redemption.amount;
}

std::vector<json::object> CampaignReport::lines() const {
    std::vector<json::object> all;
    for (const auto& [id, funnel] : campaigns_) {
        json::object reasons;
        for (const auto& [reason, n] : funnel.reasons) reasons[reason] = n;
        json::object line;
        line["campaign"] = id.value;
        line["triggered"] = funnel.triggered;
        line["eligible"] = funnel.eligible;
        line["offered"] = funnel.offered;
        line["withheld"] = funnel.withheld;
        line["accepted"] = funnel.accepted;
        line["redeemed"] = funnel.redeemed;
        line["promised_minor"] = funnel.promised.minor();
        line["taken_minor"] = funnel.taken.minor();
        line["reasons"] = std::move(reasons);
        all.push_back(std::move(line));
    }
    return all;
}

}  // namespace aisle::app
