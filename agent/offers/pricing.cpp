#include "agent/offers/pricing.hpp"

#include <algorithm>
#include <cassert>
#include <tuple>

#include "agent/offers/pieces.hpp"

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

__extension__ using Wide = __int128;

// What a spend earns by itself; nothing below what it takes.
std::optional<Money> off(const SpendTiers& action, Money spend) {
    const Tier* const tier = reached_tier(action.tiers, spend);
    if (!tier) return std::nullopt;
    return std::min({tier->save, action.max, spend});
}

std::optional<Money> off(const PercentOff& action, Money spend) {
    const Money full = percent_of(spend, action.share);
    return action.max ? std::min(full, *action.max) : full;
}

std::optional<Money> off(const EverySave& action, Money spend) {
    if (spend < action.every) return std::nullopt;
    // At most the spend itself: `save` is never more than `every`.
    const Money full = action.save * (spend.minor() / action.every.minor());
    return action.max ? std::min(full, *action.max) : full;
}

std::optional<Money> off(const FixedOff& action, Money spend) {
    if (spend < action.min_spend) return std::nullopt;
    return std::min(action.amount, spend);
}

std::optional<Money> off(const auto& action, Money spend) {
    if constexpr (requires { action.min_spend; })
        if (spend < action.min_spend) return std::nullopt;
    return Money{};
}

// Enough pieces at all? What they come to is left to price().
bool enough(const NthItem& action, std::int64_t pieces) { return pieces >= action.n; }
bool enough(const FixedPrice& action, std::int64_t pieces) { return !action.pieces || pieces > 0; }

template <typename Action>
Reached reach_pieces(const Action& action, const Bill& bill) {
    Money spend;
    std::int64_t pieces = 0;
    for (std::size_t i = 0; i < bill.lines.size(); ++i) {
        if (bill.left[i] <= Money{} || !in_scope(action.scope, bill.lines[i])) continue;
        spend += bill.left[i];
        pieces += pieces_of(bill.lines[i]);
    }
    if (spend == Money{}) return Reached::ScopeEmpty;
    return enough(action, pieces) ? Reached::Yes : Reached::BelowFirstTier;
}

Reached reach_bundle(const BundlePrice& action, const Bill& bill) {
    std::int64_t least = INT64_MAX;
    bool any = false;
    for (const BundlePart& part : action.parts) {
        std::int64_t pieces = 0;
        for (std::size_t i = 0; i < bill.lines.size(); ++i) {
            if (bill.left[i] <= Money{} || !in_scope(part.scope, bill.lines[i])) continue;
            any = true;
            pieces += pieces_of(bill.lines[i]);
        }
        least = std::min(least, pieces / part.n);
    }
    if (!any) return Reached::ScopeEmpty;
    return least > 0 ? Reached::Yes : Reached::BelowFirstTier;
}

// By largest remainder over what the action is about of each line.
std::vector<LineShare> split(const Cut& cut, const Bill& bill) {
    std::vector<LineShare> shares;
    if (cut.off == Money{}) return shares;
    std::vector<Money> weights;
    for (const Part& part : cut.parts) weights.push_back(part.worth);
    const auto amounts = split_by_weight(cut.off, weights);
    for (std::size_t k = 0; k < cut.parts.size(); ++k)
        if (amounts[k] != Money{})
            shares.push_back({.line = bill.lines[cut.parts[k].line].n, .amount = amounts[k]});
    std::ranges::sort(shares, {}, &LineShare::line);
    return shares;
}

std::int64_t extra_points(const PointsMultiplier& action, Money spend) {
    const Wide bought = static_cast<Wide>(spend.minor()) * (action.multiplier.value - 10'000);
    const auto points =
        static_cast<std::int64_t>(bought / (static_cast<Wide>(action.per.minor()) * 10'000));
    return action.max_points ? std::min(points, *action.max_points) : points;
}

// What is not money off: gifts, points, codes, tasks, words.
void add_kind(const Action& action, Money spend, Price& price) {
    price.worth = most(action).value_or(Money{});
    if (const auto* const gift = std::get_if<Gift>(&action)) price.gift_sku = gift->sku;
    if (const auto* const choice = std::get_if<GiftChoice>(&action))
        price.gift_choices = choice->skus;
    if (const auto* const points = std::get_if<PointsMultiplier>(&action))
        price.points = extra_points(*points, spend);
    price.gives = std::holds_alternative<CouponIssue>(action) ||
                  std::holds_alternative<ServiceTask>(action) ||
                  std::holds_alternative<Message>(action);
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
    if (const auto* const bundle = std::get_if<BundlePrice>(&action))
        return reach_bundle(*bundle, bill);
    if (const auto* const nth = std::get_if<NthItem>(&action)) return reach_pieces(*nth, bill);
    if (const auto* const fixed = std::get_if<FixedPrice>(&action))
        return reach_pieces(*fixed, bill);
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
    std::vector<Part> whole;
    for (const std::size_t i : chosen) {
        spend += bill.left[i];
        whole.push_back({.line = i, .worth = bill.left[i]});
    }
    const auto made = std::visit(
        [&](const auto& one) -> std::optional<Cut> {
            if constexpr (requires { cut(one, bill, chosen); }) return cut(one, bill, chosen);
            const auto total = off(one, spend);
            if (!total) return std::nullopt;
            return Cut{.off = *total, .parts = std::move(whole)};
        },
        action);
    if (!made) return {.reached = Reached::BelowFirstTier};
    Price price{.off = made->off, .worth = made->off, .shares = split(*made, bill), .gift_sku = {}};
    if (!lowers_price(action)) add_kind(action, spend, price);
    return {.reached = Reached::Yes, .price = std::move(price)};
}

}  // namespace aisle::offers
