#include <algorithm>

#include "agent/offers/state.hpp"

// Coupons: codes for a later visit. The store knows every code that it has handed out, so that
// nobody has to be asked, and a code is worth nothing before it is handed out, while another basket
// holds it, and once it is used. Codes are made under the store's key (codes.hpp): among a thousand
// million of them a guess meets one by luck alone, and a till has ten guesses in ten minutes.
namespace aisle::offers {
namespace {

constexpr std::size_t kCodesPerBasket = 20;
constexpr std::size_t kSweepMax = 200;  // coupons looked at in one tick

}  // namespace

bool Engine::State::locked(const TillId& till, const Stamp& now) const {
    const auto at = wrong_codes.find(till);
    return at != wrong_codes.end() && at->second.tried >= kWrongCodesMax &&
           !passed(at->second.forgotten, now);
}

void Engine::State::count_wrong(const TillId& till, const Stamp& now) {
    if (!wrong_codes.contains(till) && wrong_codes.size() >= kTillsMax)
        wrong_codes.erase(wrong_codes.begin());
    WrongCodes& wrong = wrong_codes[till];
    if (wrong.tried == 0 || passed(wrong.forgotten, now) || unmeasured(wrong.forgotten.set, now))
        wrong = {.tried = 0, .forgotten = {.set = now, .wait = kWrongCodesFor}};
    ++wrong.tried;
}

// Empty where the code is good for this basket; else a word of docs/offers.md, `used` with more.
std::string Engine::State::fault_of(const std::string& code, const std::string& basket,
                                    const Stamp& now) const {
    const auto at = coupons.find(code);
    if (at == coupons.end()) {
        if (!codes.well_formed(code)) return "unknown";
        if (const auto ended = closed.under(code)) return first_use(*ended);
        const auto offer = by_code.find(code);
        if (offer == by_code.end()) return "unknown";
        return live.at(offer->second).issues.empty() ? "on_receipt" : "not_yet";
    }
    const Coupon& coupon = at->second;
    if (!coupon.basket.empty() && coupon.basket != basket) return "other_basket";
    if (coupon.from.wait.count() > 0 && !passed(coupon.from, now)) return "not_yet";
    if (passed(coupon.until, now)) return "expired";
    return set->find(coupon.campaign) ? "" : "withdrawn";
}

// Who else wants it is told now; why its campaign does not take it is told after the decision.
void Engine::State::take_codes(const Basket& basket, Ask& ask, BasketDecision& answer, Turn& turn) {
    std::vector<std::string> scanned = basket.codes;
    std::ranges::sort(scanned);
    scanned.erase(std::ranges::unique(scanned).begin(), scanned.end());
    if (scanned.size() > kCodesPerBasket) scanned.resize(kCodesPerBasket);
    for (const std::string& code : scanned) {
        std::string fault =
            locked(basket.till, turn.now) ? "locked" : fault_of(code, basket.key, turn.now);
        if (fault == "unknown") count_wrong(basket.till, turn.now);
        if (fault.empty()) {
            const CampaignId& campaign = coupons.at(code).campaign;
            if (std::ranges::find(ask.coupons, campaign, &Presented::campaign) ==
                ask.coupons.end()) {
                ask.coupons.push_back({.campaign = campaign, .code = code});
                continue;
            }
            fault = to_text(Reason::OrderLimit);
        }
        answer.refused.push_back({.code = code, .reason = std::move(fault)});
    }
}

// The offer is redeemed: from now on its code is a coupon.
void Engine::State::hand_out(const Held& held, Turn& turn) {
    if (held.issues.empty() || held.offer.code.empty()) return;
    Coupon coupon = held.issues;
    coupon.from.set = coupon.until.set = turn.now;
    coupons[held.offer.code] = std::move(coupon);
    mark("coupon/" + held.offer.code);
}

// An offer that used a coupon has ended: only a redemption uses it up.
void Engine::State::free_coupon(const Held& held, OfferState state) {
    const auto at = coupons.find(held.offer.code);
    if (at == coupons.end()) return;
    at->second.basket.clear();
    if (state == OfferState::Redeemed) coupons.erase(at);
    mark("coupon/" + held.offer.code);
}

// A sale names a coupon that no basket was asked about: an offer is made of it on the spot.
OfferId Engine::State::take_up(const std::string& code, const Use& use, Turn& turn) {
    const Campaign* const campaign = set->find(coupons.at(code).campaign);
    if (!campaign) return {};
    Held held{.offer = {.id = OfferId{next_id(turn.now)},
                        .campaign = campaign->id,
                        .campaign_version = campaign->version,
                        .action = std::string{to_text(campaign->action)},
                        .title = campaign->delivery.title,
                        .value = use.amount,
                        .trigger = TriggerKind::Basket,
                        .till = use.till,
                        .code = code,
                        .made = turn.now,
                        .expires = {.set = turn.now, .wait = settings.reservation}},
              .by_coupon = true};
    const OfferId id = held.offer.id;
    Account& account = account_of(campaign->id);
    ++account.offered, ++account.live;
    by_code[code] = id;
    const Money room = left(*campaign).value_or(use.amount);
    reserve(*campaign, held, std::min(room, use.amount), turn);
    live.emplace(id, std::move(held));
    return id;
}

// Forgets what nobody can use any more, a bounded number a tick, in turn.
void Engine::State::sweep_coupons(Turn& turn) {
    auto at = coupons.upper_bound(coupons_swept_to_);
    for (std::size_t i = 0; i < kSweepMax && at != coupons.end(); ++i) {
        coupons_swept_to_ = at->first;
        Coupon& coupon = at->second;
        if (unmeasured(coupon.until.set, turn.now)) {
            coupon.from.set = coupon.until.set = turn.now;
            mark("coupon/" + at->first);
        }
        const bool over = coupon.basket.empty() && passed(coupon.until, turn.now);
        if (over) mark("coupon/" + at->first);
        at = over ? coupons.erase(at) : std::next(at);
    }
    if (at == coupons.end()) coupons_swept_to_.clear();
}

}  // namespace aisle::offers
