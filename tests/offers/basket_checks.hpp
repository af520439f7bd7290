#pragma once

#include <array>
#include <map>
#include <set>
#include <string>
#include <tuple>

#include "agent/offers/returns.hpp"
#include "basket_oracle.hpp"
#include "basket_worlds.hpp"

// What must hold of every priced basket. Each check answers what is wrong, or nothing.
namespace aisle::offers {

class EverythingLeft final : public Ledger {
public:
    [[nodiscard]] std::optional<Reason> refuses(const Campaign&, const Ask&) const override {
        return {};
    }
    [[nodiscard]] std::optional<Money> left(const Campaign& campaign) const override {
        return campaign.limits.budget;
    }
};

// Every coupon campaign of the set has its code on the counter.
inline Decided decide_for(const CampaignSet& set, const Basket& basket) {
    Ask ask{.trigger = TriggerKind::Basket,
            .at = kit::at(),
            .member = basket.member,
            .subject = "b",
            .unit = "b",
            .asked = true,
            .basket = &basket};
    for (const Campaign& campaign : set.all())
        if (campaign.stack.group == StackGroup::Coupon)
            ask.coupons.push_back({.campaign = campaign.id, .code = {}});
    return decide(set, ask, EverythingLeft{});
}

struct Counts {
    std::int64_t wins = 0;
    std::int64_t lines = 0;
    std::int64_t told = 0;  // wins that the oracle could work out
    std::int64_t refunds = 0;
    std::int64_t naive_differs = 0;
    std::map<std::string, std::int64_t> by_action;
};

// Shares: by line, once each, above zero and within what is left; together the discount; each less
// than one unit from its exact part where nothing but the spend weighs.
inline std::string fault_of_shares(const Price& price, const Bill& bill) {
    Money sum;
    std::set<int> seen;
    for (const LineShare& share : price.shares) {
        const auto line = std::ranges::find(bill.lines, share.line, &BasketLine::n);
        if (line == bill.lines.end()) return "a share of no line";
        const Money left = bill.left[static_cast<std::size_t>(line - bill.lines.begin())];
        if (!seen.insert(share.line).second) return "two shares of a line";
        if (share.amount <= Money{} || share.amount > left) return "a share beyond its line";
        sum += share.amount;
    }
    return sum == price.off ? "" : "shares do not add up";
}

inline std::string fault_of_parts(const Action& action, const Price& price, const Bill& bill) {
    __extension__ using Wide = __int128;
    const bool by_spend =
        std::holds_alternative<SpendTiers>(action) || std::holds_alternative<PercentOff>(action) ||
        std::holds_alternative<EverySave>(action) || std::holds_alternative<FixedOff>(action);
    if (!by_spend) return "";
    std::map<int, Money> shares;
    for (const LineShare& share : price.shares) shares[share.line] = share.amount;
    Money spend;
    for (const std::size_t i : scope_lines(scope_of(action), bill)) spend += bill.left[i];
    for (const std::size_t i : scope_lines(scope_of(action), bill)) {
        const Wide exact = static_cast<Wide>(price.off.minor()) * bill.left[i].minor();
        const Wide given = static_cast<Wide>(shares[bill.lines[i].n].minor()) * spend.minor();
        const Wide apart = given > exact ? given - exact : exact - given;
        if (apart >= spend.minor()) return "a share is a unit or more from its part";
    }
    return "";
}

inline std::string fault_of_stack(const CampaignSet& set, const Decided& decided) {
    std::array<std::int32_t, kStackGroups> taken{};
    for (const Win& win : decided.wins)
        ++taken.at(static_cast<std::size_t>(set.all()[win.campaign].stack.group));
    const auto bears = [](const Campaign& one, const Campaign& other) {
        if (!one.stack.one_of.empty() && one.stack.one_of == other.stack.one_of) return false;
        if (one.stack.with.empty()) return !one.stack.exclusive;
        for (const std::string& word : one.stack.with)
            if (word == to_text(other.stack.group)) return true;
        return false;
    };
    for (const Win& a : decided.wins) {
        const Campaign& one = set.all()[a.campaign];
        if (taken.at(static_cast<std::size_t>(one.stack.group)) > one.stack.max_per_order)
            return "more of a level than a winner bears";
        for (const Win& b : decided.wins)
            if (a.campaign != b.campaign && !bears(one, set.all()[b.campaign]))
                return "two winners that do not stand together";
    }
    return "";
}

// By campaign: off, points, and shares by line.
using Said =
    std::map<std::string, std::tuple<std::int64_t, std::int64_t, std::map<int, std::int64_t>>>;
inline Said said(const CampaignSet& set, const Decided& decided) {
    Said all;
    for (const Win& win : decided.wins) {
        std::map<int, std::int64_t> shares;
        for (const LineShare& share : win.price.shares) shares[share.line] = share.amount.minor();
        all[set.all()[win.campaign].id.value] = {win.price.off.minor(), win.price.points, shares};
    }
    return all;
}

// By the content of lines instead of their numbers: what a renumbered basket has in common.
using Content = std::tuple<std::string, std::int64_t, std::int64_t, std::int64_t>;
inline std::map<Content, std::multiset<std::int64_t>> by_content(const Basket& basket,
                                                                 const Decided& decided) {
    std::map<int, std::int64_t> off;
    for (const Win& win : decided.wins)
        for (const LineShare& share : win.price.shares) off[share.line] += share.amount.minor();
    std::map<Content, std::multiset<std::int64_t>> all;
    for (const BasketLine& line : basket.lines)
        all[{line.sku, line.qty_milli, line.gross.minor(), line.discount.minor()}].insert(
            off[line.n]);
    return all;
}

inline std::string fault_of_order(const CampaignPair& pair, const Basket& basket,
                                  const Decided& decided, Random& random) {
    if (said(*pair.set, decided) != said(*pair.shuffled, decide_for(*pair.shuffled, basket)))
        return "the order of campaigns in their files matters";
    Basket moved = basket;
    std::ranges::shuffle(moved.lines, random);
    if (said(*pair.set, decided) != said(*pair.set, decide_for(*pair.set, moved)))
        return "the order of lines matters";
    for (int n = 0; BasketLine & line : moved.lines) line.n = ++n;
    if (by_content(basket, decided) != by_content(moved, decide_for(*pair.set, moved)))
        return "the numbers of lines matter";
    return "";
}

// What a till that rounds line by line would have taken off.
inline bool naive_differs(const Action& action, const Price& price, const Bill& bill) {
    const auto* const percent = std::get_if<PercentOff>(&action);
    if (!percent || percent->max) return false;
    Money sum;
    for (const std::size_t i : scope_lines(percent->scope, bill))
        sum += percent_of(bill.left[i], percent->share);
    return sum != price.off;
}

// Walks the winners and checks each against the bill that it saw.
inline std::string fault_of_prices(const CampaignSet& set, const Basket& basket,
                                   const Decided& decided, Counts& counts) {
    Bill bill{basket.lines};
    for (const Win& win : decided.wins) {
        const Action& action = set.all()[win.campaign].action;
        if (auto fault = fault_of_shares(win.price, bill); !fault.empty()) return fault;
        if (auto fault = fault_of_parts(action, win.price, bill); !fault.empty()) return fault;
        if (const auto told = Oracle{action, bill}.off()) {
            ++counts.told;
            if (*told != win.price.off.minor())
                return "the oracle says " + std::to_string(*told) + " and not " +
                       std::to_string(win.price.off.minor()) + " for " +
                       std::string{to_text(action)};
        }
        ++counts.wins;
        ++counts.by_action[std::string{to_text(action)}];
        counts.naive_differs += naive_differs(action, win.price, bill);
        bill.take(win.price);
    }
    for (std::size_t i = 0; i < bill.left.size(); ++i) {
        const Money price = std::max(basket.lines[i].net(), Money{});
        if (bill.left[i] < Money{} || bill.left[i] > price) return "a line below zero or dearer";
    }
    return fault_of_stack(set, decided);
}

// The basket as it was paid.
inline PaidOrder paid_order(const Basket& basket, const Decided& decided) {
    PaidOrder order{.sale = SaleId{"s"}, .basket = "b", .lines = {}, .offers = {}};
    std::map<int, std::size_t> index;
    for (const BasketLine& line : basket.lines) {
        if (line.net() < Money{} || line.qty_milli <= 0) continue;
        index[line.n] = order.lines.size();
        order.lines.push_back({.n = line.n,
                               .sku = line.sku,
                               .category = line.category,
                               .brand = {},
                               .qty_milli = line.qty_milli,
                               .net = line.net()});
    }
    for (const Win& win : decided.wins) {
        PaidOffer offer{.offer = OfferId{std::to_string(order.offers.size())},
                        .campaign = {},
                        .arm = {},
                        .shares = std::vector<Money>(order.lines.size()),
                        .points = win.price.points,
                        .gift_sku = win.price.gift_sku};
        for (const LineShare& share : win.price.shares) {
            offer.shares[index.at(share.line)] = share.amount;
            order.lines[index.at(share.line)].net -= share.amount;
        }
        order.offers.push_back(std::move(offer));
    }
    return order;
}

// Some of what is left; everything when `all`.
inline std::vector<ReturnedLine> random_return(const PaidOrder& order, bool all, Random& random) {
    std::vector<ReturnedLine> back;
    for (const PaidLine& line : order.lines) {
        const std::int64_t left = line.qty_milli - line.returned_milli;
        if (left == 0 || (!all && one_in(random, 2))) continue;
        back.push_back({.line = line.n, .qty_milli = all ? left : pick(random, 1, left)});
    }
    return back;
}

// Goods come back in steps until nothing is left.
inline std::string fault_of_returns(const CampaignSet& set, const Basket& basket,
                                    const Decided& decided, Counts& counts, Random& random) {
    PaidOrder order = paid_order(basket, decided);
    std::vector<ReturnRule> rules;
    for (const Win& win : decided.wins)
        rules.push_back({.action = &set.all()[win.campaign].action,
                         .policy = set.all()[win.campaign].returns.policy});
    const Money paid = order.paid();
    for (int step = 3; step >= 0; --step) {
        const auto back = random_return(order, step == 0, random);
        if (back.empty()) continue;
        const auto refund = refund_of(order, back, rules);
        if (!refund) return "a return was refused";
        Money sum;
        for (const LineShare& line : refund->lines) sum += line.amount;
        if (sum != refund->total) return "refunds of lines do not add up";
        if (refund->total < Money{}) return "a refund below zero";
        settle(order, back, *refund);
        ++counts.refunds;
        if (order.refunded > paid) return "more was refunded than paid";
        for (const PaidOffer& offer : order.offers)
            if (offer.taken > offer.off() || offer.points_taken > offer.points)
                return "more was taken back than given";
    }
    if (order.refunded != paid) return "the refunds do not come to what was paid";
    for (const PaidOffer& offer : order.offers)
        if (offer.taken != offer.off() || offer.points_taken != offer.points)
            return "something of an offer outlives a full return";
    return "";
}

// The same answer with its split broken in one place: the checks must see it.
inline bool breaks_are_seen(const CampaignSet& set, const Basket& basket, const Decided& decided,
                            Random& random) {
    Decided broken = decided;
    Counts unused;
    for (Win& win : broken.wins) {
        if (win.price.shares.empty()) continue;
        LineShare& share = win.price.shares[static_cast<std::size_t>(
            pick(random, 0, static_cast<std::int64_t>(win.price.shares.size()) - 1))];
        switch (pick(random, 0, 3)) {
            case 0:
                share.amount += Money::minor(1);
                break;
            case 1:
                share.amount -= Money::minor(1);
                break;
            case 2:
                share.line = -1;
                break;
            default:
                win.price.off += Money::minor(1);
        }
        return !fault_of_prices(set, basket, broken, unused).empty();
    }
    return true;
}

}  // namespace aisle::offers
