#include "agent/customers/customers.hpp"

#include <algorithm>
#include <set>

#include "agent/customers/rfm.hpp"
#include "agent/customers/state.hpp"

namespace aisle::customers {
namespace {

constexpr std::size_t kLastShown = 5;
constexpr std::size_t kSaleDigits = 16;

bool is_purchase(const Sale& sale) {
    return sale.type == SaleType::Sale || (sale.type == SaleType::Exchange && sale.total > Money{});
}

bool concerns(const Sale* sale) { return sale && counts(*sale) && !sale->member.empty(); }

}  // namespace

KeptPurchase Customers::State::purchase_of(const Sale& sale) const {
    KeptPurchase purchase{.at = sale.ended_at,
                          .sale = sale.sale.value.substr(0, kSaleDigits),
                          .total = sale.total,
                          .purchase = is_purchase(sale)};
    std::set<std::string> categories;
    for (const SaleLine& line : sale.lines) {
        if (line.voided || line.void_of != 0) continue;
        ++purchase.lines;
        const auto product = products.find(line.sku);
        if (product != products.end() && !product->second.category.empty())
            categories.insert(product->second.category);
    }
    purchase.categories.assign(categories.begin(), categories.end());
    return purchase;
}

// Tells a new stage, if there is one. Hysteresis is for time alone: after a sale the purchases
// decide, so that the order in which late sales come makes no difference.
void Customers::State::settle(const MemberKey& member, Moved by, const Stamp& now,
                              Effects& effects) {
    Profile& profile = profiles[member];
    const auto walk = walk_to_last(profile, settings.lifecycle);
    const auto stage = by == Moved::BySale
                           ? stage_at(walk, now.wall, settings.lifecycle)
                           : settled(profile.stage, walk, now.wall, settings.lifecycle);
    if (stage == profile.stage) return;
    effects.transitions.push_back(
        {.member = member, .from = profile.stage, .to = stage, .at = now});
    profile.stage = stage;
}

Customers::Customers(Settings settings) : state_{std::make_unique<State>()} {
    state_->settings = settings;
}
Customers::~Customers() = default;
Customers::Customers(Customers&&) noexcept = default;
Customers& Customers::operator=(Customers&&) noexcept = default;

Effects Customers::sale(const Sale* old, const Sale& now, const Stamp& at) {
    Effects effects;
    std::set<MemberKey> touched;
    if (concerns(old)) {
        const MemberKey member{old->member};
        if (Profile* const profile = state_->find(member)) {
            remove_purchase(*profile, state_->purchase_of(*old));
            touched.insert(member);
        }
    }
    if (concerns(&now)) {
        const MemberKey member{now.member};
        if (Profile* const profile = state_->find_or_add(member)) {
            add_purchase(*profile, state_->purchase_of(now), state_->settings.lifecycle);
            touched.insert(member);
        }
    }
    for (const MemberKey& member : touched) {
        state_->settle(member, Moved::BySale, at, effects);
        state_->keep(member, effects);
    }
    return effects;
}

void Customers::product(const ProductRow& row) { state_->products[row.sku] = row; }
void Customers::product_gone(const std::string& sku) { state_->products.erase(sku); }

const ProductRow* Customers::product(std::string_view sku) const {
    const auto at = state_->products.find(std::string{sku});
    return at == state_->products.end() ? nullptr : &at->second;
}

Effects Customers::tick(const Stamp& now) {
    Effects effects;
    const std::size_t n = std::min(kScanMax, state_->order.size());
    for (std::size_t i = 0; i < n; ++i) {
        if (state_->scanned >= state_->order.size() && !state_->begin_round(now.wall)) break;
        const MemberKey& member = state_->order[state_->scanned++];
        const std::size_t before = effects.transitions.size();
        state_->settle(member, Moved::ByTime, now, effects);
        if (effects.transitions.size() > before) state_->keep(member, effects);
    }
    return effects;
}

CustomerCard Customers::card(const MemberKey& member, const Stamp& now) const {
    CustomerCard card{.member = member};
    const Profile* const profile = state_->find(member);
    if (!profile) return card;
    const LifecycleThresholds& thresholds = state_->settings.lifecycle;
    const Walk walk = walk_to_last(*profile, thresholds);
    card.known = true;
    card.tier = profile->tier;
    card.tags = profile->tags;
    card.stage = settled(profile->stage, walk, now.wall, thresholds);
    card.purchases = profile->purchases;
    card.spent = profile->spent;
    card.categories = profile->categories;
    for (const auto& [purpose, kept] : profile->consent) card.consent[purpose] = kept.consent;
    for (auto at = profile->kept.rbegin(); at != profile->kept.rend(); ++at)
        if (at->purchase && card.last.size() < kLastShown)
            card.last.push_back({.at = at->at, .total = at->total, .lines = at->lines});
    if (walk.purchases == 0) return card;
    card.days_since_last = whole_days(walk.last, now.wall);
    const Scores scores = score(
        state_->settings.rfm,
        {.recency_days = card.days_since_last, .purchases = card.purchases, .spent = card.spent});
    card.recency = scores.recency;
    card.frequency = scores.frequency;
    card.monetary = scores.monetary;
    return card;
}

Status Customers::restore(std::span<const StateChange> rows) {
    state_->profiles.clear();
    state_->order.clear();
    state_->scanned = 0;
    for (const StateChange& row : rows) {
        if (row.bytes.empty()) continue;
        auto profile = profile_from(row.bytes);
        if (!profile) {
            state_->profiles.clear();
            state_->order.clear();
            return malformed(profile.error().detail + ": " + row.key.substr(0, 8));
        }
        if (state_->profiles.emplace(MemberKey{row.key}, std::move(*profile)).second)
            state_->order.emplace_back(row.key);
    }
    return {};
}

std::vector<StateChange> Customers::rows() const {
    std::vector<StateChange> rows;
    for (const auto& [member, profile] : state_->profiles)
        rows.push_back({std::string{kRoom}, member.value, to_bytes(profile)});
    std::ranges::sort(rows, {}, &StateChange::key);
    return rows;
}

std::size_t Customers::size() const { return state_->profiles.size(); }
std::uint64_t Customers::refused() const { return state_->refused; }

}  // namespace aisle::customers
