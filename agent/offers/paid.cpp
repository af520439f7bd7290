#include <algorithm>

#include "agent/offers/pricing.hpp"
#include "agent/offers/state.hpp"

// Sales that redeemed offers are kept, so that a return knows what each line's share was.
namespace aisle::offers {
namespace {

bool is_sold(const SaleLine& line) {
    return !line.voided && line.void_of == 0 && line.gross >= Money{} && line.qty_milli > 0;
}

// What the receipt itself says that the offer took off each line. Nothing where it does not say.
std::vector<Money> told_shares(const Sale& sale, const Held& held, const PaidOrder& order) {
    std::vector<Money> shares(order.lines.size());
    Money sum;
    for (const SaleDiscount& discount : sale.discounts) {
        const Offer& offer = held.offer;
        const bool ours = discount.offer == offer.id.value ||
                          (!offer.code.empty() && discount.offer == offer.code);
        const auto line = std::ranges::find(order.lines, discount.line, &PaidLine::n);
        if (!ours || line == order.lines.end()) continue;
        shares[static_cast<std::size_t>(line - order.lines.begin())] += discount.amount;
        sum += discount.amount;
    }
    return sum > Money{} ? shares : std::vector<Money>{};
}

// What the till was answered, where its receipt has the same lines.
std::vector<Money> answered_shares(const Held& held, const PaidOrder& order) {
    std::vector<Money> shares(order.lines.size());
    for (const LineShare& share : held.shares) {
        const auto line = std::ranges::find(order.lines, share.line, &PaidLine::n);
        if (line == order.lines.end()) return {};
        shares[static_cast<std::size_t>(line - order.lines.begin())] = share.amount;
    }
    return shares;
}

// Else the amount over the lines that the action is about, as pricing splits it.
std::vector<Money> split_shares(Money amount, const Action* action, const PaidOrder& order,
                                std::span<const Money> off) {
    std::vector<Money> shares(order.lines.size());
    std::vector<Money> weights(order.lines.size());
    Money room;
    for (std::size_t i = 0; i < weights.size(); ++i) {
        const PaidLine& line = order.lines[i];
        const bool in =
            !action || in_scope(scope_of(*action), {.sku = line.sku, .category = line.category});
        weights[i] = in ? off[i] : Money{};
        room += weights[i];
    }
    if (room > Money{}) shares = split_by_weight(std::min(amount, room), weights);
    return shares;
}

// In the order in which a basket is priced: a recheck asks what each saw of the lines.
std::vector<const Held*> as_taken(const CampaignSet& set, const std::vector<Held>& redeemed) {
    std::vector<const Held*> all;
    for (const Held& held : redeemed) all.push_back(&held);
    std::ranges::sort(all, [&](const Held* a, const Held* b) {
        const auto rank = [&](const Held* held) {
            const Campaign* const campaign = set.find(held->offer.campaign);
            const Stack stack = campaign ? campaign->stack : Stack{};
            return std::tuple{static_cast<int>(stack.group), -stack.priority,
                              held->offer.campaign.value, held->offer.id.value};
        };
        return rank(a) < rank(b);
    });
    return all;
}

}  // namespace

void Engine::State::index_paid() {
    paid_names.clear(), paid_order.clear(), paid_members.clear();
    paid_lines = 0;
    for (const auto& [id, order] : paid) index_one(id);
}

void Engine::State::forget_paid(const SaleId& sale) {
    const auto at = paid.find(sale);
    if (at == paid.end()) return;
    paid_names.erase(sale.value);
    paid_names.erase(at->second.basket);
    for (const PaidOffer& offer : at->second.offers) {
        paid_names.erase(offer.offer.value);
        const auto mine = paid_members.find(offer.member);
        if (mine == paid_members.end()) continue;
        mine->second.erase(sale);
        if (mine->second.empty()) paid_members.erase(mine);
    }
    paid_order.erase(at->second.order);
    paid_lines -= at->second.lines.size();
    paid.erase(at);
    mark("paid/" + sale.value);
}

PaidOrder Engine::State::order_of(const Sale& sale, std::vector<Money>& off) const {
    PaidOrder order{.sale = sale.sale, .basket = {}};
    int n = 0;
    for (const SaleLine& line : sale.lines) {
        ++n;
        if (!is_sold(line)) continue;
        const ProductRow* const product = around.product(line.sku);
        order.lines.push_back({.n = line.n > 0 ? line.n : n,
                               .sku = line.sku,
                               .category = product ? product->category : "",
                               .brand = product ? product->brand : "",
                               .qty_milli = line.qty_milli,
                               .net = line.net});
        off.push_back(line.discount);
    }
    return order;
}

// `off` is what the till took off each line and no other offer has claimed: no share is more.
PaidOffer Engine::State::paid_offer(const Held& held, const Sale& sale, const PaidOrder& order,
                                    std::vector<Money>& off) const {
    const Campaign* const campaign = set->find(held.offer.campaign);
    const Action* const action = campaign ? &action_of(*campaign, held.arm) : nullptr;
    std::vector<Money> shares = told_shares(sale, held, order);
    if (shares.empty() && !held.shares.empty()) shares = answered_shares(held, order);
    const bool money = action && lowers_price(*action);
    if (shares.empty())
        shares = split_shares(money ? held.offer.value : Money{}, action, order, off);
    for (std::size_t i = 0; i < shares.size(); ++i) {
        shares[i] = std::clamp(shares[i], Money{}, std::max(off[i], Money{}));
        off[i] -= shares[i];
    }
    return {.offer = held.offer.id,
            .campaign = held.offer.campaign,
            .version = held.offer.campaign_version,
            .arm = held.arm,
            .member = held.offer.member,
            .shares = std::move(shares),
            .booked = held.reserved,
            .points = held.offer.points,
            .gift_sku = held.offer.gift_sku};
}

void Engine::State::remember_paid(const Sale& sale, const Turn& turn) {
    if (turn.redeemed.empty()) return;
    std::vector<Money> off;
    PaidOrder order = order_of(sale, off);
    if (order.lines.empty() || order.lines.size() > kPaidLinesMax) return;
    order.at = turn.now;
    order.order = ++ids;
    mark("sequence");
    for (const Held* const held : as_taken(*set, turn.redeemed)) {
        order.offers.push_back(paid_offer(*held, sale, order, off));
        if (!held->offer.basket.empty()) order.basket = held->offer.basket;
    }
    // A revision of the sale brings further offers: they join the order that is known.
    const auto known = paid.find(sale.sale);
    if (known == paid.end())
        paid[sale.sale] = std::move(order);
    else if (known->second.lines.size() == order.lines.size())
        std::ranges::move(order.offers, std::back_inserter(known->second.offers));
    index_one(sale.sale);
    mark("paid/" + sale.sale.value);
    while (paid_lines > kPaidLinesMax && !paid_order.empty())
        forget_paid(paid_order.begin()->second);
}

void Engine::State::index_one(const SaleId& sale) {
    const PaidOrder& order = paid.at(sale);
    if (paid_order.try_emplace(order.order, sale).second) paid_lines += order.lines.size();
    paid_names[sale.value] = sale;
    if (!order.basket.empty()) paid_names[order.basket] = sale;
    for (const PaidOffer& offer : order.offers) {
        paid_names[offer.offer.value] = sale;
        if (!offer.member.empty()) paid_members[offer.member].insert(sale);
    }
}

void Engine::State::rename_paid(const MemberKey& from, const MemberKey& to) {
    auto orders = paid_members.extract(from);
    if (orders.empty()) return;
    for (const SaleId& sale : orders.mapped()) {
        for (PaidOffer& offer : paid.at(sale).offers)
            if (offer.member == from) offer.member = to;
        index_one(sale);
        mark("paid/" + sale.value);
    }
}

PaidOrder* Engine::State::paid_under(const std::string& name) {
    const auto at = paid_names.find(name);
    return at == paid_names.end() ? nullptr : &paid.at(at->second);
}

std::vector<ReturnRule> Engine::State::rules_of(const PaidOrder& order) const {
    std::vector<ReturnRule> rules;
    for (const PaidOffer& offer : order.offers) {
        const Campaign* const campaign = set->find(offer.campaign);
        if (campaign)
            rules.push_back(
                {.action = &action_of(*campaign, offer.arm), .policy = campaign->returns.policy});
        else
            rules.emplace_back();
    }
    return rules;
}

namespace {

bool keeps_gift(const TakenBack& taken) { return taken.gift_due && !taken.gift_back; }
// Nothing of the redemption is left.
bool ends(const TakenBack& taken) { return taken.whole && !keeps_gift(taken); }

// What a receipt gives back, against the lines of an order: the same SKU, as far as there is left
// of it, in the order in which it was sold.
std::vector<ReturnedLine> matched(const PaidOrder& order, const Sale& back) {
    std::vector<std::int64_t> rest;
    for (const PaidLine& line : order.lines) rest.push_back(line.qty_milli - line.returned_milli);
    std::vector<std::int64_t> taken(rest.size());
    for (const SaleLine& line : back.lines) {
        if (line.voided || line.void_of != 0 || line.qty_milli >= 0) continue;
        std::int64_t wanted = -line.qty_milli;
        for (std::size_t i = 0; i < rest.size() && wanted > 0; ++i) {
            if (order.lines[i].sku != line.sku) continue;
            const std::int64_t now = std::min(wanted, rest[i]);
            rest[i] -= now, taken[i] += now, wanted -= now;
        }
    }
    std::vector<ReturnedLine> lines;
    for (std::size_t i = 0; i < taken.size(); ++i)
        if (taken[i] > 0) lines.push_back({.line = order.lines[i].n, .qty_milli = taken[i]});
    return lines;
}

}  // namespace

// A return says of which order it is by naming an offer of it, its basket's key, or its sale.
void Engine::State::take_back(const Sale& back, Turn& turn) {
    PaidOrder* order = nullptr;
    for (const SaleDiscount& discount : back.discounts)
        if (!order && !discount.offer.empty()) order = paid_under(discount.offer);
    if (!order && !back.vendor_id.empty()) order = paid_under(back.vendor_id);
    if (!order || order->sale == back.sale) return;
    const std::vector<ReturnedLine> lines = matched(*order, back);
    if (lines.empty()) return;
    const auto refund = refund_of(*order, lines, rules_of(*order));
    if (!refund) return;
    settle(*order, lines, *refund);
    undo(*order, *refund, back, turn);
    mark("paid/" + order->sale.value);
}

// What is taken back of the discount is not spent any more, and may be given to somebody else where
// the campaign says so. A chain's budget is HQ's to correct: it has the record.
Money Engine::State::give_back(PaidOffer& offer, const TakenBack& taken, Turn& turn) {
    const Campaign* const campaign = set->find(offer.campaign);
    if (!campaign || !campaign->returns.budget_back || campaign->limits.leased) return {};
    const Money due =
        ends(taken) ? offer.booked : std::min(offer.unbooked + taken.amount, offer.booked);
    Account& account = account_of(offer.campaign);
    const Money amount = std::clamp(due - offer.unbooked, Money{}, account.spent);
    offer.unbooked += amount;
    account.spent -= amount;
    if (ends(taken) && !offer.over && account.redeemed > 0) --account.redeemed;
    mark("account/" + offer.campaign.value);
    if (campaign->limits.budget && amount > Money{})
        turn.effects.budget.push_back({.campaign = offer.campaign,
                                       .move = "give_back",
                                       .offer = offer.offer,
                                       .amount = amount,
                                       .left = left(*campaign).value_or(Money{}),
                                       .at = turn.now});
    return amount;
}

void Engine::State::undo(PaidOrder& order, const Refund& refund, const Sale& back, Turn& turn) {
    for (std::size_t k = 0; k < order.offers.size(); ++k) {
        PaidOffer& offer = order.offers[k];
        const TakenBack& taken = refund.offers[k];
        const bool kept = keeps_gift(taken);
        const bool news = taken.amount != Money{} || taken.points > 0 || kept != offer.kept_gift ||
                          ends(taken) != offer.over;
        if (!news) continue;
        give_back(offer, taken, turn);
        offer.kept_gift = kept;
        offer.over = ends(taken);
        turn.effects.returns.push_back(
            {.offer = offer.offer,
             .campaign = offer.campaign,
             .sale = order.sale,
             .returned_by = back.sale,
             .till = back.till,
             .member = offer.member,
             .amount = taken.amount,
             .left = offer.off() - offer.taken,
             .points = taken.points,
             .gift_sku = offer.gift_sku,
             .gift_kept = kept,
             .whole = taken.whole,
             .after = std::max(milliseconds{0}, turn.now.wall - order.at.wall),
             .at = turn.now});
        if (taken.points > 0 && !offer.member.empty())
            turn.effects.points.push_back({.offer = offer.offer,
                                           .campaign = offer.campaign,
                                           .member = offer.member,
                                           .sale = order.sale,
                                           .points = offer.points - offer.points_taken,
                                           .revision = offer.points_revision,
                                           .at = turn.now});
    }
}

Result<ReturnDecision> Engine::returning(const ReturnAsk& ask) const {
    PaidOrder* const order = state_->paid_under(ask.paid);
    if (!order) return denied("no such order with offers, or it is too long ago");
    const auto refund = refund_of(*order, ask.lines, state_->rules_of(*order));
    if (!refund) return refund.error();
    ReturnDecision decision{.refund = refund->total, .lines = refund->lines};
    for (std::size_t k = 0; k < order->offers.size(); ++k) {
        const TakenBack& taken = refund->offers[k];
        const bool kept = taken.gift_due && !taken.gift_back;
        decision.offers.push_back({.offer = order->offers[k].offer,
                                   .campaign = order->offers[k].campaign,
                                   .taken_back = taken.amount,
                                   .points = taken.points,
                                   .gift_sku = kept ? order->offers[k].gift_sku : ""});
    }
    return decision;
}

}  // namespace aisle::offers
