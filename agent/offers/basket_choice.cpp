#include <algorithm>
#include <array>

#include "agent/offers/deciding.hpp"

// Which of the campaigns that passed the gates a basket gets, and what each takes off.
namespace aisle::offers {

// `room` is how many more offers of each group the order takes; every winner
// may lower it.
Reason Deciding::add_to_basket(std::uint32_t index, std::array<std::int32_t, 2>& room) {
    const Campaign& candidate = campaign(index);
    const auto group = static_cast<std::size_t>(candidate.stack.group);
    const auto taken =
        static_cast<std::int32_t>(std::ranges::count_if(decided_.wins, [&](const Win& win) {
            return campaign(win.campaign).stack.group == candidate.stack.group;
        }));
    if (taken >= std::min(room[group], candidate.stack.max_per_order)) return Reason::OrderLimit;
    Priced priced = price(action_of(candidate), bill_);
    if (priced.reached == Reached::ScopeEmpty) return Reason::NothingLeft;
    if (priced.reached == Reached::BelowFirstTier) return Reason::BelowFirstTier;
    if (priced.price.off == Money{} && priced.price.gift_sku.empty()) return Reason::NothingLeft;
    if (!affordable(candidate, priced.price)) return Reason::Budget;
    bill_.take(priced.price);
    room[group] = std::min(room[group], candidate.stack.max_per_order);
    Win win{.campaign = index, .price = std::move(priced.price)};
    assign(candidate, win);
    decided_.wins.push_back(win);
    return win.reason;
}

// An exclusive campaign wins alone, and only from the front: what goes before
// it shuts it out.
void Deciding::choose_for_basket() {
    std::array<std::int32_t, 2> room{INT32_MAX, INT32_MAX};
    const auto eligible = [](const Considered& one) { return one.reason == Reason::Chosen; };
    bool alone = false;
    if (const auto first = std::ranges::find_if(decided_.considered, eligible);
        first != decided_.considered.end() && campaign(first->campaign).stack.exclusive) {
        first->reason = add_to_basket(first->campaign, room);
        alone = wins(first->reason);
    }
    for (const StackGroup group : {StackGroup::Item, StackGroup::Order}) {
        for (Considered& one : decided_.considered) {
            const Stack& stack = campaign(one.campaign).stack;
            if (!eligible(one) || stack.group != group) continue;
            if (std::ranges::any_of(decided_.wins,
                                    [&](const Win& win) { return win.campaign == one.campaign; }))
                continue;
            const bool shut_out = alone || (stack.exclusive && !decided_.wins.empty());
            one.reason = shut_out ? Reason::Exclusive : add_to_basket(one.campaign, room);
            alone = alone || (stack.exclusive && wins(one.reason));
        }
    }
}

}  // namespace aisle::offers
