#include <algorithm>

#include "agent/offers/pricing.hpp"
#include "agent/offers/state.hpp"

// What the engine tells the watch for abuse and the price book, and what becomes of their words.
namespace aisle::offers {
namespace {

constexpr std::string_view kAbuseRow = "abuse/", kPriceRow = "price/";

// What one has to spend for it, whatever the action is called.
std::vector<Money> thresholds_of(const Action& action) {
    return std::visit(
        [](const auto& one) {
            std::vector<Money> all;
            if constexpr (requires { one.tiers; })
                for (const auto& tier : one.tiers) all.push_back(tier.spend);
            if constexpr (requires { one.min_spend; }) all.push_back(one.min_spend);
            if constexpr (requires { one.every; }) all.push_back(one.every);
            std::erase_if(all, [](Money threshold) { return threshold <= Money{}; });
            return all;
        },
        action);
}

bool is_staff_card(const conditions::Facts& customer, const Stamp& now) {
    return customer.lists("cust.tags", "staff", now.wall) ||
           customer.lists("cust.tags", "seg-staff", now.wall);
}

}  // namespace

// Whether a name on a receipt is an offer of ours, live or ended.
bool Engine::State::is_ours(const std::string& name) const {
    return by_code.contains(name) || reservations.contains(name) || live.contains(OfferId{name}) ||
           closed.named(name).has_value();
}

// What the lines in scope came to after the till's own discounts and before our offers: what they
// are given back for, too.
Money Engine::State::spend_in(const Scope& scope, const Sale& sale) const {
    Money spend;
    for (const SaleLine& line : sale.lines) {
        const bool given_away = line.net == Money{};
        if (line.voided || line.void_of != 0 || line.gross <= Money{} || given_away) continue;
        BasketLine one{.n = line.n, .sku = line.sku, .gross = line.gross};
        if (const ProductRow* const product = around.product(line.sku))
            one.category = product->category;
        if (!in_scope(scope, one)) continue;
        Money tills_own = line.discount;
        for (const SaleDiscount& discount : sale.discounts)
            if (discount.line == line.n && !discount.offer.empty() && is_ours(discount.offer))
                tills_own -= discount.amount;
        spend += line.gross - std::max(Money{}, tills_own);
    }
    return spend;
}

void Engine::State::watch_redemption(const Held& held, const Use& use, const Stamp& now) {
    Redeemed what{.offer = held.offer.id,
                  .code = held.offer.code,
                  .campaign = held.offer.campaign,
                  .member = held.offer.member,
                  .till = use.till,
                  .by = use.by,
                  .sale = use.sale};
    const Campaign* const campaign = set->find(held.offer.campaign);
    if (campaign && selling && selling->sale == use.sale) {
        const Action& action = action_of(*campaign, held.arm);
        what.thresholds = thresholds_of(action);
        what.spend = spend_in(scope_of(action), *selling);
        if (const auto* const gift = std::get_if<Gift>(&action)) what.gift_sku = gift->sku;
    }
    if (!held.offer.gift_sku.empty()) what.gift_sku = held.offer.gift_sku;
    abuse.redeemed(what, now);
}

void Engine::State::watch_sale(const Sale* old, const Sale& sale, const Turn& turn) {
    if (!counts(sale) || (old && counts(*old))) return;
    const Stamp& now = turn.now;
    const bool staff =
        !sale.member.empty() && is_staff_card(around.customer(MemberKey{sale.member}, now), now);
    // Where the books of paid orders know whose goods these are, the watch need not guess.
    for (const RedemptionReturn& back : turn.effects.returns) abuse.knows_return_of(back.offer);
    abuse.sold(sale, staff, now);
    prices.sold(sale, [this](const std::string& name) { return is_ours(name); });
}

// A price that is struck through: what the campaign claims, as far as the shop's receipts prove it.
std::optional<Money> Engine::State::was_price(const Campaign& campaign, const Stamp& now) const {
    const auto& was = campaign.delivery.was;
    if (!was || now.quality == ClockQuality::None) return std::nullopt;
    const auto proven = prices.lowest(was->sku, campaign.window.zone->local(now.wall).date);
    if (!proven) return std::nullopt;
    if (was->claimed && *was->claimed > *proven) return std::nullopt;
    return was->claimed.value_or(*proven);
}

void Engine::State::take_watched(Turn& turn) {
    std::ranges::move(abuse.take_flags(), std::back_inserter(turn.effects.flags));
    for (const std::string& key : abuse.take_marks()) mark(std::string{kAbuseRow} + key);
    for (const std::string& sku : prices.take_marks()) mark(std::string{kPriceRow} + sku);
}

}  // namespace aisle::offers
