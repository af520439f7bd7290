// Which customer is in which segment.
#include <algorithm>

#include "agent/customers/state.hpp"

namespace aisle::customers {
namespace {

void put_bit(Memberships::Bits& bits, Index name, bool value) {
    if (name >= bits.size()) {
        if (!value) return;
        // In steps, as customers come one by one.
        bits.resize(std::max<std::size_t>(name + 1, bits.size() + bits.size() / 4 + 1'024));
    }
    bits[name] = value;
}

}  // namespace

bool is_in(const Segment& segment, const conditions::Facts& facts, const conditions::Bound& bound,
           WallTime now) {
    const bool tagged =
        segment.tags.empty() || std::ranges::any_of(segment.tags, [&](const std::string& tag) {
            return facts.lists("cust.tags", tag, now);
        });
    return tagged && segment.when.test(bound) == conditions::Truth::True;
}

void Memberships::load(std::shared_ptr<const SegmentRules> fresh) {
    rules = std::move(fresh);
    in.clear();
    if (rules && rules->all().empty()) rules = nullptr;
    if (rules) in.resize(rules->all().size());
    judged.reset();
}

void Memberships::doubt(Index name) { put_bit(judged, name, false); }

void Memberships::forget(Index name) {
    for (Bits& bits : in) put_bit(bits, name, false);
    put_bit(judged, name, false);
}

void Memberships::judge(Index name, const conditions::Facts& facts, WallTime now) {
    conditions::Bound bound{rules->slots(), now};
    bound.add(facts);
    for (std::size_t i = 0; i < in.size(); ++i)
        put_bit(in[i], name, is_in(rules->all()[i], facts, bound, now));
    put_bit(judged, name, true);
}

void Customers::State::judge(Index name, const Stamp& now) {
    if (!segments.rules || !table.used(name)) return;
    const auto facts = facts_of(name, now);
    for (const Index one : identity.person(name)) segments.judge(one, facts, now.wall);
}

std::vector<std::string> Customers::State::segments_of(Index name, const Stamp& now) const {
    std::vector<std::string> names;
    if (!segments.rules) return names;
    const auto& all = segments.rules->all();
    if (segments.knows(name)) {
        for (std::size_t i = 0; i < all.size(); ++i)
            if (name < segments.in[i].size() && segments.in[i][name]) names.push_back(all[i].name);
        return names;
    }
    const auto facts = facts_of(name, now);
    conditions::Bound bound{segments.rules->slots(), now.wall};
    bound.add(facts);
    for (const Segment& segment : all)
        if (is_in(segment, facts, bound, now.wall)) names.push_back(segment.name);
    return names;
}

}  // namespace aisle::customers
