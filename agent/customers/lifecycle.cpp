#include "agent/customers/lifecycle.hpp"

#include <algorithm>

namespace aisle::customers {
namespace {

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

}  // namespace

void step(Walk& walk, const KeptPurchase& purchase, const LifecycleThresholds& thresholds) {
    if (!purchase.purchase) return;
    const bool first = walk.purchases == 0;
    const auto before = first ? LifecycleStage::New : stage_at(walk, purchase.at, thresholds);
    ++walk.purchases;
    walk.since_return = depth(before) >= 2 ? 1 : walk.since_return + 1;
    walk.stage = after_purchase(before, walk, thresholds);
    walk.last = first ? purchase.at : std::max(walk.last, purchase.at);
}

std::int64_t whole_days(WallTime from, WallTime to) {
    return std::max<std::int64_t>(0, std::chrono::floor<std::chrono::days>(to - from).count());
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
