#include "agent/app/floor.hpp"

#include <utility>

#include "agent/app/trials.hpp"
#include "agent/records/exposure_record.hpp"
#include "agent/records/floor_hour_records.hpp"
#include "agent/records/floor_records.hpp"
#include "agent/records/ledger_records.hpp"
#include "agent/records/offer_records.hpp"
#include "agent/records/sale_json.hpp"
#include "agent/records/scene_records.hpp"

namespace aisle::app {

void Floor::sale(Turn& turn, const Sale* old, const Sale& sale, std::string digest) {
    turn.add(records::sale_record(sale, std::move(digest), turn.now));
    take(turn, engines_.footfall.sale(old, sale));
    take(turn, engines_.customers.sale(old, sale, turn.now));
    take(turn, engines_.offers->sale(old, sale, turn.now));
}

void Floor::crossing(Turn& turn, const Crossing& seen) {
    const Crossing crossing = engines_.staff_at_door.judge(seen);
    turn.add(records::crossing_record(crossing, turn.now));
    engines_.commissioning.crossing(crossing);
    take(turn, engines_.footfall.crossing(crossing));
}

void Floor::staff_crossings(Turn& turn, const std::vector<Crossing>& known) {
    for (const Crossing& crossing : known) take(turn, engines_.footfall.staff(crossing));
}

void Floor::count(Turn& turn, const CountReading& count) {
    turn.add(records::count_record(count, turn.now));
    engines_.commissioning.count(count);
    take(turn, engines_.footfall.count(count));
}

void Floor::blind(Turn& turn, const Blindness& blindness) {
    turn.add(records::blindness_record(blindness, turn.now));
    engines_.commissioning.blind(blindness);
    take(turn, engines_.footfall.blind(blindness));
}

void Floor::u_turn(Turn& turn, const UTurn& u_turn) {
    turn.add(records::u_turn_record(u_turn, turn.now));
    engines_.commissioning.u_turn(u_turn);
    take(turn, engines_.footfall.u_turn(u_turn));
}

void Floor::stay(Turn& turn, const ZoneStay& stay) {
    turn.add(records::zone_stay_record(stay, turn.now));
    take(turn, engines_.footfall.stay(stay));
}

void Floor::scene(Turn& turn, const SceneMinute& minute) {
    turn.add(records::scene_minute_record(minute, turn.now));
    engines_.zones_now.heard(minute);
    engines_.context_changed();
    take(turn, engines_.footfall.scene(minute));
}

void Floor::visits(Turn& turn, presence::PresenceEffects effects) {
    turn.add(std::move(effects.state));
    for (const ZoneVisit& visit : effects.closed) {
        turn.add(records::zone_visit_record(visit, turn.now));
        if (visit.bearer != TagBearer::Staff) take(turn, engines_.footfall.visit(visit));
        staff_crossings(turn, engines_.staff_at_door.visit(visit));
        take(turn, engines_.customers.visit(visit, turn.now));
        take(turn, engines_.offers->visit(visit, turn.now));
    }
    for (const ZoneVisit& visit : effects.opened) {
        staff_crossings(turn, engines_.staff_at_door.visit(visit));
        take(turn, engines_.offers->visit(visit, turn.now));
        if (!visit.member.empty()) {
            take(turn, engines_.offers->member_seen(visit.member, false, turn.now));
        }
    }
}

void Floor::relink(Turn& turn, const intake::Relink& link) {
    take(turn, engines_.customers.take_over(link.from, link.to, turn.now));
    take(turn, engines_.offers->relink(link.from, link.to, turn.now));
}

void Floor::member(Turn& turn, const MemberRow& row) {
    take(turn, engines_.customers.member(row, turn.now));
}

void Floor::member_gone(Turn& turn, const MemberKey& member) {
    take(turn, engines_.customers.member_gone(member, turn.now));
}

void Floor::chain_member(Turn& turn, const MemberRow& row) {
    customers::Effects effects = engines_.customers.member(row, turn.now);
    effects.consents.clear();
    take(turn, std::move(effects));
}

void Floor::chain_member_gone(Turn& turn, const MemberKey& member) {
    customers::Effects effects = engines_.customers.member_gone(member, turn.now);
    effects.consents.clear();
    take(turn, std::move(effects));
}

std::vector<MemberKey> Floor::erase(Turn& turn, const MemberKey& member) {
    auto begun = erasing_.begin(member, engines_.customers.names_to_forget(member));
    turn.add(std::move(begun.rows));
    std::vector<std::string> names = engines_.customers.person(member.value);
    if (names.empty()) names.push_back(member.value);
    take(turn, engines_.customers.erase(member));
    for (const std::string& name : names) {
        for (auto& [key, tag] : engines_.tags)
            if (tag.member == name) tag.member.clear();
        take(turn, engines_.offers->erase(MemberKey{name}, turn.now));
    }
    return std::move(begun.names);
}

void Floor::enrolments(Turn& turn) {
    std::map<std::string, std::vector<std::string>> tags;
    for (const auto& [key, tag] : engines_.tags) {
        const MemberKey member{tag.member};
        if (!member.empty() && engines_.customers.consents(member, kConsentLocation))
            tags[member.value].push_back("tag:" + key.value);
    }
    take(turn, engines_.customers.enrolled(tags, turn.now));
}

void Floor::tie(Turn& turn, const customers::Evidence& evidence, bool link, const std::string& by) {
    audit_.record(turn, {.actor = by,
                         .action = link ? "identity.link" : "identity.unlink",
                         .subject = evidence.name,
                         .detail = evidence.other});
    take(turn, link ? engines_.customers.link(evidence, turn.now)
                    : engines_.customers.unlink(evidence, turn.now));
}

void Floor::new_epoch(Turn& turn) { take(turn, engines_.offers->new_epoch(turn.now)); }

void Floor::consent(Turn& turn, const ConsentChange& change) {
    audit_.record(turn, {.actor = change.by,
                         .action = change.granted ? "consent.grant" : "consent.withdraw",
                         .subject = change.member.value,
                         .detail = change.purpose});
    take(turn, engines_.customers.consent(change));
    if (change.purpose == kConsentLocation) enrolments(turn);
    const bool prompts = change.purpose == kConsentMarketing;
    if (prompts && !engines_.customers.consents(change.member, kConsentMarketing))
        take(turn, engines_.offers->consent_withdrawn(change.member, turn.now));
}

std::vector<CampaignVerdict> Floor::check_in(Turn& turn, const MemberKey& member) {
    offers::Effects effects = engines_.offers->member_seen(member, true, turn.now);
    std::vector<CampaignVerdict> why_not;
    if (!effects.withheld.empty())
        why_not = effects.withheld.front().nearest;
    else if (!effects.offers.empty())
        why_not = effects.offers.front().decision.nearest;
    take(turn, std::move(effects));
    return why_not;
}

Floor::Acted Floor::act(Turn& turn, const OfferAct& act) {
    offers::Acted answer = engines_.offers->act(act, turn.now);
    Acted acted{.verdict = answer.verdict};
    const Offer* live = engines_.offers->find(act.offer);
    if (live != nullptr && !live->ghost) acted.offer = *live;
    for (const Offer& changed : answer.effects.offers) {
        if (changed.id == act.offer) acted.offer = changed;
    }
    const bool shown =
        answer.verdict == offers::Verdict::Done && act.action == OfferAction::Present;
    if (shown && acted.offer) turn.add(records::exposure_record(*acted.offer, act.by, turn.now));
    take(turn, std::move(answer.effects));
    return acted;
}

offers::Verdict Floor::stop_campaign(Turn& turn, const staff::CampaignStop& stop) {
    offers::Acted acted = stop.stop ? engines_.offers->stop(stop.campaign, stop.by, turn.now)
                                    : engines_.offers->resume(stop.campaign, stop.by, turn.now);
    take(turn, std::move(acted.effects));
    return acted.verdict;
}

BasketDecision Floor::basket(Turn& turn, const Basket& basket) {
    offers::BasketAnswer answer = engines_.offers->basket(basket, turn.now);
    take(turn, std::move(answer.effects));
    return std::move(answer.answer);
}

void Floor::cancel_basket(Turn& turn, const std::string& key) {
    take(turn, engines_.offers->cancel_basket(key, turn.now));
}

void Floor::tick(Turn& turn) {
    staff_crossings(turn, engines_.staff_at_door.tick(turn.now.wall));
    for (const auto& judged : engines_.commissioning.tick(turn.now.wall)) measured(turn, judged);
    take(turn, engines_.footfall.tick(turn.now));
    take(turn, engines_.customers.tick(turn.now));
    take(turn, engines_.offers->tick(turn.now));
    funnel_.keep(turn);
}

void Floor::take(Turn& turn, footfall::Effects effects) {
    // People have come or gone, or a day is over: each of these is a row.
    if (!effects.state.empty()) engines_.context_changed();
    for (const FootfallMinute& minute : effects.minutes) {
        turn.add(records::footfall_minute_record(minute, turn.now));
    }
    for (const FloorHour& hour : effects.hours)
        turn.add(records::floor_hour_record(hour, turn.now));
    for (const FootfallDay& day : effects.days)
        turn.add(records::footfall_day_record(day, turn.now));
    turn.add(std::move(effects.state));
}

void Floor::take(Turn& turn, customers::Effects effects) {
    for (const customers::Transition& step : effects.transitions) {
        turn.add(records::transition_record(
            {.member = step.member, .from = step.from, .to = step.to, .at = step.at}));
    }
    for (const ConsentChange& change : effects.consents) turn.add(records::consent_record(change));
    for (const customers::Tied& tied : effects.tied) {
        audit_.record(turn, {.actor = std::string{to_text(tied.by)},
                             .action = "identity.tied",
                             .subject = tied.name,
                             .detail = tied.before + " to " + tied.after});
    }
    turn.add(std::move(effects.state));
}

void Floor::take(Turn& turn, offers::Effects effects) {
    if (!effects.offers.empty() || !effects.withheld.empty())
        shelf_.used(turn, engines_.offers->campaigns());
    if (!effects.considered.empty() || !effects.offers.empty())
        funnel_.take(effects, engines_.offers->campaigns(),
                     engines_.footfall.today(turn.now.wall).date);
    for (const Offer& offer : effects.offers) take_offer(turn, offer);
    for (const Decision& decision : effects.withheld) {
        turn.add(records::withheld_record(decision, turn.now));
    }
    for (const offers::Exposure& exposure : effects.exposures) {
        turn.add(records::experiment_record({.campaign = exposure.campaign,
                                             .experiment = exposure.experiment,
                                             .subject = exposure.subject,
                                             .arm = exposure.arm,
                                             .offer = exposure.offer,
                                             .at = exposure.at}));
    }
    for (const Redemption& redemption : effects.redemptions) {
        turn.add(records::redemption_record(redemption));
    }
    for (const RedemptionReturn& undone : effects.returns)
        turn.add(records::redemption_return_record(undone));
    for (const PointsEntry& entry : effects.points) turn.add(records::points_record(entry));
    for (const BudgetMove& move : effects.budget) turn.add(records::budget_record(move));
    for (const offers::Refusal& refusal : effects.refusals) {
        audit_.record(turn, {.actor = "till " + refusal.till.value,
                             .action = "redemption.refuse",
                             .subject = refusal.code,
                             .detail = refusal.reason});
    }
    add_trials(turn, effects, audit_);
    add_flags(turn, effects, audit_);
    turn.add(std::move(effects.state));
}

// A ghost is told to HQ once, as `withheld`: nobody sees it and nothing is done with it.
void Floor::take_offer(Turn& turn, const Offer& offer) {
    if (offer.ghost) {
        if (offer.revision == 1) turn.add(records::withheld_record(offer, turn.now));
        return;
    }
    turn.add(records::offer_record(offer, turn.now));
    const bool ended = offer.state == OfferState::Redeemed || offer.state == OfferState::Declined ||
                       offer.state == OfferState::Expired;
    if (ended) turn.add(records::outcome_record(offer, turn.now));
    if (offer.trigger == TriggerKind::Basket) return;  // a reservation: the till has its answer
    turn.after.push_back([this, offer] { announce_(offer); });
}

}  // namespace aisle::app
