#include "agent/offers/guardrails.hpp"

#include <random>

#include "sales.hpp"

namespace aisle::offers {
namespace {

using kit::at;

Sums margins(int n, double mean, std::uint64_t seed) {
    std::mt19937_64 random{seed};
    std::normal_distribution<double> amounts{mean, 400};
    Sums made;
    for (int i = 0; i < n; ++i) made.add(0, amounts(random));
    return made;
}

bool broken(GuardMetric metric, double limit, const RailFigures& figures) {
    return broken_at({.metric = metric, .limit = limit}, figures).has_value();
}

TEST(MarginRail, BreaksWhereTheTreatedBringClearlyLess) {
    const RailFigures bad{.treated_margin = margins(2'000, 800, 1),
                          .withheld_margin = margins(2'000, 1'000, 2)};
    EXPECT_TRUE(broken(GuardMetric::MarginPerBasket, -0.05, bad));
    EXPECT_FALSE(broken(GuardMetric::MarginPerBasket, -0.30, bad));
    EXPECT_NEAR(*broken_at({.metric = GuardMetric::MarginPerBasket, .limit = -0.05}, bad), -0.2,
                0.03);
}

TEST(MarginRail, WaitsForAHundredOfEachSide) {
    const RailFigures few{.treated_margin = margins(99, 100, 1),
                          .withheld_margin = margins(2'000, 5'000, 2)};
    EXPECT_FALSE(broken(GuardMetric::MarginPerBasket, -0.05, few));
}

TEST(MarginRail, HoldsWhereNothingIsWrongHoweverOftenOneLooks) {
    int paused = 0;
    for (std::uint64_t seed = 0; seed < 60; ++seed) {
        std::mt19937_64 random{seed};
        std::normal_distribution<double> amounts{1'000, 400};
        RailFigures figures;
        bool broke = false;
        for (int i = 0; i < 3'000 && !broke; ++i) {
            (i % 2 == 0 ? figures.treated_margin : figures.withheld_margin).add(0, amounts(random));
            if (i % 25 == 0) broke = broken(GuardMetric::MarginPerBasket, 0, figures);
        }
        paused += broke;
    }
    EXPECT_LE(paused, 4);
}

TEST(ShareRails, BreakBeyondDoubtOnly) {
    EXPECT_FALSE(broken(GuardMetric::DeclineRate, 0.4, {.ended = 60, .declined = 26}));
    EXPECT_TRUE(broken(GuardMetric::DeclineRate, 0.4, {.ended = 60, .declined = 50}));
    EXPECT_FALSE(broken(GuardMetric::DeclineRate, 0.4, {.ended = 49, .declined = 49}));
    EXPECT_TRUE(broken(GuardMetric::RefundRate, 0.05, {.observed = 400, .returned = 60}));
    EXPECT_FALSE(broken(GuardMetric::RefundRate, 0.05, {.observed = 400, .returned = 22}));
}

TEST(BurnRail, BreaksWhereTheBudgetRunsAheadOfThePlan) {
    EXPECT_TRUE(broken(GuardMetric::BudgetBurn, 2, {.spent_share = 0.5, .elapsed_share = 0.2}));
    EXPECT_FALSE(broken(GuardMetric::BudgetBurn, 2, {.spent_share = 0.4, .elapsed_share = 0.2}));
    EXPECT_FALSE(broken(GuardMetric::BudgetBurn, 2, {.spent_share = 0.04, .elapsed_share = 0.001}));
}

const std::string kRefusals = R"("delivery": {"ttl_s": 60, "max_cards": 1000},
    "guardrails": [{"metric": "decline_rate", "max": 0.3}])";

// Shows so many prompts and has each declined.
Effects declined(Shop& shop, int n) {
    Effects last;
    for (int i = 0; i < n; ++i) {
        const Stamp now = at(seconds{i});
        const Offer offer = shop.seen(now);
        if (offer.id.empty()) break;
        shop.act(offer.id, OfferAction::Decline, "li", now);
        Effects ticked = shop.tick(now);
        if (!ticked.alarms.empty()) last = std::move(ticked);
    }
    return last;
}

TEST(Pausing, StopsTheCampaignAndSaysWhy) {
    Shop shop{{campaign("c", kSeen, kTenOffHundred, kRefusals)}};
    const Effects paused = declined(shop, 60);
    ASSERT_EQ(paused.alarms.size(), 1U);
    EXPECT_EQ(paused.alarms.front().kind, "guardrail.pause");
    EXPECT_EQ(paused.alarms.front().detail.rfind("decline_rate 1.0000 above 0.3000", 0), 0U)
        << paused.alarms.front().detail;
    EXPECT_EQ(shop.status().paused, "decline_rate");
    EXPECT_EQ(reason_of(shop.see(at(seconds{500}))), "guardrail");
    EXPECT_EQ(reason_of(shop.see(at(seconds{500}), true)), "guardrail");
}

TEST(Pausing, HoldsThroughARestartAndEndsWithAnotherVersion) {
    Shop shop{{campaign("c", kSeen, kTenOffHundred, kRefusals)}};
    declined(shop, 60);
    EXPECT_EQ(reason_of(shop.restored()->member_seen(kAda, false, at(seconds{500}))), "guardrail");
    shop.engine->load(
        set_of({campaign("c", kSeen, kTenOffHundred, kRefusals + R"(, "version": 2)")}));
    EXPECT_EQ(reason_of(shop.see(at(seconds{500}))), "offered");
    EXPECT_TRUE(shop.tick(at(seconds{501})).alarms.empty());
}

TEST(Pausing, IsNotBroughtAboutByPromptsThatNobodyAnswers) {
    Shop shop{{campaign("c", kSeen, kTenOffHundred, kRefusals)}};
    for (int i = 0; i < 80; ++i) {
        shop.seen(at(minutes{2 * i}));
        EXPECT_TRUE(shop.tick(at(minutes{2 * i + 1})).alarms.empty());
    }
}

TEST(Pausing, FollowsTheBudgetOfARealShop) {
    Shop shop{{campaign("c", kSeen, kTenOffHundred,
                        R"("window": {"from": "2026-06-01", "to": "2026-07-31"},
                           "limits": {"budget_fen": 5000}, "delivery": {"ttl_s": 60},
                           "guardrails": [{"metric": "budget_burn", "max": 2}])")}};
    for (int i = 0; i < 3; ++i) {
        const Stamp now = at(seconds{i});
        const Offer offer = shop.seen(now);
        shop.act(offer.id, OfferAction::Accept, "li", now);
        shop.act(offer.id, OfferAction::Redeem, "li", now);
    }
    // 30 of 50 in a fifth of the time.
    EXPECT_EQ(shop.tick(at(seconds{9})).alarms.size(), 1U);
    EXPECT_EQ(shop.status().paused, "budget_burn");
}

}  // namespace
}  // namespace aisle::offers
