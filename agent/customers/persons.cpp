// Several names, one person: tying and untying them, one taking another's place, and forgetting.
#include <algorithm>

#include "agent/customers/state.hpp"

namespace aisle::customers {

Profile Customers::State::whole(const std::vector<Index>& person) const {
    Profile profile = table.profile(person.front());
    for (std::size_t i = 1; i < person.size(); ++i)
        join(profile, table.profile(person[i]), settings.lifecycle);
    return profile;
}

Profile Customers::State::whole(Index name) const { return whole(identity.person(name)); }

// Adds `n` pieces of evidence, or takes them away, and says what became of the people around.
void Customers::State::tie(const Evidence& evidence, std::int32_t n, const Stamp& now,
                           Effects& effects) {
    const bool known = find(evidence.name) != kNobody && find(evidence.other) != kNobody;
    if (n < 0 && !known) return;
    const Index a = find_or_add(evidence.name);
    const Index b = find_or_add(evidence.other);
    if (a == kNobody || b == kNobody || a == b) return;
    const auto around = identity.around(a, b);
    std::vector<Index> before;
    for (const Index name : around) before.push_back(identity.person(name).front());
    const auto link =
        identity.add({.a = a, .b = b, .source = evidence.source, .n = n, .at = now.wall});
    if (!link) return;
    keep_link(*link, effects);
    auto after = identity.around(a, b);
    for (const Index name : around)
        if (std::ranges::find(after, name) == after.end()) after.push_back(name);
    for (const Index name : after) {
        const Index head = identity.person(name).front();
        const auto at = std::ranges::find(around, name);
        const Index earlier =
            at == around.end() ? head : before[static_cast<std::size_t>(at - around.begin())];
        if (earlier != head)
            effects.tied.push_back({.name = table.name(name),
                                    .before = table.name(earlier),
                                    .after = table.name(head),
                                    .by = evidence.source});
    }
    for (const Index name : after) {
        if (identity.person(name).front() == name) settle(name, Moved::BySale, now, effects);
        judge(name, now);
    }
}

// The names that this source says of `name`, and no others.
void Customers::State::tie_to(Index name, const std::vector<std::string>& said, Source source,
                              const Stamp& now, Effects& effects) {
    std::vector<std::string> known;
    for (const Link& link : identity.links(name))
        if (link.source == source) known.push_back(table.name(link.a == name ? link.b : link.a));
    const std::string own = table.name(name);
    for (const std::string& other : known)
        if (std::ranges::find(said, other) == said.end())
            tie({.name = own, .other = other, .source = source}, -1, now, effects);
    for (const std::string& other : said)
        if (std::ranges::find(known, other) == known.end())
            tie({.name = own, .other = other, .source = source}, +1, now, effects);
}

Effects Customers::enrolled(const std::map<std::string, std::vector<std::string>>& tags,
                            const Stamp& at) {
    Effects effects;
    State& state = *state_;
    for (const Link& link : state.identity.all()) {
        if (link.source != Source::Enrolment) continue;
        const Index member = state.table.is_member(link.a) ? link.a : link.b;
        if (!tags.contains(state.table.name(member)))
            state.tie_to(member, {}, Source::Enrolment, at, effects);
    }
    for (const auto& [member, names] : tags)
        if (const Index name = state.find(member); name != kNobody)
            state.tie_to(name, names, Source::Enrolment, at, effects);
    return effects;
}

Effects Customers::link(const Evidence& evidence, const Stamp& at) {
    Effects effects;
    state_->tie(evidence, +1, at, effects);
    return effects;
}

Effects Customers::unlink(const Evidence& evidence, const Stamp& at) {
    Effects effects;
    state_->tie(evidence, -1, at, effects);
    return effects;
}

// All links of a name end; their rows go. A household's card may be one person's alone now: the
// people around are judged anew when they are asked for.
void Customers::State::cut(Index name, Effects& effects) {
    for (Link link : identity.links(name)) {
        for (const Index near : identity.around(link.a, link.b)) segments.doubt(near);
        link.n = -link.n;
        if (const auto gone = identity.add(link)) keep_link(*gone, effects);
    }
}

void Customers::State::forget(Index name, Effects& effects) {
    effects.state.push_back({std::string{kRoom}, table.name(name), ""});
    cut(name, effects);
    segments.forget(name);
    table.erase(name);
}

// A card that the file gives to this person and that another one pays with stands in that one's
// receipts: those are not this person's to be forgotten.
std::vector<std::string> Customers::names_to_forget(const MemberKey& member) const {
    const Index name = state_->find(member.value);
    if (name == kNobody) return {member.value};
    const auto person = state_->identity.person(name);
    std::vector<std::string> names;
    for (const Index one : person) {
        const auto links = state_->identity.links(one);
        const bool card = !state_->table.is_member(one);
        const bool anothers = card && std::ranges::any_of(links, [&](const Link& link) {
                                  const Index end = link.a == one ? link.b : link.a;
                                  return link.source == Source::Receipt &&
                                         std::ranges::find(person, end) == person.end();
                              });
        const std::string text = state_->table.name(one);
        if (!anothers) names.push_back(text.substr(text.find(':') + 1));
    }
    return names;
}

Effects Customers::erase(const MemberKey& member) {
    Effects effects;
    const Index name = state_->find(member.value);
    if (name == kNobody) return effects;
    for (const Index one : state_->identity.person(name)) state_->forget(one, effects);
    return effects;
}

Effects Customers::take_over(const MemberKey& from, const MemberKey& to, const Stamp& at) {
    Effects effects;
    State& state = *state_;
    const Index earlier = state.find(from.value);
    if (from == to || to.empty() || earlier == kNobody) return effects;
    const bool both = state.find(to.value) != kNobody;
    const Profile known_before = state.table.profile(earlier);
    const std::vector<Link> links = state.identity.links(earlier);
    state.forget(earlier, effects);
    const Index name = state.table.find_or_add(to.value);
    Profile profile = both ? state.table.profile(name) : known_before;
    if (both) join(profile, known_before, state.settings.lifecycle);
    state.table.put(name, profile, state.settings.lifecycle);
    for (Link link : links) {
        (link.a == earlier ? link.a : link.b) = name;
        if (const auto now = state.identity.add(link)) state.keep_link(*now, effects);
    }
    if (both) state.settle(name, Moved::BySale, at, effects);
    state.keep(name, effects);
    state.judge(name, at);
    return effects;
}

}  // namespace aisle::customers
