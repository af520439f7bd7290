#include <algorithm>

#include "agent/offers/deciding.hpp"

// Which of the campaigns that passed the gates a basket gets, and what each takes off. The levels
// follow one another, inside a level the greater priority goes first and then the id: neither the
// order of lines nor that of campaigns in their files has a say.
namespace aisle::offers {
namespace {

constexpr std::array kLevels{StackGroup::Item, StackGroup::Order, StackGroup::Coupon,
                             StackGroup::Points};

// Whether `one` stands beside `other`, as far as `one` is concerned.
bool bears(const Campaign& one, const Campaign& other) {
    const Stack& stack = one.stack;
    if (!stack.one_of.empty() && stack.one_of == other.stack.one_of) return false;
    if (stack.with.empty()) return !stack.exclusive;
    return std::ranges::any_of(stack.with, [&](const std::string& word) {
        return word == to_text(other.stack.group) || word == other.stack.one_of ||
               word == other.id.value;
    });
}

}  // namespace

bool Deciding::shut_out(const Campaign& candidate) const {
    return std::ranges::any_of(decided_.wins, [&](const Win& win) {
        const Campaign& winner = campaign(win.campaign);
        return !bears(candidate, winner) || !bears(winner, candidate);
    });
}

// A coupon campaign is asked only where one of its codes is on the counter.
bool Deciding::asked_for(const Campaign& candidate) const {
    return std::ranges::find(ask_.coupons, candidate.id, &Presented::campaign) !=
           ask_.coupons.end();
}

std::int64_t Deciding::stock_of(const std::string& sku) const {
    const conditions::Value* const told =
        ask_.context ? ask_.context->find("stock." + sku, ask_.at.wall) : nullptr;
    if (!told) return INT64_MAX;  // nobody counts it: `when` may ask for more
    const auto* const whole = std::get_if<std::int64_t>(told);
    const auto* const real = std::get_if<double>(told);
    const std::int64_t pieces = whole ? *whole
                                : real && *real > 0 && *real < 1e12
                                    ? static_cast<std::int64_t>(*real)
                                    : 0;
    return pieces - ledger_.promised(sku);
}

// Leaves of the gifts those that are there; what the customer has chosen alone, if it is.
bool Deciding::in_stock(const Campaign& candidate, Price& price) const {
    if (!price.gift_sku.empty()) return stock_of(price.gift_sku) > 0;
    if (price.gift_choices.empty()) return true;
    std::erase_if(price.gift_choices, [&](const std::string& sku) { return stock_of(sku) <= 0; });
    if (price.gift_choices.empty()) return false;
    if (!ask_.basket) return true;
    const auto told = ask_.basket->gifts.find(candidate.id.value);
    const bool there =
        told != ask_.basket->gifts.end() &&
        std::ranges::find(price.gift_choices, told->second) != price.gift_choices.end();
    if (there) price.gift_sku = told->second, price.gift_choices.clear();
    return true;
}

Reason Deciding::covered(const Campaign& candidate, Price& price) const {
    if (!affordable(candidate, price)) return Reason::Budget;
    return in_stock(candidate, price) ? Reason::Chosen : Reason::OutOfStock;
}

// `room` is how many more offers of each group the order takes; every winner may lower it.
Reason Deciding::add_to_basket(std::uint32_t index, Room& room) {
    const Campaign& candidate = campaign(index);
    if (shut_out(candidate)) return Reason::Exclusive;
    const auto group = static_cast<std::size_t>(candidate.stack.group);
    const auto taken =
        static_cast<std::int32_t>(std::ranges::count_if(decided_.wins, [&](const Win& win) {
            return campaign(win.campaign).stack.group == candidate.stack.group;
        }));
    if (taken >= std::min(room.at(group), candidate.stack.max_per_order)) return Reason::OrderLimit;
    Priced priced = price(action_of(candidate), bill_);
    if (priced.reached == Reached::ScopeEmpty) return Reason::NothingLeft;
    if (priced.reached == Reached::BelowFirstTier) return Reason::BelowFirstTier;
    if (priced.price.nothing()) return Reason::NothingLeft;
    if (const Reason paid = covered(candidate, priced.price); paid != Reason::Chosen) return paid;
    bill_.take(priced.price);
    room.at(group) = std::min(room.at(group), candidate.stack.max_per_order);
    Win win{.campaign = index, .price = std::move(priced.price)};
    assign(candidate, win);
    decided_.wins.push_back(win);
    return win.reason;
}

// An exclusive campaign wins only from the front: what goes before it shuts it out.
void Deciding::choose_for_basket() {
    Room room;
    room.fill(INT32_MAX);
    const auto eligible = [](const Considered& one) { return one.reason == Reason::Chosen; };
    auto first = std::ranges::find_if(decided_.considered, eligible);
    if (first != decided_.considered.end() && campaign(first->campaign).stack.exclusive)
        first->reason = add_to_basket(first->campaign, room);
    else
        first = decided_.considered.end();
    for (const StackGroup level : kLevels) {
        for (auto one = decided_.considered.begin(); one != decided_.considered.end(); ++one) {
            if (one == first || !eligible(*one)) continue;
            if (campaign(one->campaign).stack.group != level) continue;
            one->reason = add_to_basket(one->campaign, room);
        }
    }
}

}  // namespace aisle::offers
