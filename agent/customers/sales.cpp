// What sales and visits say of a customer, and whose name they stand under.
#include <algorithm>
#include <array>
#include <charconv>
#include <set>

#include "agent/customers/state.hpp"

namespace aisle::customers {
namespace {

constexpr std::string_view kCard = "card:";

bool is_purchase(const Sale& sale) {
    return sale.type == SaleType::Sale || (sale.type == SaleType::Exchange && sale.total > Money{});
}

// Under what name a sale is kept; empty: nobody's.
std::string who(const Sale* sale) {
    if (!sale || !counts(*sale)) return {};
    if (!sale->member.empty()) return sale->member;
    return sale->card.empty() ? std::string{} : std::string{kCard} + sale->card;
}

// A receipt that names a member and a card ties the two.
std::optional<Evidence> evidence_of(const Sale* sale) {
    if (!sale || !counts(*sale) || sale->member.empty() || sale->card.empty()) return std::nullopt;
    return Evidence{
        .name = sale->member, .other = std::string{kCard} + sale->card, .source = Source::Receipt};
}

// Ids are hexadecimal; of another it is still the same number each time.
std::uint16_t told_apart_by(std::string_view sale) {
    constexpr std::size_t kFrom = 12;
    constexpr std::size_t kDigits = 4;
    std::uint16_t number = 0;
    if (sale.size() >= kFrom + kDigits)
        std::from_chars(sale.data() + kFrom, sale.data() + kFrom + kDigits, number, 16);
    return number;
}

bool left_out(const SaleLine& line) { return line.voided || line.void_of != 0; }

// A discount on the whole sale is on each of its lines.
bool discounted(const Sale& sale, const SaleLine& line) {
    if (line.discount != Money{}) return true;
    return std::ranges::any_of(sale.discounts, [&](const SaleDiscount& discount) {
        return discount.line == line.n || discount.line == 0;
    });
}

// Where the till has not split a discount over the lines, the discounts as listed say more.
Prices prices_of(const Sale& sale) {
    Prices prices;
    for (const SaleLine& line : sale.lines) {
        if (left_out(line)) continue;
        prices.gross += line.gross;
        prices.net += line.net;
        prices.off += line.discount;
        if (!discounted(sale, line)) prices.full += line.net;
    }
    Money listed;
    for (const SaleDiscount& discount : sale.discounts) listed += discount.amount;
    const bool returned = sale.type == SaleType::Return;
    if (returned ? listed < prices.off : listed > prices.off) {
        prices.net -= listed - prices.off;
        prices.off = listed;
    }
    return prices;
}

void sort_once(std::vector<Word>& words) {
    std::ranges::sort(words);
    words.erase(std::ranges::unique(words).begin(), words.end());
}

}  // namespace

Bought Customers::State::bought_of(const Sale& sale) {
    Bought bought{.purchase = {.at = sale.ended_at,
                               .sale = told_apart_by(sale.sale.value),
                               .total = sale.total,
                               .purchase = is_purchase(sale)},
                  .prices = prices_of(sale)};
    KeptPurchase& purchase = bought.purchase;
    for (const SaleLine& line : sale.lines) {
        if (left_out(line)) continue;
        ++purchase.lines;
        const auto product = products.find(line.sku);
        if (product == products.end()) continue;
        if (const Word word = words.intern(product->second.category))
            purchase.categories.push_back(word);
        if (const Word word = words.intern(product->second.brand)) purchase.brands.push_back(word);
    }
    sort_once(purchase.categories);
    sort_once(purchase.brands);
    if (settings.zone) {
        const LocalTime local = settings.zone->local(sale.ended_at);
        const auto day = local.weekday.iso_encoding() - 1;
        bought.hour = 1 + day * 24 + static_cast<Word>(local.minute_of_day / 60);
    }
    return bought;
}

// Tells a new stage, if there is one. Hysteresis is for time alone: after a sale the purchases
// decide, so that the order in which late sales come makes no difference.
void Customers::State::settle(Index name, Moved by, const Stamp& now, Effects& effects) {
    const auto person = identity.person(name);
    const Index head = person.front();
    if (head != name && by == Moved::ByTime) return;  // its own turn comes
    if (!table.is_member(head)) return;
    const LifecycleThresholds& thresholds = settings.lifecycle;
    const Walk walk =
        person.size() == 1 ? table.hot(head).walk : walk_to_last(whole(person), thresholds);
    const LifecycleStage told = table.hot(head).told;
    const auto stage = by == Moved::BySale ? stage_at(walk, now.wall, thresholds)
                                           : settled(told, walk, now.wall, thresholds);
    if (stage == told) return;
    effects.transitions.push_back(
        {.member = MemberKey{table.name(head)}, .from = told, .to = stage, .at = now});
    Profile profile = table.profile(head);
    profile.stage = stage;
    put(head, profile, effects);
}

Effects Customers::sale(const Sale* old, const Sale& now, const Stamp& at) {
    Effects effects;
    State& state = *state_;
    std::vector<Index> touched;
    if (const Index name = state.find(who(old)); name != kNobody) {
        Profile profile = state.table.profile(name);
        remove_purchase(profile, state.bought_of(*old));
        state.table.put(name, profile, state.settings.lifecycle);
        touched.push_back(name);
    }
    if (const std::string named = who(&now); !named.empty()) {
        if (const Index name = state.find_or_add(named); name != kNobody) {
            Profile profile = state.table.profile(name);
            add_purchase(profile, state.bought_of(now), state.settings.lifecycle);
            state.table.put(name, profile, state.settings.lifecycle);
            if (touched.empty() || touched.front() != name) touched.push_back(name);
        }
    }
    if (const auto evidence = evidence_of(old)) state.tie(*evidence, -1, at, effects);
    if (const auto evidence = evidence_of(&now)) state.tie(*evidence, +1, at, effects);
    for (const Index name : touched) {
        state.settle(name, Moved::BySale, at, effects);
        state.keep(name, effects);
    }
    for (const Index name : touched) state.judge(name, at);
    return effects;
}

// Dwell by the monotonic clock where both ends are of one boot: a wall that is set does not
// lengthen it.
Effects Customers::visit(const ZoneVisit& visit, const Stamp& at) {
    Effects effects;
    State& state = *state_;
    const Index name = visit.open ? kNobody : state.find(visit.member.value);
    if (name == kNobody || !state.agrees(state.whole(name), kConsentLocation)) return effects;
    const Word zone = state.words.intern(visit.zone.value);
    if (zone == kNoWord) return effects;
    const auto mono = std::chrono::duration_cast<seconds>(visit.left_mono - visit.entered_mono);
    const auto wall = std::chrono::duration_cast<seconds>(visit.left - visit.entered);
    const auto dwell = mono.count() > 0 ? mono : std::max(wall, seconds{0});
    Profile profile = state.table.profile(name);
    auto sum = std::ranges::lower_bound(profile.zones, zone, {}, &ZoneSum::zone);
    if (sum == profile.zones.end() || sum->zone != zone)
        sum = profile.zones.insert(sum, {.zone = zone});
    ++sum->visits;
    sum->dwell_s += dwell.count();
    state.put(name, profile, effects);
    state.judge(name, at);
    return effects;
}

}  // namespace aisle::customers
