// What is said of customers: by reference data, in the shop, by HQ.
#include <algorithm>

#include "agent/customers/state.hpp"

namespace aisle::customers {
namespace {

ConsentChange change_of(const MemberKey& member, const std::string& purpose, const Consent& consent,
                        const Stamp& at) {
    return {.member = member,
            .purpose = purpose,
            .granted = consent.granted,
            .version = consent.version,
            .by = "reference",
            .at = at};
}

std::uint16_t birthday_of(const std::string& text) {
    if (!is_month_day(text)) return 0;
    return static_cast<std::uint16_t>(std::stoi(text.substr(0, 2)) * 100 +
                                      std::stoi(text.substr(3)));
}

std::vector<KeptTag> tags_of(const MemberRow& row, Words& words) {
    std::vector<KeptTag> tags;
    for (const std::string& tag : row.tags) {
        KeptTag kept{.tag = words.intern(tag)};
        if (kept.tag == kNoWord) continue;
        if (const auto detail = row.tag_details.find(tag); detail != row.tag_details.end()) {
            kept.confidence_permille = detail->second.confidence_permille;
            kept.source = words.intern(detail->second.source);
            kept.until = detail->second.until;
        }
        tags.push_back(kept);
    }
    return tags;
}

std::vector<Counted> scores_of(const MemberRow& row, Words& words) {
    std::vector<Counted> scores;
    for (const auto& [name, n] : row.scores)
        if (const Word word = words.intern(name)) scores.push_back({word, n});
    std::ranges::sort(scores, {}, &Counted::what);
    return scores;
}

// The way through the shop is only kept while it may be tied to the member.
void forget_ways(Profile& profile, const Words& words) {
    const Word location = words.find(kConsentLocation);
    const bool agrees = std::ranges::any_of(profile.consent, [&](const KeptConsent& one) {
        return one.purpose == location && one.granted;
    });
    if (!agrees) profile.zones.clear();
}

std::string other_name(const KnownAs& known) { return known.kind + ":" + known.id; }

}  // namespace

// Grants of the file that it no longer makes end; what it makes counts if it is the later word.
void Customers::State::hear(Profile& profile, const MemberRow& row, const Stamp& at,
                            Effects& effects) {
    const MemberKey member{row.member};
    std::erase_if(profile.consent, [&](const KeptConsent& kept) {
        const std::string& purpose = words.text(kept.purpose);
        if (!kept.by_file || row.consent.contains(purpose)) return false;
        const Consent ended{.at = kept.at, .version = words.text(kept.version), .granted = false};
        effects.consents.push_back(change_of(member, purpose, ended, at));
        return true;
    });
    for (const auto& [purpose, consent] : row.consent) {
        const KeptConsent fresh{.purpose = words.intern(purpose),
                                .at = consent.at,
                                .version = words.intern(consent.version),
                                .granted = consent.granted,
                                .by_file = true};
        if (take_consent(profile, fresh))
            effects.consents.push_back(change_of(member, purpose, consent, at));
    }
    forget_ways(profile, words);
}

Effects Customers::member(const MemberRow& row, const Stamp& at) {
    Effects effects;
    State& state = *state_;
    const bool is_new = state.find(row.member) == kNobody;
    const Index name = state.find_or_add(row.member);
    if (name == kNobody) return effects;
    Profile profile = state.table.profile(name);
    profile.tier = state.words.intern(row.tier);
    profile.birthday = birthday_of(row.birthday);
    profile.tags = tags_of(row, state.words);
    profile.scores = scores_of(row, state.words);
    state.hear(profile, row, at, effects);
    if (!state.put(name, profile, effects) && is_new) state.keep(name, effects);
    std::vector<std::string> said;
    for (const KnownAs& known : row.ids) said.push_back(other_name(known));
    state.tie_to(name, said, Source::Reference, at, effects);
    if (!effects.state.empty()) state.judge(name, at);
    return effects;
}

Effects Customers::member_gone(const MemberKey& member, const Stamp& at) {
    if (state_->find(member.value) == kNobody) return {};
    return this->member(MemberRow{.member = member.value}, at);
}

Effects Customers::consent(const ConsentChange& change) {
    Effects effects;
    State& state = *state_;
    const Index name = state.find_or_add(change.member.value);
    if (name == kNobody) return effects;
    Profile profile = state.table.profile(name);
    const KeptConsent said{.purpose = state.words.intern(change.purpose),
                           .at = change.at.wall,
                           .version = state.words.intern(change.version),
                           .granted = change.granted};
    if (!take_consent(profile, said)) return effects;
    effects.consents.push_back(change);
    forget_ways(profile, state.words);
    state.put(name, profile, effects);
    for (const Index other : state.identity.person(name)) {
        Profile known = state.table.profile(other);
        if (!state.agrees(state.whole(other), kConsentLocation)) known.zones.clear();
        state.put(other, known, effects);
    }
    state.judge(name, change.at);
    return effects;
}

}  // namespace aisle::customers
