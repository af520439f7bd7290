#include "agent/offers/fairness.hpp"

#include <algorithm>
#include <set>

namespace aisle::offers {
namespace {

// Of those that passed every gate: taken, or only shut out by what was taken.
bool was_available(Reason reason) {
    return reason == Reason::Chosen || reason == Reason::LowerPriority ||
           reason == Reason::Exclusive || reason == Reason::OrderLimit;
}

std::string or_dash(const std::string& word) { return word.empty() ? "-" : word; }

std::string lot_of(const Offer& offer) {
    const auto chip = std::ranges::find(offer.reasons, "price_by_lot", &ReasonChip::key);
    return chip == offer.reasons.end() ? "" : chip->value;
}

void count(ShareFigures& figures, Money value) {
    figures.least = figures.offers == 0 ? value : std::min(figures.least, value);
    figures.most = std::max(figures.most, value);
    figures.value += value;
    ++figures.offers;
}

}  // namespace

CampaignId alternative_to(const CampaignSet& set, const Decided& decided, const Win& win,
                          const Ledger& ledger) {
    for (const Considered& one : decided.considered) {
        const Campaign& campaign = set.all()[one.campaign];
        if (one.campaign == win.campaign || campaign.personal || !was_available(one.reason))
            continue;
        const auto left = ledger.left(campaign);
        const auto worth = most(campaign.action);
        if (one.reason == Reason::Chosen || !left || !worth || *worth <= *left) return campaign.id;
    }
    return {};
}

std::vector<CampaignFault> fairness_warnings(const CampaignSet& set) {
    std::vector<CampaignFault> warnings;
    const auto occasion = [](const Campaign& campaign) {
        return std::pair{campaign.trigger.kind, campaign.trigger.zone.value};
    };
    std::set<std::pair<TriggerKind, std::string>> for_everybody;
    for (const Campaign& campaign : set.all())
        if (campaign.state == CampaignState::Live && !campaign.personal)
            for_everybody.insert(occasion(campaign));
    for (const Campaign& campaign : set.all()) {
        if (campaign.state != CampaignState::Live || !campaign.personal) continue;
        if (for_everybody.contains(occasion(campaign)) || warnings.size() >= kFaultsMax) continue;
        warnings.push_back({.file = campaign.id.value,
                            .path = "audience",
                            .reason = "is personal, and no campaign of its trigger is for "
                                      "everybody: its offers will say that there is none"});
    }
    return warnings;
}

void Shares::add(const Offer& offer) {
    if (offer.ghost) return;
    const ShareKey key{.campaign = offer.campaign,
                       .version = offer.campaign_version,
                       .segment = or_dash(offer.tier) + "/" + or_dash(offer.lifecycle),
                       .lot = lot_of(offer)};
    if (!all_.contains(key) && all_.size() >= kMax) {
        ++left_out_;
        return;
    }
    count(all_[key], offer.value);
    if (offer.trigger != TriggerKind::Basket && offer.trigger != TriggerKind::Sale)
        count(prompts_[key], offer.value);
}

std::vector<ShareKey> Shares::unequal() const {
    std::map<ShareKey, std::pair<Money, Money>> ranges;  // by campaign and version
    std::vector<ShareKey> found;
    for (const auto& [key, figures] : prompts_) {
        if (!key.lot.empty()) continue;
        const ShareKey terms{.campaign = key.campaign, .version = key.version};
        const auto [at, fresh] = ranges.try_emplace(terms, figures.least, figures.most);
        const auto [least, most] = at->second;
        if (figures.least != least || figures.most != most || least != most) found.push_back(key);
    }
    return found;
}

}  // namespace aisle::offers
