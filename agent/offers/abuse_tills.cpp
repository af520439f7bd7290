#include <algorithm>

#include "agent/offers/abuse.hpp"
#include "agent/offers/rare_counts.hpp"

// Tills beside their own past and beside each other, hour by hour.
namespace aisle::offers {
namespace {

constexpr std::chrono::hours kHour{1};
constexpr std::int64_t kDaysLeast = 5;     // of history before a till's own past says anything
constexpr std::int32_t kSalesLeast = 5;    // in three hours of a day
constexpr std::int32_t kOthersLeast = 20;  // receipts of the other tills, in this hour
constexpr std::int64_t kHoursBack = 6;     // or in so many, if it was a quiet one
constexpr std::int64_t kSpikeLeast = 5;
// From one hour to the next a till's share scatters by more than chance: who stands in the queue,
// which campaign is on.
constexpr double kSpread = 0.15;
constexpr double kMeanLeast = 0.3;
constexpr double kHoursWeek = 14 * 7;
// Receipts just over a threshold: of twenty that nobody has seen, one.
constexpr double kUsualNear = 1, kUsualReceipts = 20;

std::int64_t hours_of(const Stamp& now) { return now.wall.time_since_epoch() / kHour; }

}  // namespace

// By the shop's clock, whatever it is worth: a jump ends the hour that ran, and each hour is judged
// by its own receipts.
AbuseWatch::TillPast* AbuseWatch::till_of(const TillId& till, const Stamp& now) {
    if (till.empty()) return nullptr;
    if (!tills_.contains(till.value) && tills_.size() >= kTills) return nullptr;
    TillPast& past = tills_[till.value];
    const std::int64_t hour = std::max<std::int64_t>(0, hours_of(now));
    if (past.hour != hour) {
        if (past.hour >= 0) judge_hour(till.value, past, now);
        past.hour = hour;
        past.days[hour / 24];
        while (past.days.size() > static_cast<std::size_t>(kHistoryDays) + 1)
            past.days.erase(past.days.begin());
    }
    return &past;
}

void AbuseWatch::close_hours(const Stamp& now) {
    for (auto& [till, past] : tills_)
        if (past.hour >= 0 && past.hour != std::max<std::int64_t>(0, hours_of(now)))
            till_of(TillId{till}, now);
}

// The till's share of redemptions at this time of day: the median of its days, so that days which
// were unusual themselves do not make it so.
std::optional<double> AbuseWatch::own_share(const TillPast& past, std::int64_t hour) const {
    std::vector<double> shares;
    for (const auto& [day, seen] : past.days) {
        if (day == hour / 24 || day < began_day_) continue;
        Hour sum;
        for (std::int64_t h = hour % 24 - 1; h <= hour % 24 + 1; ++h) {
            const Hour& one = seen.hours[static_cast<std::size_t>((h + 24) % 24)];
            sum.sales += one.sales, sum.redeemed += one.redeemed;
        }
        if (sum.sales >= kSalesLeast)
            shares.push_back(static_cast<double>(sum.redeemed) / sum.sales);
    }
    if (static_cast<std::int64_t>(shares.size()) < kDaysLeast) return std::nullopt;
    const auto middle = shares.begin() + static_cast<std::ptrdiff_t>(shares.size() / 2);
    std::ranges::nth_element(shares, middle);
    return *middle;
}

// The other tills' share, from as few hours as say enough.
std::optional<double> AbuseWatch::others_share(const std::string& till, std::int64_t hour) const {
    Hour sum;
    for (std::int64_t back = 0; back < kHoursBack && sum.sales < kOthersLeast; ++back) {
        const std::int64_t at = hour - back;
        for (const auto& [name, past] : tills_) {
            const auto day = past.days.find(at / 24);
            if (name == till || day == past.days.end() || at / 24 < began_day_) continue;
            const Hour& one = day->second.hours[static_cast<std::size_t>(at % 24)];
            sum.sales += one.sales, sum.redeemed += one.redeemed;
        }
    }
    if (sum.sales < kOthersLeast) return std::nullopt;
    return static_cast<double>(sum.redeemed) / sum.sales;
}

// A genuine big day lifts all tills and the receipts as well; a new campaign lifts all tills. What
// is left is one till that redeems more than its customers explain.
void AbuseWatch::judge_hour(const std::string& till, TillPast& past, const Stamp& now) {
    marks_.insert("till/" + till);
    const auto day = past.days.find(past.hour / 24);
    if (day == past.days.end()) return;
    const Hour seen = day->second.hours[static_cast<std::size_t>(past.hour % 24)];
    if (seen.redeemed < kSpikeLeast) return;
    const auto own = own_share(past, past.hour);
    const auto others = others_share(till, past.hour);
    if (!own && !others) return;
    const double share = std::max(own.value_or(0), others.value_or(0));
    const double mean = std::max(kMeanLeast, share * seen.sales);
    const double p = at_least(seen.redeemed, {.mean = mean, .spread = kSpread});
    if (p * kHoursWeek >= settings_.false_per_till_week) return;
    flag({.kind = AbuseKind::RedemptionSpike,
          .till = TillId{till},
          .count = seen.redeemed,
          .expected = mean,
          .p = p,
          .detail = std::to_string(seen.redeemed) + " redemptions with " +
                    std::to_string(seen.sales) + " receipts in one hour",
          .at = now},
         "till " + till);
}

double AbuseWatch::just_over_share() const {
    double near = kUsualNear, receipts = kUsualReceipts;
    for (const auto& [till, past] : tills_) {
        for (const auto& [day, seen] : past.days) {
            if (day < began_day_) continue;
            near += seen.just_over;
            for (const Hour& hour : seen.hours) receipts += hour.sales;
        }
    }
    return std::min(1.0, near / receipts);
}

void AbuseWatch::campaigns_changed(const Stamp& now) {
    began_day_ = std::max<std::int64_t>(0, hours_of(now)) / 24;
    marks_.insert("began");
}

}  // namespace aisle::offers
