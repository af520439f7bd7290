#include "agent/offers/engine.hpp"

#include <algorithm>
#include <cassert>

#include "agent/offers/state.hpp"

namespace aisle::offers {
namespace {

std::vector<CampaignId> live_ids(const CampaignSet& set) {
    std::vector<CampaignId> ids;
    for (const Campaign& campaign : set.all())
        if (campaign.state == CampaignState::Live) ids.push_back(campaign.id);
    return ids;
}

}  // namespace

Result<std::unique_ptr<Engine>> Engine::make(Settings settings, const Surroundings& surroundings) {
    auto codes = Codes::make(settings.codes);
    if (!codes) return codes.error();
    return std::unique_ptr<Engine>{
        new Engine{std::make_unique<State>(std::move(settings), std::move(*codes), surroundings)}};
}

Engine::Engine(std::unique_ptr<State> state) : state_{std::move(state)} {}
Engine::~Engine() = default;

void Engine::load(std::shared_ptr<const CampaignSet> set) {
    assert(set);
    state_->changed_campaigns =
        !state_->set->all().empty() && live_ids(*state_->set) != live_ids(*set);
    state_->set = std::move(set);
    state_->settle_accounts();
    state_->settle_thresholds();
    state_->edges_settled = false;
    state_->settle_switchbacks();
}

const CampaignSet& Engine::campaigns() const { return *state_->set; }

Effects Engine::visit(const ZoneVisit& visit, const Stamp& now) {
    Turn turn{.now = now};
    state_->watch(visit, turn);
    return state_->finish(turn);
}

Effects Engine::member_seen(const MemberKey& member, bool asked, const Stamp& now) {
    Turn turn{.now = now};
    state_->prompt({.trigger = TriggerKind::MemberSeen,
                    .at = now,
                    .member = member,
                    .subject = member.value,
                    .unit = member.value,
                    .asked = asked},
                   turn);
    return state_->finish(turn);
}

Effects Engine::sale(const Sale* old, const Sale& sale, const Stamp& now) {
    Turn turn{.now = now};
    if (sale.status == SaleStatus::Cancelled && !sale.vendor_id.empty())
        state_->free_basket(sale.vendor_id, "cancelled", turn);
    state_->observe(old, sale, turn);
    if (counts(sale) && (!old || !counts(*old))) state_->take_back(sale, turn);
    state_->selling = &sale;
    if (counts(sale) && sale.type != SaleType::Return) {
        const bool first = !old || !counts(*old);
        state_->redeem_named(old, sale, turn);
        if (first) state_->infer(sale, turn);
        state_->remember_paid(sale, turn);
        if (first) state_->ask_after(sale, turn);
    }
    state_->selling = nullptr;
    state_->watch_sale(old, sale, turn);
    return state_->finish(turn);
}

BasketAnswer Engine::basket(const Basket& basket, const Stamp& now) {
    Turn turn{.now = now};
    BasketDecision answer = state_->price_basket(basket, turn);
    return {.answer = std::move(answer), .effects = state_->finish(turn)};
}

Effects Engine::cancel_basket(const std::string& key, const Stamp& now) {
    Turn turn{.now = now};
    state_->free_basket(key, "cancelled", turn);
    return state_->finish(turn);
}

Effects Engine::relink(const MemberKey& from, const MemberKey& to, const Stamp& now) {
    Turn turn{.now = now};
    if (from != to && !to.empty()) state_->relink(from, to);
    return state_->finish(turn);
}

Acted Engine::act(const OfferAct& act, const Stamp& now) { return state_->act(act, now); }

Result<Effects> Engine::redeem_code(const CodeUse& use, const Stamp& now) {
    return state_->redeem_code(use, now);
}

Effects Engine::tick(const Stamp& now) {
    Turn turn{.now = now};
    if (std::exchange(state_->changed_campaigns, false)) state_->abuse.campaigns_changed(now);
    state_->abuse.tick(now);
    state_->expire(turn);
    state_->sweep_coupons(turn);
    state_->reach_dwell(turn);
    state_->cross_edges(turn);
    state_->end_visits(turn);
    state_->sweep_grants(now);
    state_->mature(turn);
    state_->judge_guardrails(turn);
    state_->tell_trials(turn);
    return state_->finish(turn);
}

std::vector<Offer> Engine::live() const {
    std::vector<Offer> shown;
    for (const auto& [id, held] : state_->live)
        if (!held.offer.ghost && held.offer.basket.empty() && !held.lapsed && !held.waiting)
            shown.push_back(held.offer);
    std::ranges::sort(shown, [](const Offer& a, const Offer& b) {
        return a.made.wall != b.made.wall ? a.made.wall > b.made.wall : a.id < b.id;
    });
    return shown;
}

const Offer* Engine::find(const OfferId& offer) const {
    const auto at = state_->live.find(offer);
    return at == state_->live.end() ? nullptr : &at->second.offer;
}

std::vector<CampaignStatus> Engine::status() const {
    std::vector<CampaignStatus> all;
    for (const Campaign& campaign : state_->set->all()) {
        const auto at = state_->accounts.find(campaign.id);
        const auto trial = state_->trials.find(campaign.id);
        const Account account = at == state_->accounts.end() ? Account{} : at->second;
        all.push_back(
            {.campaign = campaign.id,
             .version = campaign.version,
             .state = campaign.state,
             .budget = campaign.limits.budget,
             .spent = account.spent,
             .reserved = account.reserved,
             .left = state_->left(campaign).value_or(Money{}),
             .redemptions = account.redeemed,
             .offered = account.offered,
             .withheld = account.withheld,
             .live = account.live,
             .paused = state_->paused(campaign) ? account.paused : "",
             .mismatched = trial != state_->trials.end() && trial->second.mismatch.has_value()});
        if (trial != state_->trials.end()) state_->compare(campaign, trial->second, all.back());
    }
    return all;
}

Acted Engine::stop(const CampaignId& campaign, const std::string& by, const Stamp& now) {
    return state_->set_stopped(campaign, true, by, now);
}

Acted Engine::resume(const CampaignId& campaign, const std::string& by, const Stamp& now) {
    return state_->set_stopped(campaign, false, by, now);
}

std::optional<Money> Engine::proven_price(std::string_view sku, Date today) const {
    return state_->prices.lowest(sku, today);
}

Status Engine::restore(std::span<const StateChange> rows) { return state_->restore(rows); }

std::vector<StateChange> Engine::rows() const {
    std::vector<StateChange> rows;
    for (const std::string& key : state_->keys())
        rows.push_back({std::string{kRoom}, key, state_->row(key)});
    std::ranges::sort(rows, {}, &StateChange::key);
    return rows;
}

}  // namespace aisle::offers
