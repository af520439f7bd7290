#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "agent/core/ids.hpp"
#include "agent/core/money.hpp"
#include "agent/core/time.hpp"

// What looks as if offers were taken that nobody was meant to have. A flag says what was seen and
// why it is unusual; it accuses nobody, changes no offer, and somebody has to look (docs/offers.md,
// Abuse).
namespace aisle::offers {

struct AbuseSettings {
    std::int64_t card_sales_day = 8;   // receipts with one card in 24 hours
    std::int64_t card_sales_rush = 5;  // or at one till within `rush`
    milliseconds rush{30 * 60'000};
    std::int64_t split_baskets = 3;  // of one card within `split`, each just over a threshold
    milliseconds split{15 * 60'000};
    BasisPoints split_over{1'500};  // what is just over: at most so much more
    std::int64_t refunds_week = 3;  // redemptions of one card in 7 days whose goods came back
    milliseconds gift_grace{30 * 60'000};
    // What is judged by statistics: false flags that are expected a till and week, by kind.
    double false_per_till_week = 0.001;
};

enum class AbuseKind { OwnCard, SplitBaskets, GiftKept, RedeemThenRefund, RedemptionSpike };
inline constexpr std::size_t kAbuseKinds = 5;
// own_card, split_baskets, gift_kept, redeem_then_refund, redemption_spike
std::string_view to_text(AbuseKind kind);

struct AbuseFlag {
    AbuseKind kind = AbuseKind::OwnCard;
    CampaignId campaign;  // empty: no single one
    TillId till;
    std::string staff;  // pseudonym of who tapped it, where somebody did
    MemberKey member;   // the card, where there was one
    std::int64_t count = 0;
    double expected = 0;  // of `count`, where statistics have judged; else 0
    double p = 0;         // the chance of so many, if nothing is wrong; else 0
    std::string detail;   // the evidence in words
    Stamp at;
};

}  // namespace aisle::offers
