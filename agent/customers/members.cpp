#include <algorithm>

#include "agent/customers/customers.hpp"
#include "agent/customers/state.hpp"

namespace aisle::customers {

namespace {

// Of two statements the later counts; of two at the same instant the withdrawal.
bool overrules(const Consent& fresh, const Consent& kept) {
    if (fresh.at != kept.at) return fresh.at > kept.at;
    return kept.granted && !fresh.granted;
}

bool take_consent(Profile& profile, const std::string& purpose, KeptConsent fresh) {
    const auto at = profile.consent.find(purpose);
    if (at == profile.consent.end()) {
        profile.consent.emplace(purpose, std::move(fresh));
        return true;
    }
    if (!overrules(fresh.consent, at->second.consent)) return false;
    at->second = std::move(fresh);
    return true;
}

// What `earlier` adds to what is known.
void join(Profile& known, const Profile& earlier, const LifecycleThresholds& thresholds) {
    if (known.tier.empty()) known.tier = earlier.tier;
    for (const std::string& tag : earlier.tags) {
        if (std::ranges::find(known.tags, tag) == known.tags.end()) known.tags.push_back(tag);
    }
    for (const auto& [purpose, consent] : earlier.consent) take_consent(known, purpose, consent);
    join_purchases(known, earlier, thresholds);
}

ConsentChange change_of(const MemberKey& member, const std::string& purpose, const Consent& consent,
                        const Stamp& at) {
    return {.member = member,
            .purpose = purpose,
            .granted = consent.granted,
            .version = consent.version,
            .by = "reference",
            .at = at};
}

}  // namespace

Effects Customers::member(const MemberRow& row, const Stamp& at) {
    Effects effects;
    const MemberKey member{row.member};
    const bool is_new = !state_->find(member);
    Profile* const profile = state_->find_or_add(member);
    if (!profile) return effects;
    const Profile before = *profile;
    profile->tier = row.tier;
    profile->tags = row.tags;
    profile->scores = row.scores;
    std::erase_if(profile->consent, [&](const auto& item) {
        const auto& [purpose, kept] = item;
        if (!kept.by_file || row.consent.contains(purpose)) return false;
        Consent ended = kept.consent;
        ended.granted = false;
        effects.consents.push_back(change_of(member, purpose, ended, at));
        return true;
    });
    for (const auto& [purpose, consent] : row.consent)
        if (take_consent(*profile, purpose, {.consent = consent, .by_file = true}))
            effects.consents.push_back(change_of(member, purpose, consent, at));
    if (is_new || *profile != before) state_->keep(member, effects);
    return effects;
}

Effects Customers::member_gone(const MemberKey& member, const Stamp& at) {
    if (!state_->find(member)) return {};
    return this->member(MemberRow{.member = member.value}, at);
}

Effects Customers::erase(const MemberKey& member) {
    Effects effects;
    if (state_->profiles.erase(member) == 0) return effects;
    std::erase(state_->order, member);
    effects.state.push_back({std::string{kRoom}, member.value, ""});
    return effects;
}

Effects Customers::take_over(const MemberKey& from, const MemberKey& to, const Stamp& at) {
    Effects effects;
    if (from == to || to.empty() || !state_->find(from)) return effects;
    const Profile earlier = std::move(*state_->find(from));
    state_->profiles.erase(from);
    effects.state.push_back({std::string{kRoom}, from.value, ""});
    const auto place = std::ranges::find(state_->order, from);
    if (Profile* const known = state_->find(to)) {
        state_->order.erase(place);
        join(*known, earlier, state_->settings.lifecycle);
        state_->settle(to, Moved::BySale, at, effects);
    } else {
        *place = to;
        state_->profiles[to] = earlier;
    }
    state_->keep(to, effects);
    return effects;
}

Effects Customers::consent(const ConsentChange& change) {
    Effects effects;
    Profile* const profile = state_->find_or_add(change.member);
    if (!profile) return effects;
    const Consent said{.at = change.at.wall, .version = change.version, .granted = change.granted};
    if (!take_consent(*profile, change.purpose, {.consent = said})) return effects;
    effects.consents.push_back(change);
    state_->keep(change.member, effects);
    return effects;
}

bool Customers::consents(const MemberKey& member, std::string_view purpose) const {
    const Profile* const profile = state_->find(member);
    if (!profile) return false;
    const auto at = profile->consent.find(std::string{purpose});
    return at != profile->consent.end() && at->second.consent.granted;
}

conditions::Facts Customers::facts(const MemberKey& member, const Stamp& now) const {
    const CustomerCard card = this->card(member, now);
    conditions::Facts facts;
    facts.set("cust.known", card.known);
    if (!card.known) return facts;
    std::vector<std::string> purposes;
    for (const auto& [purpose, consent] : card.consent)
        if (consent.granted) purposes.push_back(purpose);
    facts.set("cust.consent", conditions::to_list(purposes));
    facts.set("cust.tags", conditions::to_list(card.tags));
    if (!card.tier.empty()) facts.set("cust.tier", card.tier);
    for (const auto& [name, n] : state_->find(member)->scores) facts.set("cust.score." + name, n);
    facts.set("cust.purchases", std::int64_t{card.purchases});
    facts.set("cust.lifecycle", std::string{to_text(card.stage)});
    if (card.days_since_last < 0) return facts;
    std::vector<std::string> categories;
    for (const auto& [category, n] : card.categories) categories.push_back(category);
    facts.set("cust.categories", conditions::to_list(categories));
    facts.set("cust.days_since_last", card.days_since_last);
    facts.set("cust.rfm.f", std::int64_t{card.frequency});
    facts.set("cust.rfm.m", std::int64_t{card.monetary});
    facts.set("cust.rfm.r", std::int64_t{card.recency});
    facts.set("cust.spent_minor", card.spent.minor());
    if (card.purchases > 0) facts.set("cust.average_minor", card.spent.minor() / card.purchases);
    return facts;
}

}  // namespace aisle::customers
