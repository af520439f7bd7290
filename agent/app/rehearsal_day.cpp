#include "agent/app/rehearsal.hpp"

// What people do in it: shoppers by the plan of the simulated shop, staff by a few habits.
namespace aisle::app {
namespace {

constexpr seconds kAskedBefore{4};  // the till asks for offers before it is paid
constexpr seconds kToTheTill{2};
constexpr int kWeathers = 3;    // a day
constexpr int kAsks = 850;      // of a thousand baskets are asked about...
constexpr int kAbandoned = 30;  // ...and so many are then left standing
// What staff do with a card, of a thousand.
constexpr int kTakesUp = 700;
constexpr int kDeclines = 150;
constexpr int kRedeems = 550;
constexpr seconds kTakesAfter{8}, kTellsAfter{25}, kRedeemsAfter{70};

}  // namespace

void Rehearsal::plan_day(int day) {
    const LocalTime local = zone_.local(settings_.from + std::chrono::hours{24} * day);
    plan_ = simulated::make_plan({.seed = settings_.seed * 1'000 + static_cast<std::uint64_t>(day),
                                  .store = "rehearsal",
                                  .source = "till",
                                  .business_date = local.date,
                                  .start = settings_.from + std::chrono::hours{24} * day,
                                  .length = settings_.open,
                                  .between_shoppers = settings_.between_shoppers});
    plan_ticks();
    const auto spell = settings_.open / kWeathers;
    for (int n = 0; n < kWeathers; ++n)
        at(spell * n, [this, number = day * kWeathers + n] { tell_weather(number); });
    for (const simulated::Shopper& shopper : plan_.shoppers) plan_shopper(shopper);
    int number = 0;
    for (const simulated::Receipt& receipt : plan_.receipts) plan_receipt(receipt, day, ++number);
}

void Rehearsal::plan_shopper(const simulated::Shopper& shopper) {
    ++played_.shoppers;
    at(shopper.enters, [this] { cross(Direction::In); });
    at(shopper.leaves, [this] { cross(Direction::Out); });
    if (shopper.tag == nullptr) return;
    for (const simulated::Stay& stay : shopper.stays) {
        at(stay.from, [this, &shopper, &stay] { visit(shopper, stay, true); });
        at(stay.to, [this, &shopper, &stay] { visit(shopper, stay, false); });
    }
}

void Rehearsal::plan_receipt(const simulated::Receipt& receipt, int day, int number) {
    const bool basket = receipt.sale.type == SaleType::Sale &&
                        receipt.sale.status == SaleStatus::Completed && noise_.chance(kAsks);
    const bool left = basket && noise_.chance(kAbandoned);
    const std::string key =
        basket ? "b" + std::to_string(day) + "-" + std::to_string(number) : std::string{};
    if (basket) at(receipt.rung - kAskedBefore, [this, &receipt, key] { ask(receipt, key); });
    if (left) return;
    at(receipt.rung + kToTheTill, [this, &receipt, key] {
        Sale draft = receipt.sale;
        draft.vendor_id = key;
        sell(std::move(draft));
    });
}

void Rehearsal::cross(Direction direction) {
    floor_->crossing(turn_, {.door = DoorId{"main"},
                             .direction = direction,
                             .at = turn_.now.wall,
                             .mono = turn_.now.mono});
}

// Presence is not asked: the tag is where the plan says.
void Rehearsal::visit(const simulated::Shopper& shopper, const simulated::Stay& stay, bool opened) {
    const TagKey tag = engines_->intake.tag_pseudonym(shopper.tag->id);
    const auto holders = engines_->holders();
    const auto holder = holders.find(tag);
    if (holder == holders.end()) return;  // a member's card that may not be followed
    const milliseconds entered_ago = now_ - stay.from;
    ZoneVisit seen{.tag = tag,
                   .bearer = holder->second.bearer,
                   .label = holder->second.label,
                   .member = holder->second.member,
                   .zone = ZoneId{stay.zone},
                   .entered = turn_.now.wall - entered_ago,
                   .entered_mono = turn_.now.mono - entered_ago,
                   .open = opened};
    if (!opened) seen.left = turn_.now.wall, seen.left_mono = turn_.now.mono;
    presence::PresenceEffects effects;
    (opened ? effects.opened : effects.closed).push_back(std::move(seen));
    floor_->visits(turn_, std::move(effects));
}

void Rehearsal::ask(const simulated::Receipt& receipt, const std::string& key) {
    Basket basket{.key = key, .till = receipt.sale.till};
    if (!receipt.sale.member.empty())
        basket.member = engines_->intake.pseudonym(receipt.sale.member);
    for (const SaleLine& line : receipt.sale.lines) {
        if (line.voided || line.void_of != 0 || line.gross <= Money{}) continue;
        basket.lines.push_back({.n = line.n,
                                .sku = line.sku,
                                .qty_milli = line.qty_milli,
                                .gross = line.gross,
                                .discount = line.discount});
    }
    if (basket.lines.empty()) return;
    ++played_.baskets;
    floor_->basket(turn_, basket);
}

void Rehearsal::sell(Sale draft) {
    auto cleaned = engines_->intake.sale({.draft = std::move(draft), .raw = {}}, turn_.now);
    auto* const clean = std::get_if<intake::CleanSale>(&cleaned);
    if (clean == nullptr) return;  // what a till got wrong brings no offers
    ++played_.sales;
    clean->sale.revision = 1;
    floor_->sale(turn_, nullptr, clean->sale, clean->digest);
}

// Staff see a card and make up their minds once, when it is new.
void Rehearsal::meet(const Offer& offer) {
    if (offer.state != OfferState::Offered || offer.revision != 1) return;
    const auto mood = noise_.below(1'000);
    const OfferId id = offer.id;
    if (mood >= kTakesUp + kDeclines) return;
    if (mood >= kTakesUp) {
        const std::string reason =
            offer.decline_reasons.empty() ? "not_interested" : offer.decline_reasons.front();
        return at(now_ + kTakesAfter,
                  [this, id, reason] { act(id, OfferAction::Decline, reason); });
    }
    at(now_ + kTakesAfter, [this, id] { act(id, OfferAction::Accept); });
    at(now_ + kTellsAfter, [this, id] { act(id, OfferAction::Present); });
    if (noise_.chance(kRedeems))
        at(now_ + kRedeemsAfter, [this, id] { act(id, OfferAction::Redeem); });
}

void Rehearsal::act(const OfferId& offer, OfferAction action, const std::string& reason) {
    floor_->act(turn_, {.offer = offer, .action = action, .by = "A3", .reason = reason});
}

}  // namespace aisle::app
