#include <algorithm>
#include <array>

#include "agent/offers/deciding.hpp"
#include "agent/offers/shop_context.hpp"
#include "agent/offers/trigger_facts.hpp"

namespace aisle::offers {
namespace {

using conditions::Truth;

constexpr std::size_t kNearestMax = 8;

std::span<const BasketLine> lines_of(const Ask& ask) {
    if (!ask.basket) return {};
    return ask.basket->lines;
}

bool lists(const std::vector<conditions::Scalar>* list, const std::string& word) {
    return list && std::ranges::any_of(*list, [&](const conditions::Scalar& element) {
               const auto* const text = std::get_if<std::string>(&element);
               return text && *text == word;
           });
}

}  // namespace

Deciding::Deciding(const CampaignSet& set, const Ask& ask, const Ledger& ledger)
    : set_{set},
      ask_{ask},
      ledger_{set, ledger},
      own_{trigger_facts(ask, set)},
      ready_{ask.ready && ask.ready->holds(set, ask.context, ask.at.wall) ? ask.ready : nullptr},
      facts_{ready_ ? conditions::Bound{ready_->bound(), ask.at.wall}
                    : conditions::Bound{set.slots(), ask.at.wall}},
      local_{ask.at.wall},
      moments_(set.moments().size()),
      people_(set.audiences().size()),
      bill_{lines_of(ask)} {
    // What the decision itself knows counts least, then what the edge has measured, then the shop.
    if (ask.context && !ready_) facts_.add(*ask.context);
    if (ask.event) facts_.add_missing(*ask.event);
    facts_.add_missing(own_);
    if (ask.customer) facts_.add(*ask.customer);
    tags_ = words_of("cust.tags");
    segments_ = words_of("cust.segments");
    consents_ = words_of("cust.consent");
}

const Deciding::Words* Deciding::words_of(std::string_view key) const {
    const auto* const value = ask_.customer ? ask_.customer->find(key, ask_.at.wall) : nullptr;
    return value ? std::get_if<Words>(value) : nullptr;
}

bool Deciding::tagged(const std::vector<std::string>& words) const {
    return std::ranges::any_of(words, [&](const std::string& word) {
        return lists(tags_, word) || lists(segments_, word);
    });
}

Reason Deciding::gate_person(const Campaign& campaign) const {
    const Audience& audience = campaign.audience;
    if (ask_.member.empty() && needs_member(campaign))
        return ask_.withheld_member ? Reason::NoConsent : Reason::NoMember;
    if ((!audience.segments.empty() && !tagged(audience.segments)) || tagged(audience.exclude))
        return Reason::NotInAudience;
    for (const std::string& purpose : audience.consent)
        if (!lists(consents_, purpose)) return Reason::NoConsent;
    return Reason::Chosen;
}

Reason Deciding::gate_basket(const Campaign& campaign) const {
    const bool priced = ask_.trigger == TriggerKind::Basket || ask_.trigger == TriggerKind::Sale;
    if (!priced) return Reason::Chosen;
    switch (reach(action_of(campaign), bill_)) {
        case Reached::ScopeEmpty:
            return Reason::ScopeEmpty;
        case Reached::BelowFirstTier:
            return Reason::BelowFirstTier;
        case Reached::Yes:
            break;
    }
    return Reason::Chosen;
}

// Quiet hours are about disturbing people: who asks is answered. Where nobody has set the clock it
// may be the middle of the night.
Reason Deciding::gate_moment(const Campaign& campaign) {
    const LocalTime& local = local_.in(*campaign.window.zone);
    if (!campaign.window.has(ask_.at.wall, local)) return Reason::OutsideWindow;
    if (!ask_.asked && campaign.limits.quiet &&
        (ask_.at.quality == ClockQuality::None || campaign.limits.quiet->has(local.minute_of_day)))
        return Reason::QuietHours;
    return Reason::Chosen;
}

// Judged once a decision for all campaigns that share it.
Reason Deciding::moment(std::uint32_t number) {
    auto& known = moments_[number];
    if (!known) known = gate_moment(campaign(set_.moments()[number]));
    return *known;
}

Reason Deciding::people(std::uint32_t number) {
    auto& known = people_[number];
    if (!known) known = gate_person(campaign(set_.audiences()[number]));
    return *known;
}

Reason Deciding::gate(const CampaignSet::Candidate& one) {
    if (ask_.dwell_s && one.dwell_s > *ask_.dwell_s) return Reason::DwellTooShort;
    if (const Reason now = moment(one.moment); now != Reason::Chosen) return now;
    if (const Reason person = people(one.people); person != Reason::Chosen) return person;
    const Truth truth = conditions::test(set_.when(one), facts_);
    if (truth != Truth::True)
        return truth == Truth::False ? Reason::ConditionFalse : Reason::ConditionUnknown;
    const Campaign& candidate = campaign(one.campaign);
    if (const Reason basket = gate_basket(candidate); basket != Reason::Chosen) return basket;
    return ledger_.refuses(candidate, ask_).value_or(Reason::Chosen);
}

bool Deciding::affordable(const Campaign& campaign, const Price& price) const {
    const auto left = ledger_.left(campaign);
    return !left || price.worth <= *left;
}

// A prompt is worth what the action can come to at most; where it has no
// upper end, what this basket would get.
Price Deciding::prompt_price(const Action& action) const {
    Price made;
    if (const auto upper = most(action))
        made.worth = *upper;
    else if (ask_.trigger == TriggerKind::Sale)
        made.worth = price(action, bill_).price.worth;
    if (lowers_price(action))
        made.off = made.worth;
    else if (const auto gifts = gifts_of(action); gifts.size() == 1)
        made.gift_sku = gifts.front();
    else
        made.gift_choices = gifts;
    if (ask_.trigger == TriggerKind::Sale) made.points = price(action, bill_).price.points;
    return made;
}

Drawn Deciding::drawn(const Campaign& campaign, Unit* told) const {
    std::string place = ask_.store.value;
    if (!ask_.zone.empty()) place += "|" + ask_.zone.value;
    Unit unit =
        unit_of(campaign.experiment, {.person = ask_.unit, .place = place, .at = ask_.at.wall});
    Drawn made = draw(campaign.experiment, unit, ledger_.drawn(campaign, unit));
    if (told) *told = std::move(unit);
    return made;
}

// The same for everybody, but where the campaign draws its price by lot and says so.
const Action& Deciding::action_of(const Campaign& campaign) const {
    if (!campaign.experiment.open_prices) return campaign.action;
    const Drawn made = drawn(campaign);
    return made.arm && made.arm->action ? *made.arm->action : campaign.action;
}

// Who is withheld. Somebody who asks gets the offer, but is counted where the
// hash has put them.
void Deciding::assign(const Campaign& campaign, Win& win) const {
    Unit unit;
    Drawn made = drawn(campaign, &unit);
    win.unit = unit.drawn_as();
    win.reason = Reason::Chosen;
    if (made.withheld) {
        const bool control = made.arm != nullptr;
        win.reason =
            ask_.asked ? Reason::HoldoutEntitled : (control ? Reason::Control : Reason::Holdout);
    }
    win.arm = std::move(made.group);
}

// The first that can be afforded; a ghost takes the place of the prompt too,
// else the control group would see another one.
void Deciding::choose_prompt() {
    for (Considered& one : decided_.considered) {
        if (one.reason != Reason::Chosen) continue;
        const Campaign& candidate = campaign(one.campaign);
        if (!decided_.wins.empty()) {
            const bool alone = campaign(decided_.wins.front().campaign).stack.exclusive;
            one.reason = alone ? Reason::Exclusive : Reason::LowerPriority;
            continue;
        }
        Win win{.campaign = one.campaign, .price = prompt_price(action_of(candidate))};
        if (const Reason paid = covered(candidate, win.price); paid != Reason::Chosen) {
            one.reason = paid;
            continue;
        }
        assign(candidate, win);
        one.reason = win.reason;
        decided_.wins.push_back(std::move(win));
    }
}

// Who came further stands first among those named; among equals the order of priority, in which the
// candidates stand. One pass: there may be thousands.
void Deciding::summarise(Decision& decision) const {
    std::array<std::int32_t, kReasons> counts{};
    std::vector<const Considered*> nearest;
    nearest.reserve(kNearestMax + 1);
    for (const Considered& one : decided_.considered) {
        ++counts.at(static_cast<std::size_t>(one.reason));
        const bool full = nearest.size() == kNearestMax;
        if (wins(one.reason) || (full && nearest.back()->reason >= one.reason)) continue;
        const auto place = std::ranges::upper_bound(
            nearest, one.reason, std::greater{}, [](const auto* other) { return other->reason; });
        nearest.insert(place, &one);
        if (full) nearest.pop_back();
    }
    for (std::size_t i = 0; i < kReasons; ++i)
        if (counts[i] > 0) decision.counts.emplace(to_text(static_cast<Reason>(i)), counts[i]);
    for (const Considered* const one : nearest)
        decision.nearest.push_back(
            {.campaign = campaign(one->campaign).id, .reason = std::string{to_text(one->reason)}});
}

Decided Deciding::run() {
    const auto candidates = set_.candidates(ask_.trigger, index_key(ask_));
    decided_.considered.reserve(candidates.size());
    for (const CampaignSet::Candidate& one : candidates) {
        if (one.dwell_s <= ask_.dwell_from_s && ask_.trigger == TriggerKind::ZoneDwell) continue;
        if (one.coupon && !asked_for(campaign(one.campaign))) continue;
        decided_.considered.push_back({.campaign = one.campaign, .reason = gate(one)});
    }
    if (ask_.trigger == TriggerKind::Basket)
        choose_for_basket();
    else
        choose_prompt();
    Decision& decision = decided_.decision;
    decision.trigger = ask_.trigger;
    decision.at = ask_.at;
    decision.campaign_set = set_.digest();
    if (!decided_.wins.empty()) decision.winner = campaign(decided_.wins.front().campaign).id;
    if (!decided_.considered.empty())
        decision.context = context_json(ask_, ready_, ledger_.heard(), set_.digest());
    summarise(decision);
    return std::move(decided_);
}

Decided decide(const CampaignSet& set, const Ask& ask, const Ledger& ledger) {
    return Deciding{set, ask, ledger}.run();
}

}  // namespace aisle::offers
