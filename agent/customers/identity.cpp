#include "agent/customers/identity.hpp"

#include <algorithm>
#include <array>

namespace aisle::customers {
namespace {

constexpr std::array<std::string_view, 5> kSources{"reference", "staff", "hq", "enrolment",
                                                   "receipt"};

Index other(const Link& link, Index name) { return link.a == name ? link.b : link.a; }

bool same_ends(const Link& a, const Link& b) {
    return a.source == b.source && ((a.a == b.a && a.b == b.b) || (a.a == b.b && a.b == b.a));
}

bool has(const std::vector<Index>& all, Index one) {
    return std::ranges::find(all, one) != all.end();
}

}  // namespace

std::string_view to_text(Source source) { return kSources.at(static_cast<std::size_t>(source)); }

std::optional<Source> source_from(std::string_view text) {
    const auto at = std::ranges::find(kSources, text);
    if (at == kSources.end()) return std::nullopt;
    return static_cast<Source>(at - kSources.begin());
}

std::optional<Link> Identity::add(const Link& link) {
    if (link.a == link.b || link.n == 0) return std::nullopt;
    Link now = link;
    const auto mine = links_.find(link.a);
    const Link* known = nullptr;
    if (mine != links_.end())
        for (const Link& one : mine->second)
            if (same_ends(one, link)) known = &one;
    if (known) now.n += known->n, now.at = link.n > 0 ? std::min(known->at, link.at) : known->at;
    if (link.source != Source::Receipt) now.n = link.n > 0 ? 1 : 0;
    now.n = std::max(now.n, 0);
    if (known ? now.n == known->n && now.at == known->at : now.n == 0) return std::nullopt;
    const bool full =
        !known && (links(link.a).size() >= kLinksPerName || links(link.b).size() >= kLinksPerName);
    if (full) return ++refused_, std::nullopt;
    for (const Index end : {link.a, link.b}) {
        auto& here = links_[end];
        std::erase_if(here, [&](const Link& one) { return same_ends(one, link); });
        if (now.n > 0) here.push_back(now);
        if (here.empty()) links_.erase(end);
    }
    return now;
}

std::vector<Link> Identity::links(Index name) const {
    const auto at = links_.find(name);
    return at == links_.end() ? std::vector<Link>{} : at->second;
}

std::vector<Link> Identity::all() const {
    std::vector<Link> all;
    for (const auto& [name, links] : links_)
        for (const Link& link : links)
            if (link.a == name) all.push_back(link);
    return all;
}

// By somebody's word alone. Too many: only the name itself, from wherever one looks.
std::vector<Index> Identity::certain(Index name) const {
    std::vector<Index> all{name};
    for (std::size_t i = 0; i < all.size(); ++i) {
        const auto at = links_.find(all[i]);
        if (at == links_.end()) continue;
        for (const Link& link : at->second)
            if (link.source != Source::Receipt && !has(all, other(link, all[i])))
                all.push_back(other(link, all[i]));
        if (all.size() > kNamesPerPerson) return {name};
    }
    return all;
}

// The one member, or several that are one person for certain, whose receipts this card paid.
std::optional<Index> Identity::payer(Index card) const {
    std::vector<Index> members;
    std::int32_t receipts = 0;
    for (const Link& link : links(card)) {
        if (link.source != Source::Receipt) continue;
        members.push_back(other(link, card));
        receipts += link.n;
    }
    if (members.empty() || members.size() > kCardSharedMax || receipts < kReceiptsToLink)
        return std::nullopt;
    const auto first = certain(members.front());
    const bool one_person =
        std::ranges::all_of(members, [&](Index member) { return has(first, member); });
    if (!one_person) return std::nullopt;
    return members.front();
}

void Identity::sort(std::vector<Index>& person) const {
    if (person.size() < 2) return;
    std::ranges::sort(person, {}, [&](Index name) {
        return std::pair{!names_.is_member(name), names_.name(name)};
    });
}

std::vector<Index> Identity::person(Index name) const {
    if (alone(name)) return {name};
    std::vector<Index> person = certain(name);
    // A card that somebody's word ties to a member is that member's, whoever pays with it.
    const bool free_card = person.size() == 1 && !names_.is_member(name);
    if (free_card) {
        const auto owner = payer(name);
        if (!owner) return person;
        person = certain(*owner);
    }
    const std::size_t certain_names = person.size();
    for (std::size_t i = 0; i < certain_names; ++i) {
        for (const Link& link : links(person[i])) {
            const Index card = other(link, person[i]);
            if (link.source != Source::Receipt || names_.is_member(card) || has(person, card))
                continue;
            if (certain(card).size() == 1 && payer(card)) person.push_back(card);
        }
    }
    sort(person);
    return person;
}

std::vector<Index> Identity::around(Index a, Index b) const {
    std::vector<Index> all;
    const auto add = [&](Index name) {
        if (!has(all, name)) all.push_back(name);
    };
    for (const Index end : {a, b})
        for (const Index name : certain(end)) add(name);
    for (std::size_t i = 0, own = all.size(); i < own; ++i) {
        for (const Link& link : links(all[i])) {
            const Index next = other(link, all[i]);
            add(next);
            if (links(next).size() > kCardSharedMax) continue;
            for (const Link& further : links(next)) add(other(further, next));
        }
    }
    return all;
}

}  // namespace aisle::customers
