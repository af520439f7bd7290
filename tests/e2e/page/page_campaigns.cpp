#include "page_campaigns.hpp"

namespace aisle {

std::vector<staff::CampaignNow> played_campaigns() {
    return {{.campaign = CampaignId{"c-snacks"},
             .version = 7,
             .title = {{"zh-CN", "零食满 99 减 10"}, {"en", "Snacks: ¥10 off ¥99"}},
             .action = "spend_tiers",
             .trigger = TriggerKind::ZoneDwell,
             .state = "live",
             .leased = true,
             .budget = Money::minor(500'000),
             .spent = Money::minor(312'000),
             .reserved = Money::minor(45'000),
             .left = Money::minor(43'000),
             .live = 6,
             .treated = {.exposed = 412, .observed = 380, .mean = Money::minor(8'640)},
             .withheld = {.exposed = 24, .observed = 21, .mean = Money::minor(8'110)},
             .compared = true,
             .needed = 79},
            {.campaign = CampaignId{"c-tea"},
             .version = 2,
             .title = {{"zh-CN", "茶叶 9 折"}, {"en", "Tea: 10 % off"}},
             .action = "pct_off",
             .trigger = TriggerKind::MemberSeen,
             .state = "live",
             .treated = {.exposed = 700, .observed = 690, .mean = Money::minor(9'900)},
             .withheld = {.exposed = 400, .observed = 380, .mean = Money::minor(9'700)},
             .compared = true,
             .mismatched = true},
            {.campaign = CampaignId{"c-mug"},
             .version = 1,
             .title = {{"zh-CN", "满 200 送马克杯"}, {"en", "A mug from ¥200"}},
             .action = "gift",
             .trigger = TriggerKind::Basket,
             .state = "live",
             .paused = "refund_rate",
             .budget = Money::minor(100'000),
             .spent = Money::minor(20'000),
             .left = Money::minor(80'000)}};
}

staff::FunnelNow played_funnel() {
    staff::FunnelNow funnel{.business_date = Date{std::chrono::year{2026}, std::chrono::month{11},
                                                  std::chrono::day{21}},
                            .all = {.triggered = 1'240,
                                    .eligible = 612,
                                    .offered = 260,
                                    .withheld = 18,
                                    .accepted = 171,
                                    .redeemed = 94},
                            .campaigns = {}};
    funnel.campaigns[CampaignId{"c-snacks"}] = {.triggered = 900,
                                                .eligible = 410,
                                                .offered = 180,
                                                .withheld = 12,
                                                .accepted = 120,
                                                .redeemed = 70};
    return funnel;
}

}  // namespace aisle
