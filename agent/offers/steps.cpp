#include <algorithm>

#include "agent/offers/state.hpp"
#include "agent/offers/texts.hpp"

// The life of an offer: offered, accepted, presented, and how it ends.
namespace aisle::offers {
namespace {

struct Move {
    OfferAction action;
    OfferState from;
    OfferState to;
};
// Forward only. `present` may be left out by somebody in a hurry, accepting may not.
constexpr Move kMoves[] = {{OfferAction::Accept, OfferState::Offered, OfferState::Accepted},
                           {OfferAction::Present, OfferState::Accepted, OfferState::Presented},
                           {OfferAction::Redeem, OfferState::Accepted, OfferState::Redeemed},
                           {OfferAction::Redeem, OfferState::Presented, OfferState::Redeemed},
                           {OfferAction::Decline, OfferState::Offered, OfferState::Declined},
                           {OfferAction::Decline, OfferState::Accepted, OfferState::Declined},
                           {OfferAction::Decline, OfferState::Presented, OfferState::Declined}};

std::optional<OfferState> target(OfferAction action, OfferState from) {
    for (const Move& move : kMoves)
        if (move.action == action && move.from == from) return move.to;
    return std::nullopt;
}

bool leads_to(OfferAction action, OfferState state) {
    return std::ranges::any_of(kMoves,
                               [&](const Move& m) { return m.action == action && m.to == state; });
}

bool is_held(OfferState state) {
    return state == OfferState::Accepted || state == OfferState::Presented;
}

Acted refused(Verdict verdict, std::string detail) {
    return {.verdict = verdict, .detail = std::move(detail)};
}

std::string state_by(OfferState state, const std::string& by) {
    return std::string{to_text(state)} + (by.empty() ? "" : " by " + by);
}

// For an offer that has ended.
Acted judge_closed(const Closed& closed, const OfferAct& act) {
    if (closed.state == OfferState::Expired) return refused(Verdict::Expired, "expired");
    const bool same = closed.by == act.by && leads_to(act.action, closed.state);
    if (same) return refused(Verdict::Same, state_by(closed.state, closed.by));
    return refused(closed.by == act.by ? Verdict::Illegal : Verdict::Taken,
                   state_by(closed.state, closed.by));
}

}  // namespace

std::string Engine::State::first_use(const Closed& first) const {
    const bool used = first.state == OfferState::Redeemed;
    std::string text = used ? "used" : std::string{to_text(first.state)};
    text += " at " + to_rfc3339(first.at);
    if (!used) return text;
    // Staff redeem without a till: then it is their word that counts, and their name.
    text += first.till.empty() ? ", by " + first.by : ", till " + first.till.value;
    if (!first.sale.empty()) text += ", sale " + first.sale.value;
    return text;
}

// An accepted offer is kept a while longer: a till's file may come late, and the sale in it in
// time.
bool Engine::State::over(const Held& held, const Stamp& now) const {
    Deadline end = held.offer.expires;
    if (is_held(held.offer.state)) end.wait += settings.inference_slack;
    return passed(end, now);
}

void Engine::State::close(const OfferId& id, OfferState state, const Ending& ending, Turn& turn) {
    const auto at = live.find(id);
    if (at == live.end()) return;
    count_load(at->second, -1);
    Held held = std::move(at->second);
    live.erase(at);
    Offer& offer = held.offer;
    offer.state = state;
    ++offer.revision;
    if (!ending.by.empty()) offer.by = ending.by;
    offer.decline_reason = state == OfferState::Declined ? ending.reason : "";
    release(held, turn);
    promise(offer, -1);
    by_code.erase(offer.code);
    if (held.by_coupon) free_coupon(held, state);
    // A coupon lives on: as itself where it was not used, or as what was just handed out.
    const bool used = state == OfferState::Redeemed;
    const bool lives_on = used ? !held.issues.empty() : held.by_coupon;
    if (used) hand_out(held, turn);
    if (!offer.ghost) {
        Account& account = account_of(offer.campaign);
        --account.live;
        // Refusals are told of prompts that somebody could refuse.
        if (offer.basket.empty() && !held.waiting) {
            ++account.ended;
            account.declined += state == OfferState::Declined ? 1 : 0;
            unjudged.insert(offer.campaign);
            mark("account/" + offer.campaign.value);
        }
    }
    if (!offer.basket.empty()) {
        auto& held_by_basket = reservations[offer.basket];
        held_by_basket.erase(id);
        if (held_by_basket.empty()) reservations.erase(offer.basket);
        // A basket that was not paid has used nothing of its customer's caps.
        if (state != OfferState::Redeemed) take_back_grant(held);
    }
    mark("offer/" + id.value);
    mark("sequence");
    closed.put({.offer = id,
                .code = lives_on ? "" : offer.code,
                .state = state,
                .by = offer.by,
                .sale = ending.sale,
                .till = ending.till,
                .at = turn.now.wall,
                .order = ++ids});
    mark("closed/" + id.value);
    if (closed.size() > kClosedKept) mark("closed/" + closed.drop_oldest().value);
    turn.effects.outcomes.push_back({.offer = id,
                                     .campaign = offer.campaign,
                                     .state = state,
                                     .reason = ending.reason,
                                     .by = offer.by,
                                     .ghost = offer.ghost,
                                     .at = turn.now});
    turn.effects.offers.push_back(std::move(offer));
}

void Engine::State::redeem(const OfferId& id, const Use& use, Turn& turn) {
    const auto at = live.find(id);
    if (at == live.end()) return;
    Held& held = at->second;
    Offer& offer = held.offer;
    if (offer.gift_sku.empty() && !offer.gift_choices.empty() && !choose(offer, use.gift))
        choose(offer, offer.gift_choices.front());
    if (!offer.gift_sku.empty()) give(offer.gift_sku, turn);
    const Money booked = spend(held, use.amount, turn);
    watch_redemption(held, use, turn.now);
    turn.redeemed.push_back(held);
    turn.redeemed.back().reserved = booked;
    turn.redeemed.back().offer.value = use.amount;
    if (offer.points > 0 && !offer.member.empty())
        turn.effects.points.push_back({.offer = id,
                                       .campaign = offer.campaign,
                                       .member = offer.member,
                                       .sale = use.sale,
                                       .points = offer.points,
                                       .at = turn.now});
    turn.effects.redemptions.push_back({.offer = id,
                                        .campaign = held.offer.campaign,
                                        .proof = use.proof,
                                        .amount = booked,
                                        .sale = use.sale,
                                        .by = use.by,
                                        .member = held.offer.member,
                                        .at = turn.now,
                                        .gift_sku = offer.gift_sku,
                                        .till = use.till});
    close(id, OfferState::Redeemed, {.by = use.by, .sale = use.sale, .till = use.till}, turn);
}

void Engine::State::expire(Turn& turn) {
    std::vector<OfferId> ended;
    for (auto& [id, held] : live) {
        Deadline& expires = held.offer.expires;
        if (unmeasured(expires.set, turn.now)) expires.set = turn.now, mark("offer/" + id.value);
        if (held.waiting) {
            const Campaign* const campaign = set->find(held.offer.campaign);
            const bool gone = !held.visit.empty() && !present(held.visit);
            // What would come into the quiet hours does not come at all.
            const bool due = passed(expires, turn.now);
            if (gone || !campaign || paused(*campaign) || (due && quiet(*campaign, turn.now)))
                ended.push_back(id);
            else if (due)
                show(held, turn);
            continue;
        }
        count_load(held, -1);
        held.lapsed = passed(expires, turn.now);
        count_load(held, 1);
        if (over(held, turn.now)) ended.push_back(id);
    }
    for (const OfferId& id : ended) close(id, OfferState::Expired, {}, turn);
}

Acted Engine::State::act(const OfferAct& act, const Stamp& now) {
    const auto at = live.find(act.offer);
    if (at == live.end() || at->second.offer.ghost || at->second.waiting) {
        const auto ended = closed.find(act.offer);
        if (ended && at == live.end()) return judge_closed(*ended, act);
        return refused(Verdict::Unknown, "no such offer");
    }
    Turn turn{.now = now};
    Offer& offer = at->second.offer;
    if (passed(offer.expires, now)) {
        if (over(at->second, now)) close(act.offer, OfferState::Expired, {}, turn);
        return {.verdict = Verdict::Expired, .detail = "expired", .effects = finish(turn)};
    }
    if (is_held(offer.state) && offer.by != act.by)
        return refused(Verdict::Taken, state_by(offer.state, offer.by));
    const auto next = target(act.action, offer.state);
    if (!next) {
        const bool again = is_held(offer.state) && leads_to(act.action, offer.state);
        return refused(again ? Verdict::Same : Verdict::Illegal, state_by(offer.state, offer.by));
    }
    if (*next == OfferState::Accepted && hands_full(act.by))
        return refused(Verdict::Illegal, "has as many offers in hand as one may have");
    // The list that staff were shown, whatever the campaign's file says by now.
    const auto& reasons = offer.decline_reasons;
    if (*next == OfferState::Declined && !reasons.empty() &&
        std::ranges::find(reasons, act.reason) == reasons.end())
        return refused(Verdict::Illegal, "the reason is not one of the campaign's");
    if (!act.choice.empty() && *next != OfferState::Declined && !choose(offer, act.choice))
        return refused(Verdict::Illegal, "that is not one of the gifts to choose from");
    const bool open = offer.gift_sku.empty() && !offer.gift_choices.empty();
    if (*next == OfferState::Redeemed && open)
        return refused(Verdict::Illegal, "one of the gifts must be chosen first");
    if (*next == OfferState::Declined) {
        close(act.offer, *next, {.reason = act.reason, .by = act.by}, turn);
    } else if (*next == OfferState::Redeemed) {
        redeem(act.offer, {.proof = RedemptionProof::Staff, .amount = offer.value, .by = act.by},
               turn);
    } else {
        count_load(at->second, -1);
        offer.state = *next;
        offer.by = act.by;
        ++offer.revision;
        count_load(at->second, 1);
        mark("offer/" + offer.id.value);
        turn.effects.offers.push_back(offer);
    }
    return {.verdict = Verdict::Done, .effects = finish(turn)};
}

Result<Effects> Engine::State::redeem_code(const CodeUse& use, const Stamp& now) {
    if (locked(use.till, now)) return denied("too many wrong codes at this till");
    if (!codes.well_formed(use.code)) {
        count_wrong(use.till, now);
        return denied("not a code of this store");
    }
    Turn turn{.now = now};
    auto at = by_code.find(use.code);
    if (at == by_code.end()) {
        if (const auto ended = closed.under(use.code)) return denied(first_use(*ended));
        const std::string fault = fault_of(use.code, {}, now);
        if (fault == "unknown") count_wrong(use.till, now);
        if (!fault.empty()) return denied(fault == "unknown" ? "unknown code" : fault);
        take_up(use.code, {.amount = use.amount.value_or(Money{}), .by = use.by, .till = use.till},
                turn);
        at = by_code.find(use.code);
    }
    const OfferId id = at->second;
    const Offer& offer = live.at(id).offer;
    if (passed(offer.expires, now)) return denied("expired");
    if (!live.at(id).issues.empty()) return denied("not_yet");
    redeem(id,
           {.proof = RedemptionProof::Code,
            .amount = use.amount.value_or(offer.value),
            .by = use.by,
            .sale = use.sale,
            .till = use.till},
           turn);
    return finish(turn);
}

}  // namespace aisle::offers
