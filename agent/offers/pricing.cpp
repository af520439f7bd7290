#include "agent/offers/pricing.hpp"

#include <algorithm>
#include <cassert>
#include <tuple>

namespace aisle::offers {
namespace {

bool names(const std::vector<std::string>& words, const std::string& word) {
    return std::ranges::find(words, word) != words.end();
}

// The highest tier that this spend has earned, or null below the first.
const Tier* reached_tier(std::span<const Tier> tiers, Money spend) {
    const auto above = std::ranges::upper_bound(tiers, spend, {}, &Tier::spend);
    return above == tiers.begin() ? nullptr : &*std::prev(above);
}

std::optional<Money> off(const SpendTiers& action, Money spend) {
    const Tier* const tier = reached_tier(action.tiers, spend);
    if (!tier) return std::nullopt;
    return std::min({tier->save, action.max, spend});
}

std::optional<Money> off(const PercentOff& action, Money spend) {
    const Money full = percent_of(spend, action.share);
    return action.max ? std::min(full, *action.max) : full;
}

std::optional<Money> off(const Gift& action, Money spend) {
    if (spend < action.min_spend) return std::nullopt;
    return Money{};
}

std::vector<LineShare> split(Money total, const Bill& bill, std::span<const std::size_t> chosen) {
    std::vector<LineShare> shares;
    if (total == Money{}) return shares;
    std::vector<Money> weights;
    for (const std::size_t i : chosen) weights.push_back(bill.left[i]);
    const auto parts = split_by_weight(total, weights);
    for (std::size_t k = 0; k < chosen.size(); ++k)
        if (parts[k] != Money{})
            shares.push_back({.line = bill.lines[chosen[k]].n, .amount = parts[k]});
    std::ranges::sort(shares, {}, &LineShare::line);
    return shares;
}

}  // namespace

Bill::Bill(std::span<const BasketLine> of) : lines{of} {
    for (const BasketLine& line : of) left.push_back(std::max(line.net(), Money{}));
}

void Bill::take(const Price& price) {
    for (const LineShare& share : price.shares) {
        const auto line = std::ranges::find(lines, share.line, &BasketLine::n);
        assert(line != lines.end());
        Money& rest = left[static_cast<std::size_t>(line - lines.begin())];
        rest -= share.amount;
        assert(rest >= Money{});
    }
}

bool in_scope(const Scope& scope, const BasketLine& line) {
    return scope.everything() || names(scope.skus, line.sku) ||
           (!line.category.empty() && names(scope.categories, line.category));
}

std::vector<std::size_t> scope_lines(const Scope& scope, const Bill& bill) {
    std::vector<std::size_t> chosen;
    for (std::size_t i = 0; i < bill.lines.size(); ++i)
        if (bill.left[i] > Money{} && in_scope(scope, bill.lines[i])) chosen.push_back(i);
    // Remainders go to the earlier of equals: lines that differ only in their number are
    // interchangeable.
    std::ranges::sort(chosen, [&](std::size_t a, std::size_t b) {
        const auto key = [&](std::size_t i) {
            const BasketLine& line = bill.lines[i];
            return std::tie(line.sku, line.category, line.brand, bill.left[i], line.gross,
                            line.discount, line.qty_milli, line.n);
        };
        return key(a) < key(b);
    });
    return chosen;
}

Reached reach(const Action& action, const Bill& bill) {
    const Scope& scope = scope_of(action);
    Money spend;
    for (std::size_t i = 0; i < bill.lines.size(); ++i)
        if (bill.left[i] > Money{} && in_scope(scope, bill.lines[i])) spend += bill.left[i];
    if (spend == Money{}) return Reached::ScopeEmpty;
    const auto total = std::visit([&](const auto& one) { return off(one, spend); }, action);
    return total ? Reached::Yes : Reached::BelowFirstTier;
}

Priced price(const Action& action, const Bill& bill) {
    const auto chosen = scope_lines(scope_of(action), bill);
    if (chosen.empty()) return {.reached = Reached::ScopeEmpty};
    Money spend;
    for (const std::size_t i : chosen) spend += bill.left[i];
    const auto total = std::visit([&](const auto& one) { return off(one, spend); }, action);
    if (!total) return {.reached = Reached::BelowFirstTier};

    Price price{.off = *total, .worth = *total, .shares = split(*total, bill, chosen)};
    if (const auto* const gift = std::get_if<Gift>(&action)) {
        price.gift_sku = gift->sku;
        price.worth = gift->worth;
    }
    return {.reached = Reached::Yes, .price = std::move(price)};
}

}  // namespace aisle::offers
