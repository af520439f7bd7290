#include <algorithm>
#include <cmath>

#include "agent/core/customer.hpp"
#include "agent/offers/digest.hpp"
#include "agent/offers/fairness.hpp"
#include "agent/offers/state.hpp"
#include "agent/offers/texts.hpp"

// From a trigger to an offer.
namespace aisle::offers {
namespace {

void add_chip(Offer& offer, std::string key, std::string value) {
    if (!value.empty()) offer.reasons.push_back({std::move(key), std::move(value)});
}

std::string number_text(const conditions::Facts* facts, std::string_view key, const Stamp& now) {
    const auto* const value = facts ? facts->find(key, now.wall) : nullptr;
    const auto* const number = value ? std::get_if<std::int64_t>(value) : nullptr;
    return number ? std::to_string(*number) : "";
}

// What was measured, without the noise of a figure that is whole.
std::string measured(const Ask& ask) {
    const auto* value = ask.event->find("trigger.value", ask.at.wall);
    if (!value) value = ask.event->find("trigger.at", ask.at.wall);
    if (!value) return {};
    if (const auto* const text = std::get_if<std::string>(value)) return *text;
    if (const auto* const whole = std::get_if<std::int64_t>(value)) return std::to_string(*whole);
    const auto* const real = std::get_if<double>(value);
    return real ? std::to_string(std::llround(*real)) : std::string{};
}

void add_reasons(const Ask& ask, Offer& offer) {
    if (ask.event) add_chip(offer, std::string{to_text(ask.trigger)}, measured(ask));
    if (ask.dwell_s) add_chip(offer, "dwell_s", std::to_string(*ask.dwell_s));
    add_chip(offer, "zone", ask.zone.value);
    add_chip(offer, "lifecycle", offer.lifecycle);
    add_chip(offer, "tier", offer.tier);
    add_chip(offer, "days_since_last", number_text(ask.customer, "cust.days_since_last", ask.at));
    if (!ask.basket) return;
    Money total;
    for (const BasketLine& line : ask.basket->lines) total += line.net();
    add_chip(offer, "basket_minor", std::to_string(total.minor()));
}

// What a redemption is recognised by.
std::vector<std::string> marks_of(const Action& action) {
    auto gifts = gifts_of(action);
    return gifts.empty() ? scope_of(action).skus : gifts;
}

// The campaign's words, with those of the arm in the languages that it has.
std::map<std::string, std::string> title_of(const Campaign& campaign, const Arm* arm) {
    auto title = campaign.delivery.title;
    if (arm)
        for (const auto& [language, words] : arm->title) title[language] = words;
    if (title.empty()) title["en"] = campaign.id.value;
    return title;
}

Offer offer_of(const Campaign& campaign, const Ask& ask, const Win& win) {
    const Action& action = action_of(campaign, win.arm);
    const Arm* const arm = arm_named(campaign.experiment, win.arm);
    Offer offer{.campaign = campaign.id,
                .campaign_version = campaign.version,
                .action = std::string{to_text(action)},
                .title = title_of(campaign, arm),
                .value = win.price.worth,
                .trigger = ask.trigger,
                .member = ask.member,
                .eyes = ask.eyes,
                .zone = ask.zone,
                .till = ask.till,
                .skus = marks_of(action),
                .made = ask.at,
                .expires = {.set = ask.at, .wait = campaign.delivery.ttl},
                .ghost = win.reason == Reason::Holdout || win.reason == Reason::Control,
                .gift_sku = win.price.gift_sku,
                .gift_choices = win.price.gift_choices,
                .points = win.price.points};
    if (ask.customer) {
        offer.tier = ask.customer->text("cust.tier", ask.at.wall);
        offer.lifecycle = ask.customer->text("cust.lifecycle", ask.at.wall);
    }
    // Nobody declines what nobody is shown: ghosts and baskets carry no list.
    if (!offer.ghost && ask.trigger != TriggerKind::Basket)
        offer.decline_reasons = campaign.delivery.decline_reasons;
    add_reasons(ask, offer);
    // A price that is drawn by lot says so wherever it is shown.
    if (arm && arm->action) add_chip(offer, "price_by_lot", arm->name);
    return offer;
}

}  // namespace

std::string Engine::State::next_id(const Stamp& now) {
    mark("sequence");
    return id_of("offers|" + settings.store.value + '|' + std::to_string(++ids) + '|' +
                 std::to_string(now.boot) + '|' +
                 std::to_string(now.mono.time_since_epoch().count()) + '|' +
                 std::to_string(now.wall.time_since_epoch().count()));
}

bool Engine::State::agrees_to_prompts(const conditions::Facts& customer, const Stamp& now) const {
    return customer.lists("cust.consent", kConsentMarketing, now.wall);
}

Held& Engine::State::offer(const Ask& ask, const Decision& decision, const Win& win, Turn& turn) {
    const Campaign& campaign = set->all()[win.campaign];
    Held held{.offer = offer_of(campaign, ask, win), .subject = ask.subject, .arm = win.arm};
    const Arm* const arm = arm_named(campaign.experiment, win.arm);
    Offer& offer = held.offer;
    offer.id = OfferId{next_id(turn.now)};
    offer.decision = decision;
    if (campaign.personal)
        add_chip(offer, std::string{kAlternativeChip},
                 win.alternative.empty() ? std::string{kNoAlternative} : win.alternative.value);
    if (const auto was = was_price(campaign, turn.now))
        add_chip(offer, "was_minor", std::to_string(was->minor()));
    if (ask.trigger == TriggerKind::Basket) {
        offer.basket = ask.basket->key;
        offer.expires.wait = settings.reservation;
        reservations[offer.basket].insert(offer.id);
    }
    held.shares = win.price.shares;
    give_code(ask, campaign, held);
    promise(offer, 1);
    Account& account = account_of(campaign.id);
    ++(offer.ghost ? account.withheld : account.offered);
    if (!offer.ghost) ++account.live;
    mark("account/" + campaign.id.value);
    if (!offer.ghost) reserve(campaign, held, win.price.worth, turn);
    grant(campaign, held, turn.now);
    turn.effects.exposures.push_back({.campaign = campaign.id,
                                      .experiment = campaign.experiment.key,
                                      .subject = win.unit,
                                      .arm = win.arm,
                                      .offer = offer.id,
                                      .at = turn.now});
    expose(campaign, ask, win, turn);
    mark("offer/" + offer.id.value);
    held.waiting = arm && arm->delay.count() > 0 && !ask.asked && !offer.ghost;
    if (held.waiting) {
        offer.expires.wait = arm->delay;
        held.visit = ask.visit;
    } else {
        turn.effects.offers.push_back(offer);
    }
    count_load(held, 1);
    return live.emplace(offer.id, std::move(held)).first->second;
}

// The coupon that brought it, or a fresh one.
void Engine::State::give_code(const Ask& ask, const Campaign& campaign, Held& held) {
    Offer& offer = held.offer;
    const Action& action = action_of(campaign, held.arm);
    const auto* const issue = std::get_if<CouponIssue>(&action);
    const bool at_till = lowers_price(action) || !gifts_of(action).empty();
    const auto brought = std::ranges::find(ask.coupons, campaign.id, &Presented::campaign);
    if (offer.ghost ||
        (!(campaign.delivery.code && at_till) && !issue && brought == ask.coupons.end()))
        return;
    if (brought != ask.coupons.end()) {
        offer.code = brought->code;
        held.by_coupon = true;
        coupons[offer.code].basket = offer.basket;
        mark("coupon/" + offer.code);
    } else {
        do offer.code = codes.at(codes_given++);
        while (by_code.contains(offer.code) || coupons.contains(offer.code));
    }
    by_code[offer.code] = offer.id;
    if (!issue) return;
    held.issues = {.campaign = issue->campaign,
                   .from = {.set = ask.at, .wait = issue->after},
                   .until = {.set = ask.at, .wait = issue->after + issue->valid}};
}

void Engine::State::find_alternatives(Decided& decided) const {
    for (Win& win : decided.wins)
        if (set->all()[win.campaign].personal)
            win.alternative = alternative_to(*set, decided, win, *this);
}

// `ask` without facts and without consent looked at: a member who has not agreed becomes anonymous
// here.
void Engine::State::prompt(Ask ask, Turn& turn) {
    if (set->candidates(ask.trigger, index_key(ask)).empty()) return;
    ask.store = settings.store;
    const conditions::Facts& context = around.context(turn.now);
    conditions::Facts customer;
    if (!ask.member.empty()) customer = around.customer(ask.member, turn.now);
    if (!ask.member.empty() && !ask.asked && !agrees_to_prompts(customer, turn.now)) {
        if (ask.unit == ask.member.value) ask.unit.clear(), ask.subject.clear();
        ask.member = MemberKey{};
        ask.withheld_member = true;
        customer = {};
    }
    if (!ask.member.empty()) ask.subject = ask.unit = ask.member.value;
    ask.context = &context;
    ask.ready = around.ready(turn.now);
    ask.customer = &customer;
    settle_gifts(context, turn.now);
    Decided decided = decide(*set, ask, *this);
    if (decided.considered.empty()) return;
    decided.decision.id = next_id(turn.now);
    find_alternatives(decided);
    turn.effects.considered.push_back(std::move(decided.considered));
    if (decided.wins.empty())
        turn.effects.withheld.push_back(std::move(decided.decision));
    else
        offer(ask, decided.decision, decided.wins.front(), turn);
}

// The time of an arm with a delay has come: from now on it is an offer like any other.
void Engine::State::show(Held& held, Turn& turn) {
    const Campaign* const campaign = set->find(held.offer.campaign);
    held.waiting = false;
    held.visit.clear();
    held.offer.made = turn.now;
    held.offer.expires = {.set = turn.now,
                          .wait = campaign ? campaign->delivery.ttl : Delivery{}.ttl};
    mark("offer/" + held.offer.id.value);
    turn.effects.offers.push_back(held.offer);
}

}  // namespace aisle::offers
