#pragma once

#include <deque>
#include <unordered_map>

#include "agent/customers/profile.hpp"

namespace aisle::customers {

enum class Moved { ByTime, BySale };

struct Customers::State {
    static constexpr minutes kRoundLeast{1};
    Settings settings;
    std::unordered_map<MemberKey, Profile> profiles;
    std::deque<MemberKey> order;  // of arrival: the tick's way round
    std::size_t scanned = 0;
    WallTime round_began{};  // of this way round
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

    // Stages turn with whole days: a customer need not be looked at twice within a minute. A wall
    // that is set, forwards or back, begins a round at once.
    bool begin_round(WallTime now) {
        if (now - round_began < kRoundLeast && round_began - now < kRoundLeast) return false;
        scanned = 0;
        round_began = now;
        return true;
    }

    [[nodiscard]] KeptPurchase purchase_of(const Sale& sale) const;
    void settle(const MemberKey& member, Moved by, const Stamp& now, Effects& effects);
    void keep(const MemberKey& member, Effects& effects) {
        effects.state.push_back({std::string{kRoom}, member.value, to_bytes(profiles[member])});
    }
};

}  // namespace aisle::customers
