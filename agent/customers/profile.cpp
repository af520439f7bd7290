#include "agent/customers/profile.hpp"

#include <algorithm>
#include <iterator>
#include <tuple>

namespace aisle::customers {
namespace {

auto order_of(const KeptPurchase& purchase) { return std::tie(purchase.at, purchase.sale); }

bool earlier(const KeptPurchase& a, const KeptPurchase& b) { return order_of(a) < order_of(b); }

// How far a stage has sunk: New, Active and WonBack are up, then down to Lost.
int depth(LifecycleStage stage) {
    switch (stage) {
        case LifecycleStage::AtRisk:
            return 1;
        case LifecycleStage::Dormant:
            return 2;
        case LifecycleStage::Lost:
            return 3;
        default:
            return 0;
    }
}

std::int32_t days_to_sink_to(LifecycleStage stage, const LifecycleThresholds& thresholds) {
    switch (stage) {
        case LifecycleStage::AtRisk:
            return thresholds.at_risk_days;
        case LifecycleStage::Dormant:
            return thresholds.dormant_days;
        case LifecycleStage::Lost:
            return thresholds.lost_days;
        default:
            return 0;
    }
}

LifecycleStage after_purchase(LifecycleStage before, const Walk& walk,
                              const LifecycleThresholds& thresholds) {
    if (depth(before) >= 2) return LifecycleStage::WonBack;
    const bool coming_back = walk.stage == LifecycleStage::WonBack;
    if (coming_back && walk.since_return < thresholds.won_back_purchases)
        return LifecycleStage::WonBack;
    return walk.purchases < thresholds.active_purchases ? LifecycleStage::New
                                                        : LifecycleStage::Active;
}

void step(Walk& walk, const KeptPurchase& purchase, const LifecycleThresholds& thresholds) {
    if (!purchase.purchase) return;
    const bool first = walk.purchases == 0;
    const auto before = first ? LifecycleStage::New : stage_at(walk, purchase.at, thresholds);
    ++walk.purchases;
    walk.since_return = depth(before) >= 2 ? 1 : walk.since_return + 1;
    walk.stage = after_purchase(before, walk, thresholds);
    walk.last = first ? purchase.at : std::max(walk.last, purchase.at);
}

void count(Profile& profile, const KeptPurchase& purchase, int sign) {
    profile.spent += purchase.total * sign;
    if (!purchase.purchase) return;
    profile.purchases += sign;
    for (const std::string& category : purchase.categories) {
        const auto at = profile.categories.try_emplace(category, 0).first;
        at->second += sign;
        if (at->second == 0) profile.categories.erase(at);
    }
}

}  // namespace

std::int64_t whole_days(WallTime from, WallTime to) {
    return std::max<std::int64_t>(0, std::chrono::floor<std::chrono::days>(to - from).count());
}

void add_purchase(Profile& profile, KeptPurchase purchase, const LifecycleThresholds& thresholds) {
    count(profile, purchase, +1);
    const auto at = std::ranges::upper_bound(profile.kept, purchase, earlier);
    profile.kept.insert(at, std::move(purchase));
    if (profile.kept.size() <= kPurchasesKept) return;
    step(profile.folded, profile.kept.front(), thresholds);
    profile.kept.erase(profile.kept.begin());
}

void remove_purchase(Profile& profile, const KeptPurchase& purchase) {
    const auto same = std::ranges::find_if(profile.kept, [&](const KeptPurchase& kept) {
        return order_of(kept) == order_of(purchase);
    });
    // Categories are those of the day on which the sale was counted, not of today.
    count(profile, same == profile.kept.end() ? purchase : *same, -1);
    if (same != profile.kept.end())
        profile.kept.erase(same);
    else if (purchase.purchase && profile.folded.purchases > 0)
        --profile.folded.purchases;
}

void join_purchases(Profile& profile, const Profile& other, const LifecycleThresholds& thresholds) {
    profile.spent += other.spent;
    profile.purchases += other.purchases;
    for (const auto& [category, n] : other.categories) {
        if ((profile.categories[category] += n) == 0) profile.categories.erase(category);
    }
    const std::int32_t folded = profile.folded.purchases + other.folded.purchases;
    if (other.folded.last > profile.folded.last) profile.folded = other.folded;
    profile.folded.purchases = folded;
    std::vector<KeptPurchase> kept;
    std::ranges::merge(profile.kept, other.kept, std::back_inserter(kept), earlier);
    const auto surplus = kept.size() > kPurchasesKept ? kept.size() - kPurchasesKept : 0;
    for (std::size_t i = 0; i < surplus; ++i) step(profile.folded, kept[i], thresholds);
    profile.kept.assign(kept.begin() + static_cast<std::ptrdiff_t>(surplus), kept.end());
}

Walk walk_to_last(const Profile& profile, const LifecycleThresholds& thresholds) {
    Walk walk = profile.folded;
    for (const KeptPurchase& purchase : profile.kept) step(walk, purchase, thresholds);
    return walk;
}

LifecycleStage stage_at(const Walk& walk, WallTime now, const LifecycleThresholds& thresholds) {
    if (walk.purchases == 0) return LifecycleStage::New;
    const auto days = whole_days(walk.last, now);
    for (const auto stage : {LifecycleStage::Lost, LifecycleStage::Dormant, LifecycleStage::AtRisk})
        if (days >= days_to_sink_to(stage, thresholds)) return stage;
    return walk.stage;
}

LifecycleStage settled(LifecycleStage told, const Walk& walk, WallTime now,
                       const LifecycleThresholds& thresholds) {
    const auto plain = stage_at(walk, now, thresholds);
    if (walk.purchases == 0 || depth(plain) >= depth(told)) return plain;
    const auto days = whole_days(walk.last, now);
    const auto edge = days_to_sink_to(told, thresholds);
    // Far below the edge: a purchase has come, or the clock has really been put right.
    return days + thresholds.hysteresis_days < edge ? plain : told;
}

}  // namespace aisle::customers
