#include "agent/offers/returns.hpp"

#include <algorithm>
#include <cassert>
#include <numeric>

#include "agent/offers/pricing.hpp"

namespace aisle::offers {
namespace {

__extension__ using Wide = __int128;

// What `done` of a quantity is of an amount, rounded down: all of it is the amount itself, so that
// steps add up.
Money part_of(Money amount, std::int64_t done, std::int64_t whole) {
    if (whole <= 0 || done >= whole) return amount;
    return Money::minor(
        static_cast<std::int64_t>(static_cast<Wide>(amount.minor()) * done / whole));
}

// An order in the middle of a return.
class Returning {
public:
    Returning(const PaidOrder& order, std::span<const ReturnRule> rules)
        : order_{order}, rules_{rules} {
        for (const PaidLine& line : order.lines) after_.push_back(line.returned_milli);
    }

    Status count(std::span<const ReturnedLine> back);
    [[nodiscard]] Refund refund() const;

private:
    [[nodiscard]] Money step(Money amount, std::size_t line) const {
        const PaidLine& of = order_.lines[line];
        return part_of(amount, after_[line], of.qty_milli) -
               part_of(amount, of.returned_milli, of.qty_milli);
    }
    [[nodiscard]] bool everything() const;
    [[nodiscard]] Money share_back(const PaidOffer& offer) const;
    [[nodiscard]] std::vector<BasketLine> kept(std::size_t offer) const;
    [[nodiscard]] Money still_earned(std::size_t offer) const;
    [[nodiscard]] std::int64_t points_back(const PaidOffer& offer, Money refunded) const;
    [[nodiscard]] bool earns_gift(std::size_t offer) const;
    [[nodiscard]] bool came_back(const std::string& sku) const;
    [[nodiscard]] Money take(Money value, std::vector<TakenBack>& taken) const;

    const PaidOrder& order_;
    std::span<const ReturnRule> rules_;
    std::vector<std::int64_t> after_;  // returned of each line, with this time
};

Status Returning::count(std::span<const ReturnedLine> back) {
    for (const ReturnedLine& one : back) {
        const auto line = std::ranges::find(order_.lines, one.line, &PaidLine::n);
        if (line == order_.lines.end())
            return malformed("line " + std::to_string(one.line) + " was not sold");
        std::int64_t& after = after_[static_cast<std::size_t>(line - order_.lines.begin())];
        if (one.qty_milli <= 0 || one.qty_milli > line->qty_milli - after)
            return malformed("line " + std::to_string(one.line) + " has not so much left");
        after += one.qty_milli;
    }
    return {};
}

// What was given away does not count: it was not paid for.
bool Returning::everything() const {
    for (std::size_t i = 0; i < after_.size(); ++i) {
        Money worth = order_.lines[i].net;
        for (const PaidOffer& offer : order_.offers) worth += offer.shares[i];
        if (worth > Money{} && after_[i] < order_.lines[i].qty_milli) return false;
    }
    return true;
}

Money Returning::share_back(const PaidOffer& offer) const {
    Money back;
    for (std::size_t i = 0; i < after_.size(); ++i) back += step(offer.shares[i], i);
    return back;
}

// The lines that stay, at what the offer saw of them: what was paid, its own share and the shares
// of those that were taken off after it.
std::vector<BasketLine> Returning::kept(std::size_t offer) const {
    std::vector<BasketLine> lines;
    for (std::size_t i = 0; i < after_.size(); ++i) {
        const PaidLine& line = order_.lines[i];
        if (after_[i] >= line.qty_milli) continue;
        Money worth = line.net;
        for (std::size_t k = offer; k < order_.offers.size(); ++k)
            worth += order_.offers[k].shares[i];
        lines.push_back({.n = line.n,
                         .sku = line.sku,
                         .category = line.category,
                         .brand = line.brand,
                         .qty_milli = line.qty_milli - after_[i],
                         .gross = worth - part_of(worth, after_[i], line.qty_milli)});
    }
    return lines;
}

Money Returning::still_earned(std::size_t offer) const {
    const std::vector<BasketLine> lines = kept(offer);
    const Priced made = price(*rules_[offer].action, Bill{lines});
    return made.reached == Reached::Yes ? std::min(made.price.off, order_.offers[offer].off())
                                        : Money{};
}

std::int64_t Returning::points_back(const PaidOffer& offer, Money refunded) const {
    const Money paid = order_.paid();
    std::int64_t keeps = 0;
    if (!everything() && paid > Money{})
        keeps = static_cast<std::int64_t>(static_cast<Wide>(offer.points) *
                                          (paid - refunded).minor() / paid.minor());
    return std::max<std::int64_t>(0, offer.points - offer.points_taken - keeps);
}

bool Returning::earns_gift(std::size_t offer) const {
    const ReturnRule& rule = rules_[offer];
    if (everything()) return false;
    if (!rule.action || rule.policy == ReturnPolicy::Share) return true;
    const std::vector<BasketLine> lines = kept(offer);
    return reach(*rule.action, Bill{lines}) == Reached::Yes;
}

bool Returning::came_back(const std::string& sku) const {
    for (std::size_t i = 0; i < after_.size(); ++i)
        if (order_.lines[i].sku == sku && after_[i] > 0) return true;
    return false;
}

// Shares first: they never exceed what came back. What a recheck takes beyond the goods' worth
// waits for the next return; the last one takes the rest.
Money Returning::take(Money value, std::vector<TakenBack>& taken) const {
    const bool all = everything();
    const auto rechecked = [&](std::size_t k) {
        return rules_[k].action && rules_[k].policy == ReturnPolicy::Recheck;
    };
    Money sum;
    for (std::size_t k = 0; k < taken.size(); ++k) {
        if (rechecked(k)) continue;
        const PaidOffer& offer = order_.offers[k];
        taken[k].amount = all ? offer.off() - offer.taken : share_back(offer);
        sum += taken[k].amount;
    }
    for (std::size_t k = 0; k < taken.size(); ++k) {
        if (!rechecked(k)) continue;
        const PaidOffer& offer = order_.offers[k];
        const Money due = offer.off() - (all ? Money{} : still_earned(k)) - offer.taken;
        const Money room = std::max(value - sum, Money{});
        taken[k].amount = all ? due : std::clamp(due, Money{}, room);
        sum += taken[k].amount;
    }
    return sum;
}

Refund Returning::refund() const {
    Refund made;
    made.offers.resize(order_.offers.size());
    std::vector<Money> worths;
    std::vector<int> numbers;
    Money value;
    for (std::size_t i = 0; i < after_.size(); ++i) {
        if (after_[i] == order_.lines[i].returned_milli) continue;
        Money worth = step(order_.lines[i].net, i);
        for (const PaidOffer& offer : order_.offers) worth += step(offer.shares[i], i);
        worths.push_back(worth);
        numbers.push_back(order_.lines[i].n);
        value += worth;
    }
    const Money taken = take(value, made.offers);
    const Money left = order_.paid() - order_.refunded;
    made.total = everything() ? left : std::clamp(value - taken, Money{}, left);
    for (std::size_t k = 0; k < made.offers.size(); ++k) {
        const PaidOffer& offer = order_.offers[k];
        TakenBack& back = made.offers[k];
        back.points = points_back(offer, order_.refunded + made.total);
        back.gift_due = !offer.gift_sku.empty() && !earns_gift(k);
        back.gift_back = came_back(offer.gift_sku);
        const bool no_money = offer.off() > Money{} && offer.taken + back.amount == offer.off();
        const bool no_points = offer.points == offer.points_taken + back.points;
        back.whole = everything() || (no_money && no_points && offer.gift_sku.empty());
    }
    if (worths.empty()) return made;
    const auto parts = split_by_weight(made.total, worths);
    for (std::size_t i = 0; i < parts.size(); ++i)
        made.lines.push_back({.line = numbers[i], .amount = parts[i]});
    return made;
}

}  // namespace

Money PaidOffer::off() const { return std::accumulate(shares.begin(), shares.end(), Money{}); }

Money PaidOrder::paid() const {
    Money all;
    for (const PaidLine& line : lines) all += line.net;
    return all;
}

Result<Refund> refund_of(const PaidOrder& order, std::span<const ReturnedLine> back,
                         std::span<const ReturnRule> rules) {
    assert(rules.size() == order.offers.size());
    Returning returning{order, rules};
    if (const Status counted = returning.count(back); !counted) return counted.error();
    return returning.refund();
}

void settle(PaidOrder& order, std::span<const ReturnedLine> back, const Refund& refund) {
    for (const ReturnedLine& one : back)
        std::ranges::find(order.lines, one.line, &PaidLine::n)->returned_milli += one.qty_milli;
    order.refunded += refund.total;
    for (std::size_t k = 0; k < order.offers.size(); ++k) {
        PaidOffer& offer = order.offers[k];
        const TakenBack& taken = refund.offers[k];
        offer.taken += taken.amount;
        offer.points_taken += taken.points;
        if (taken.points > 0) ++offer.points_revision;
    }
}

}  // namespace aisle::offers
