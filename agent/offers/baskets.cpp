#include <algorithm>
#include <set>

#include "agent/offers/state.hpp"

// Tills that ask before they are paid: price, reserve, free.
namespace aisle::offers {
namespace {

// Shares name lines by number, so that numbers must be different; a till that sends none gets them
// in order.
void number_lines(Basket& basket) {
    std::set<int> numbers;
    for (const BasketLine& line : basket.lines) numbers.insert(line.n);
    if (numbers.size() == basket.lines.size() && !numbers.contains(0)) return;
    int n = 0;
    for (BasketLine& line : basket.lines) line.n = ++n;
}

void fill_in(Basket& basket, const Surroundings& around) {
    for (BasketLine& line : basket.lines) {
        if (!line.category.empty() && !line.brand.empty()) continue;
        const ProductRow* const product = around.product(line.sku);
        if (!product) continue;
        if (line.category.empty()) line.category = product->category;
        if (line.brand.empty()) line.brand = product->brand;
    }
}

PricedOffer priced_offer(const Held& held, const Price& price) {
    const Offer& offer = held.offer;
    PricedOffer priced{.offer = offer.id,
                       .campaign = offer.campaign,
                       .action = offer.action,
                       .title = offer.title,
                       .amount = price.off,
                       .shares = price.shares,
                       .gift_sku = price.gift_sku,
                       .code = held.by_coupon ? "" : offer.code,
                       .gift_choices = price.gift_choices,
                       .points = price.points,
                       .presented = held.by_coupon ? offer.code : ""};
    // As it stands now: it begins when the basket is paid.
    if (held.issues.empty()) return priced;
    priced.code_from = held.issues.from.set.wall + held.issues.from.wait;
    priced.code_until = held.issues.until.set.wall + held.issues.until.wait;
    return priced;
}

}  // namespace

void Engine::State::free_basket(const std::string& key, const char* why, Turn& turn) {
    const auto at = reservations.find(key);
    if (at == reservations.end()) return;
    const std::set<OfferId> ids_held = at->second;
    for (const OfferId& id : ids_held)
        close(id, OfferState::Declined, {.reason = why, .by = "till"}, turn);
}

BasketDecision Engine::State::price_basket(Basket basket, Turn& turn) {
    // What this basket holds already is given back first: the same question gets the same answer.
    free_basket(basket.key, "replaced", turn);
    number_lines(basket);
    fill_in(basket, around);
    const conditions::Facts& context = around.context(turn.now);
    conditions::Facts customer;
    if (!basket.member.empty()) customer = around.customer(basket.member, turn.now);
    const std::string who = basket.member.empty() ? "basket:" + basket.key : basket.member.value;
    BasketDecision answer;
    Ask ask{.trigger = TriggerKind::Basket,
            .at = turn.now,
            .member = basket.member,
            .subject = who,
            .unit = who,
            .store = settings.store,
            .till = basket.till,
            .eyes = basket.till.empty() ? "" : "till " + basket.till.value,
            .asked = true,
            .basket = &basket,
            .customer = &customer,
            .context = &context,
            .ready = around.ready(turn.now)};
    take_codes(basket, ask, answer, turn);
    settle_gifts(context, turn.now);
    Decided decided = decide(*set, ask, *this);
    answer.decision = next_id(turn.now);
    decided.decision.id = answer.decision;
    find_alternatives(decided);
    for (const Win& win : decided.wins) {
        const Held& held = offer(ask, decided.decision, win, turn);
        answer.offers.push_back(priced_offer(held, win.price));
        answer.saved += win.price.off;
    }
    for (const Considered& one : decided.considered) {
        const auto brought =
            std::ranges::find(ask.coupons, set->all()[one.campaign].id, &Presented::campaign);
        if (brought != ask.coupons.end() && !wins(one.reason))
            answer.refused.push_back(
                {.code = brought->code, .reason = std::string{to_text(one.reason)}});
    }
    const bool considered = !decided.considered.empty();
    if (considered) turn.effects.considered.push_back(std::move(decided.considered));
    if (decided.wins.empty() && considered)
        turn.effects.withheld.push_back(std::move(decided.decision));
    return answer;
}

}  // namespace aisle::offers
