#include <algorithm>

#include "agent/offers/pricing.hpp"
#include "agent/offers/state.hpp"
#include "agent/offers/texts.hpp"

// What a finished sale says about offers.
namespace aisle::offers {
namespace {

// The sale's lines as a basket. `net` keeps what the till took off; else its discounts are put
// back.
std::vector<BasketLine> lines_of(const Sale& sale, const Surroundings& around, bool net) {
    std::vector<BasketLine> lines;
    int n = 0;
    for (const SaleLine& line : sale.lines) {
        ++n;
        if (line.voided || line.void_of != 0 || line.gross <= Money{}) continue;
        BasketLine one{.n = n, .sku = line.sku, .qty_milli = line.qty_milli, .gross = line.gross};
        if (net) one.discount = line.discount;
        if (const ProductRow* const product = around.product(line.sku)) {
            one.category = product->category;
            one.brand = product->brand;
        }
        lines.push_back(std::move(one));
    }
    return lines;
}

// The names of promotions on a sale, each once, with what they took off.
std::map<std::string, Money> named(const Sale* sale) {
    std::map<std::string, Money> names;
    if (!sale || !counts(*sale)) return names;
    for (const SaleDiscount& discount : sale->discounts)
        if (!discount.offer.empty()) names[discount.offer] += discount.amount;
    return names;
}

// What was keyed in by hand: discounts that name no promotion, or the lines' where none are listed.
std::vector<Money> unnamed(const Sale& sale) {
    std::vector<Money> amounts;
    Money sum;
    for (const SaleDiscount& discount : sale.discounts) {
        if (!discount.offer.empty()) continue;
        amounts.push_back(discount.amount);
        sum += discount.amount;
    }
    if (sale.discounts.empty())
        for (const SaleLine& line : sale.lines)
            if (!line.voided) sum += line.discount;
    if (amounts.size() != 1 && sum > Money{}) amounts.push_back(sum);
    return amounts;
}

bool is_given_away(const SaleLine& line, const std::string& sku) {
    return !line.voided && line.sku == sku && line.gross > Money{} && line.net == Money{};
}

// Of several gifts the one that the receipt has for nothing.
std::string chosen_gift(const Sale& sale, const Offer& offer) {
    for (const std::string& sku : offer.gift_choices)
        if (std::ranges::any_of(sale.lines,
                                [&](const auto& line) { return is_given_away(line, sku); }))
            return sku;
    return {};
}

// An anonymous offer, or one whose member the till did not see, counts only if staff have taken it
// up.
bool fits(const Offer& offer, const Sale& sale, const Settings& settings) {
    const bool taken_up =
        offer.state == OfferState::Accepted || offer.state == OfferState::Presented;
    const bool same_member = !offer.member.empty() && offer.member.value == sale.member;
    const bool other_member = !offer.member.empty() && !sale.member.empty() && !same_member;
    if (offer.ghost || !offer.basket.empty() || other_member || (!same_member && !taken_up))
        return false;
    const WallTime end = offer.made.wall + offer.expires.wait + settings.inference_slack;
    return offer.made.wall <= sale.ended_at && sale.ended_at < end;
}

}  // namespace

void Engine::State::redeem_named(const Sale* old, const Sale& sale, Turn& turn) {
    const auto before = named(old);
    auto names = named(&sale);
    if (!sale.vendor_id.empty() && reservations.contains(sale.vendor_id))
        names.try_emplace(sale.vendor_id);
    for (const auto& [name, amount] : names) {
        if (before.contains(name)) continue;
        Use use{.proof = RedemptionProof::Basket,
                .amount = amount,
                .by = "till",
                .sale = sale.sale,
                .till = sale.till};
        if (const auto basket = reservations.find(name); basket != reservations.end()) {
            const std::set<OfferId> all = basket->second;
            for (const OfferId& id : all) {
                // Named one by one in the same sale: then each brings its own amount.
                if (names.contains(id.value)) continue;
                use.amount = live.at(id).offer.value;
                use.gift = chosen_gift(sale, live.at(id).offer);
                redeem(id, use, turn);
            }
            continue;
        }
        if (coupons.contains(name) && !by_code.contains(name)) {
            const std::string fault = fault_of(name, {}, turn.now);
            if (fault.empty())
                take_up(name, use, turn);
            else
                turn.effects.refusals.push_back({.code = name,
                                                 .sale = sale.sale,
                                                 .till = sale.till,
                                                 .reason = fault,
                                                 .at = turn.now});
        }
        const auto code = by_code.find(name);
        const OfferId id = code != by_code.end() ? code->second : OfferId{name};
        if (code != by_code.end()) use.proof = RedemptionProof::Code;
        if (const auto at = live.find(id); at != live.end()) {
            use.gift = chosen_gift(sale, at->second.offer);
            if (!at->second.offer.ghost) redeem(id, use, turn);
            continue;
        }
        name_ended(name, sale, turn);
    }
}

// A sale names an offer that has ended: a second use, unless the first is this very sale, told
// before by staff or by the till, who did not know its number. Then it is known now.
void Engine::State::name_ended(const std::string& name, const Sale& sale, Turn& turn) {
    auto ended = closed.named(name);
    if (!ended || ended->sale == sale.sale) return;
    const bool told_before = ended->state == OfferState::Redeemed && ended->sale.empty() &&
                             (ended->till.empty() || ended->till == sale.till);
    if (told_before) {
        ended->sale = sale.sale;
        ended->till = sale.till;
        closed.put(*ended);
        mark("closed/" + ended->offer.value);
        return;
    }
    turn.effects.refusals.push_back({.code = name,
                                     .sale = sale.sale,
                                     .till = sale.till,
                                     .reason = first_use(*ended),
                                     .at = turn.now});
}

// Staff have keyed the discount and the till knows nothing of the offer: amount, lines and time
// must all agree.
void Engine::State::infer(const Sale& sale, Turn& turn) {
    std::vector<Money> amounts = unnamed(sale);
    if (amounts.empty()) return;
    std::vector<const Held*> fitting;
    for (const auto& [id, held] : live)
        if (!held.waiting && fits(held.offer, sale, settings)) fitting.push_back(&held);
    std::ranges::sort(fitting, [](const Held* a, const Held* b) {
        const auto rank = [](const Offer& o) {
            return std::tuple{o.member.empty(), -static_cast<int>(o.state),
                              -o.made.wall.time_since_epoch().count(), o.id};
        };
        return rank(a->offer) < rank(b->offer);
    });
    const std::vector<BasketLine> lines = lines_of(sale, around, false);
    std::vector<std::pair<OfferId, Money>> found;
    for (const Held* const held : fitting) {
        const Offer* const offer = &held->offer;
        const Campaign* const campaign = set->find(offer->campaign);
        if (!campaign) continue;
        const Bill bill{lines};
        const Priced expected = price(action_of(*campaign, held->arm), bill);
        if (expected.reached != Reached::Yes) continue;
        const Action& action = action_of(*campaign, held->arm);
        const auto given = gifts_of(action);
        if (std::ranges::any_of(given, [&](const std::string& gift) {
                return std::ranges::any_of(
                    sale.lines, [&](const auto& line) { return is_given_away(line, gift); });
            }))
            found.emplace_back(offer->id, expected.price.worth);
        // Points, codes and words leave no trace on a receipt.
        if (!lowers_price(action)) continue;
        const auto close_to = std::ranges::find_if(amounts, [&](Money amount) {
            return amount > Money{} &&
                   (amount - expected.price.off).magnitude() <= settings.inference_tolerance;
        });
        if (close_to == amounts.end()) continue;
        found.emplace_back(offer->id, *close_to);
        amounts.erase(close_to);  // one discount proves one offer
    }
    for (const auto& [id, amount] : found)
        redeem(id,
               {.proof = RedemptionProof::Inferred,
                .amount = amount,
                .by = "till",
                .sale = sale.sale,
                .till = sale.till,
                .gift = chosen_gift(sale, live.at(id).offer)},
               turn);
}

void Engine::State::ask_after(const Sale& sale, Turn& turn) {
    if (sale.type != SaleType::Sale || set->candidates(TriggerKind::Sale, {}).empty()) return;
    const Basket basket{.key = sale.sale.value,
                        .till = sale.till,
                        .member = MemberKey{sale.member},
                        .lines = lines_of(sale, around, true)};
    prompt({.trigger = TriggerKind::Sale,
            .at = turn.now,
            .member = basket.member,
            .subject = "sale:" + sale.sale.value,
            .unit = "sale:" + sale.sale.value,
            .till = sale.till,
            .eyes = "till " + sale.till.value,
            .basket = &basket},
           turn);
}

}  // namespace aisle::offers
