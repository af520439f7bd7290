#pragma once

#include <deque>
#include <unordered_map>

#include "agent/customers/profile.hpp"

namespace aisle::customers {

enum class Moved { ByTime, BySale };

struct Customers::State {
    Settings settings;
    std::unordered_map<MemberKey, Profile> profiles;
    std::deque<MemberKey> order;  // of arrival: the tick's way round
    std::size_t scanned = 0;
    std::unordered_map<std::string, ProductRow> products;
    std::uint64_t refused = 0;

    Profile* find(const MemberKey& member) {
        const auto at = profiles.find(member);
        return at == profiles.end() ? nullptr : &at->second;
    }

    Profile* find_or_add(const MemberKey& member) {
        if (Profile* const known = find(member)) return known;
        if (member.empty() || profiles.size() >= kCustomersMax) return ++refused, nullptr;
        order.push_back(member);
        return &profiles[member];
    }

    [[nodiscard]] KeptPurchase purchase_of(const Sale& sale) const;
    void settle(const MemberKey& member, Moved by, const Stamp& now, Effects& effects);
    void keep(const MemberKey& member, Effects& effects) {
        effects.state.push_back({std::string{kRoom}, member.value, to_bytes(profiles[member])});
    }
};

}  // namespace aisle::customers
