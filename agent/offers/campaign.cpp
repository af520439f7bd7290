#include "agent/offers/campaign.hpp"

namespace aisle::offers {

bool MinuteRange::has(int minute_of_day) const {
    if (from < to) return from <= minute_of_day && minute_of_day < to;
    return minute_of_day >= from || minute_of_day < to;
}

bool Window::has(WallTime now, const LocalTime& local) const {
    if ((from && now < *from) || (to && now >= *to)) return false;
    const unsigned today = local.weekday.iso_encoding() - 1;
    const unsigned yesterday = (today + 6) % 7;
    const auto on = [&](unsigned day) { return (days >> day & 1U) != 0; };
    if (hours.empty()) return on(today);
    for (const MinuteRange& range : hours) {
        if (!range.has(local.minute_of_day)) continue;
        // After midnight a range still belongs to the day on which it began.
        const bool after_midnight = range.to <= range.from && local.minute_of_day < range.to;
        if (on(after_midnight ? yesterday : today)) return true;
    }
    return false;
}

bool needs_member(const Campaign& campaign) {
    return campaign.trigger.kind == TriggerKind::MemberSeen ||
           !campaign.audience.segments.empty() || !campaign.audience.consent.empty() ||
           std::holds_alternative<PointsMultiplier>(campaign.action);
}

std::string_view to_text(StackGroup group) {
    constexpr std::string_view kNames[] = {"item", "order", "coupon", "points"};
    return kNames[static_cast<std::size_t>(group)];
}

std::string_view to_text(GuardMetric metric) {
    constexpr std::string_view kNames[] = {"margin_per_basket", "refund_rate", "decline_rate",
                                           "budget_burn"};
    return kNames[static_cast<std::size_t>(metric)];
}

}  // namespace aisle::offers
