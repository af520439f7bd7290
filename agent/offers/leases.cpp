#include <algorithm>

#include "agent/offers/state.hpp"

// Leased money: what the chain lets this store promise, and what it gives back.
namespace aisle::offers {

// Offers that were promised on leased money, and those whose code a clone could take too.
void Engine::State::give_back_to_chain(Turn& turn) {
    std::vector<OfferId> over;
    for (const auto& [id, held] : live) {
        const Campaign* const campaign = set->find(held.offer.campaign);
        const bool leased = campaign != nullptr && campaign->limits.leased;
        if (leased || !held.offer.code.empty()) over.push_back(id);
    }
    for (const OfferId& id : over) close(id, OfferState::Expired, {.reason = "epoch"}, turn);
    for (const auto& [code, coupon] : coupons) mark("coupon/" + code);
    coupons.clear();
    for (auto& [id, account] : accounts) {
        if (account.granted == Money{}) continue;
        account.granted = account.returned = Money{};
        account.lease_base = account.spent;
        mark("account/" + id.value);
    }
}

std::vector<LeaseStatus> Engine::leases() const {
    std::map<CampaignId, LeaseStatus> all;
    for (const Campaign& campaign : state_->set->all()) {
        if (!campaign.limits.leased) continue;
        all[campaign.id] = {.campaign = campaign.id,
                            .wanted = campaign.state == CampaignState::Live,
                            .budget = campaign.limits.budget.value_or(Money{}),
                            .most = most(campaign.action).value_or(Money{})};
    }
    for (const auto& [id, account] : state_->accounts) {
        if (account.granted == account.returned && !all.contains(id)) continue;
        LeaseStatus& lease = all[id];
        lease.campaign = id;
        lease.granted = account.granted;
        lease.returned = account.returned;
        // Before the first grant there is nothing that could have been spent of it.
        lease.spent = account.granted == Money{} ? Money{} : account.lease_spent();
        lease.reserved = account.reserved;
        lease.left = std::max(Money{}, account.lease_left());
    }
    std::vector<LeaseStatus> out;
    for (auto& [id, lease] : all) out.push_back(std::move(lease));
    return out;
}

Effects Engine::lease_granted(const CampaignId& campaign, Money amount, const Stamp& now) {
    Turn turn{.now = now};
    Account& account = state_->account_of(campaign);
    if (account.granted == Money{}) account.lease_base = account.spent;
    account.granted += amount;
    state_->mark("account/" + campaign.value);
    return state_->finish(turn);
}

Engine::GivenBack Engine::lease_returned(const CampaignId& campaign, Money at_most,
                                         const Stamp& now) {
    Turn turn{.now = now};
    const auto at = state_->accounts.find(campaign);
    if (at == state_->accounts.end()) return {};
    const Money amount = std::clamp(at->second.lease_left(), Money{}, at_most);
    if (amount == Money{}) return {};
    at->second.returned += amount;
    state_->mark("account/" + campaign.value);
    return {.amount = amount, .effects = state_->finish(turn)};
}

Effects Engine::new_epoch(const Stamp& now) {
    Turn turn{.now = now};
    state_->give_back_to_chain(turn);
    return state_->finish(turn);
}

}  // namespace aisle::offers
