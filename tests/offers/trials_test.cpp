#include <cmath>
#include <random>

#include "sales.hpp"

// What becomes of a draw: sums that add up over shops, and the ratio alarm.
namespace aisle::offers {
namespace {

using kit::at;
constexpr std::chrono::hours kHour{1};

const std::string kHalfControl = R"("delivery": {"ttl_s": 60, "max_cards": 1000},
    "experiment": {"holdout": 0, "arms": [["control", 0.5], ["A", 0.5]]})";

MemberKey member(int i) {
    std::string id = std::to_string(i);
    return MemberKey{std::string(32 - id.size(), '0') + id};
}

Effects see(Shop& shop, const MemberKey& who, const Stamp& now) {
    shop.around.add_member(who);
    return shop.commit(shop.engine->member_seen(who, false, now));
}

// Enough ticks for every unit to have been looked at.
std::vector<TrialReport> told(Shop& shop, const Stamp& now) {
    std::vector<TrialReport> all;
    for (int i = 0; i < 20; ++i)
        for (TrialReport& report : shop.tick(now).trials) all.push_back(std::move(report));
    return all;
}

Sale bought(const MemberKey& who, std::int64_t minor, std::int64_t seq, const Stamp& when) {
    Sale sale = kit::sale_of(minor, seq);
    sale.member = who.value;
    sale.ended_at = when.wall;
    return sale;
}

TEST(Trials, CountAUnitOnceHoweverOftenItIsExposed) {
    Shop shop{{campaign("c", kSeen, kTenOffHundred, kHalfControl)}};
    for (int i = 0; i < 5; ++i) {
        see(shop, kAda, at(minutes{10 * i}));
        shop.tick(at(minutes{10 * i + 5}));
    }
    const auto reports = told(shop, at(2 * kHour));
    ASSERT_EQ(reports.size(), 1U);
    std::int64_t exposed = 0;
    for (const auto& [name, group] : reports.front().groups) exposed += group.exposed;
    EXPECT_EQ(exposed, 1);
}

TEST(Trials, CountABasketOnceHoweverOftenItAsks) {
    Shop shop{{campaign("c", kBasket, kTenOffHundred, kHalfControl)}};
    for (int i = 0; i < 4; ++i) shop.ask(basket_of({200'00}), at(seconds{i}));
    const auto reports = told(shop, at(2 * kHour));
    std::int64_t exposed = 0;
    for (const auto& [name, group] : reports.front().groups) exposed += group.exposed;
    EXPECT_EQ(exposed, 1);
}

TEST(Trials, AddUpWhatAMemberBuysInItsTimeAndNothingElse) {
    Shop shop{{campaign("c", kSeen, kTenOffHundred, kHalfControl)}};
    shop.around.add_member(kAda);
    shop.around.members[kAda].set("cust.spent_minor", std::int64_t{5'000});
    shop.see(at());
    shop.sell(bought(kAda, 30'00, 1, at(-kHour)), at(kHour));  // before the exposure
    shop.sell(bought(kAda, 100'00, 2, at(kHour)), at(kHour));
    const Sale first = bought(kAda, 20'00, 3, at(2 * kHour));
    shop.sell(first, at(2 * kHour));
    shop.sell(bought(kAda, 25'00, 3, at(2 * kHour)), at(3 * kHour), &first);  // its revision
    shop.sell(bought(member(7), 500'00, 4, at(kHour)), at(kHour));
    Sums all;
    for (const TrialReport& report : told(shop, at(25 * kHour)))
        for (const auto& [name, group] : report.groups) all += group.spend;
    EXPECT_EQ(all, (Sums{.n = 1,
                         .y = 12'500,
                         .yy = 12'500.0 * 12'500,
                         .x = 5'000,
                         .xx = 5'000.0 * 5'000,
                         .xy = 12'500.0 * 5'000}));
    shop.sell(bought(kAda, 900'00, 5, at(26 * kHour)), at(26 * kHour));  // too late
    EXPECT_TRUE(told(shop, at(50 * kHour)).empty());
}

TEST(Trials, TellAnHourLaterAndOnlyWhatIsNew) {
    Shop shop{{campaign("c", kSeen, kTenOffHundred, kHalfControl)}};
    see(shop, kAda, at());
    EXPECT_TRUE(told(shop, at(minutes{59})).empty());
    const auto first = told(shop, at(kHour));
    ASSERT_EQ(first.size(), 1U);
    EXPECT_EQ(first.front().revision, 1);
    EXPECT_EQ(first.front().experiment, "c");
    EXPECT_EQ(first.front().expected.at("A"), 0.5);
    EXPECT_TRUE(told(shop, at(5 * kHour)).empty());
    const auto matured = told(shop, at(25 * kHour));
    ASSERT_EQ(matured.size(), 1U);
    EXPECT_EQ(matured.front().id, first.front().id);
    EXPECT_EQ(matured.front().revision, 2);
}

TEST(Trials, BeginAnewWithAnotherPlanAndTellTheOldOneForTheLastTime) {
    Shop shop{{campaign("c", kSeen, kTenOffHundred, kHalfControl)}};
    see(shop, member(1), at());
    shop.engine->load(set_of({campaign("c", kSeen, kTenOffHundred,
                                       R"("experiment": {"holdout": 0, "arms": [["A", 1]]})")}));
    const auto old = see(shop, member(2), at(minutes{5})).trials;
    ASSERT_EQ(old.size(), 1U);
    EXPECT_EQ(old.front().groups.size(), 1U);
    const auto fresh = told(shop, at(2 * kHour));
    ASSERT_EQ(fresh.size(), 1U);
    EXPECT_NE(fresh.front().id, old.front().id);
    EXPECT_NE(fresh.front().plan, old.front().plan);
    EXPECT_EQ(fresh.front().groups.at("A").exposed, 1);
}

TEST(Trials, DoNotCountWhoKeepsAnArmOfAnotherPlan) {
    Shop shop{{campaign("c", kSeen, kTenOffHundred, kHalfControl)}};
    see(shop, kAda, at());
    shop.tick(at(minutes{2}));
    shop.engine->load(set_of({campaign("c", kSeen, kTenOffHundred, R"("experiment":
        {"holdout": 0, "arms": [["control", 0.1], ["A", 0.9]]})")}));
    see(shop, kAda, at(minutes{5}));
    for (const TrialReport& report : told(shop, at(2 * kHour)))
        EXPECT_EQ(report.groups.size(), 0U) << report.groups.begin()->first;
}

TEST(Trials, ComeBackFromTheirRows) {
    Shop shop{{campaign("c", kSeen, kTenOffHundred, kHalfControl)}};
    for (int i = 0; i < 40; ++i) see(shop, member(i), at(seconds{i}));
    shop.sell(bought(member(3), 100'00, 2, at(kHour)), at(kHour));
    told(shop, at(25 * kHour));
    const auto again = shop.restored();
    const auto rows = shop.engine->rows(), restored = again->rows();
    ASSERT_EQ(rows.size(), restored.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
        EXPECT_EQ(rows[i].key, restored[i].key);
        EXPECT_EQ(rows[i].bytes, restored[i].bytes) << rows[i].key;
    }
}

TEST(Trials, OfTwoShopsAddUpToTheTrialOfOne) {
    const std::vector<std::string> set{campaign("c", kSeen, kTenOffHundred, kHalfControl)};
    Shop one{set}, two{set}, both{set};
    for (int i = 0; i < 60; ++i) {
        Shop& shop = i % 2 == 0 ? one : two;
        for (Shop* const each : {&shop, &both}) {
            see(*each, member(i), at());
            each->sell(bought(member(i), 100 * i, i + 1, at(kHour)), at(kHour));
        }
    }
    std::map<std::string, Sums> apart, together;
    for (Shop* const shop : {&one, &two})
        for (const TrialReport& report : told(*shop, at(25 * kHour)))
            for (const auto& [name, group] : report.groups) apart[name] += group.spend;
    for (const TrialReport& report : told(both, at(25 * kHour)))
        for (const auto& [name, group] : report.groups) together[name] += group.spend;
    EXPECT_EQ(apart, together);
    EXPECT_EQ(apart["A"].n + apart["control"].n, 60);
}

TEST(Trials, ForgetACampaignThatHasLongBeenGone) {
    Shop shop{{campaign("c", kSeen, kTenOffHundred, kHalfControl)}};
    see(shop, kAda, at());
    shop.engine->load(set_of({}));
    EXPECT_EQ(told(shop, at(25 * kHour)).size(), 1U);
    EXPECT_TRUE(shop.disk.contains("trial/c"));
    told(shop, at((25 + 30 * 24) * kHour));
    EXPECT_FALSE(shop.disk.contains("trial/c"));
    EXPECT_FALSE(shop.disk.contains("unit/" + kAda.value));
}

TEST(Trials, CountTheMarginOfLinesWhoseCostIsKnown) {
    Shop shop{{campaign("c", kSeen, kTenOffHundred, kHalfControl)}};
    shop.around.products["SKU1"] = {.sku = "SKU1", .cost = Money::minor(60'00)};
    shop.see(at());
    shop.sell(bought(kAda, 100'00, 1, at(kHour)), at(kHour));
    Sale returned = bought(kAda, -100'00, 2, at(2 * kHour));
    returned.type = SaleType::Return;
    returned.lines.front().qty_milli = -1'000;
    shop.sell(bought(kAda, 80'00, 3, at(kHour)), at(kHour));
    shop.sell(returned, at(2 * kHour));
    TrialGroup all;
    for (const TrialReport& report : told(shop, at(25 * kHour)))
        for (const auto& [name, group] : report.groups) {
            all.margin += group.margin;
            all.returned += group.returned;
        }
    EXPECT_EQ(all.margin.n, 1);
    EXPECT_EQ(all.margin.y, 20'00);
    EXPECT_EQ(all.returned, 1);
}

// Members of whom every other one who was drawn into `control` never reaches the shop.
TEST(RatioAlarm, IsRaisedOnceAndToldAtOnce) {
    Shop shop{{campaign("c", kSeen, kTenOffHundred, kHalfControl)}};
    const Experiment& experiment = shop.campaigns->all().front().experiment;
    std::vector<CampaignAlarm> alarms;
    std::vector<TrialReport> reports;
    int lost = 0;
    for (int i = 0; i < 1'200; ++i) {
        const bool control = arm_of(experiment, member(i).value)->name == "control";
        if (control && ++lost % 2 == 0) continue;
        Effects effects = see(shop, member(i), at(seconds{i}));
        ASSERT_EQ(effects.exposures.size(), 1U);
        if (i % 100 == 0) shop.tick(at(seconds{i}));
        for (auto& alarm : effects.alarms) alarms.push_back(alarm);
        for (auto& report : effects.trials) reports.push_back(report);
    }
    ASSERT_EQ(alarms.size(), 1U);
    EXPECT_EQ(alarms.front().kind, "experiment.srm");
    EXPECT_NE(alarms.front().detail.find("exposures"), std::string::npos);
    ASSERT_EQ(reports.size(), 1U);
    EXPECT_LT(reports.front().mismatch->p, 0.001);
    EXPECT_TRUE(shop.status().mismatched);
}

TEST(RatioAlarm, IsQuietWhereEverybodyComes) {
    Shop shop{{campaign("c", kSeen, kTenOffHundred,
                        R"("delivery": {"ttl_s": 60, "max_cards": 1000}, "experiment": {
        "global": 0.1, "namespace": ["n", 0, 0.5], "arms": [["control", 0.3], ["A", 0.5]]})")}};
    std::size_t exposed = 0;
    for (int i = 0; i < 2'000; ++i) {
        const Effects effects = see(shop, member(i), at(seconds{i}));
        ASSERT_TRUE(effects.alarms.empty()) << i;
        exposed += effects.exposures.size();
        if (i % 100 == 0) shop.tick(at(seconds{i}));
    }
    EXPECT_EQ(exposed, 2'000U);
    EXPECT_FALSE(shop.status().mismatched);
}

TEST(SwitchbackSums, GiveEachStretchItsReceiptsAndWhatTheyCameTo) {
    Shop shop{{campaign("c", dwell("Z1", 5), kTenOffHundred, R"("experiment": {"holdout": 0,
        "unit": "block", "block_min": 30, "arms": [["A", 0.5], ["control", 0.5]]})")}};
    for (int i = 0; i < 6; ++i)  // two receipts in each of three stretches
        shop.sell(bought(member(i), 10'00 + i, i + 1, at(minutes{15 * i})), at(minutes{15 * i}));
    shop.sell(bought(member(9), 1, 9, at(minutes{95})), at(minutes{95}));
    const auto reports = told(shop, at(3 * kHour));
    ASSERT_EQ(reports.size(), 1U);
    EXPECT_TRUE(reports.front().blocks);
    Sums all;
    for (const auto& [name, group] : reports.front().groups) all += group.spend;
    EXPECT_EQ(all.n, 3);
    EXPECT_EQ(all.x, 6);
    EXPECT_EQ(all.y, 6 * 1'000 + 15);
}

TEST(SwitchbackSums, LeaveOutATillWithAWrongClock) {
    Shop shop{{campaign("c", dwell("Z1", 5), kTenOffHundred, R"("experiment": {"holdout": 0,
        "unit": "block", "arms": [["A", 0.5], ["control", 0.5]]})")}};
    shop.sell(bought(member(1), 10'00, 1, at(1'000 * kHour)), at());
    shop.sell(bought(member(2), 20'00, 2, at()), at());
    shop.sell(bought(member(3), 30'00, 3, at(kHour)), at(kHour));
    Sums all;
    for (const auto& report : told(shop, at(2 * kHour)))
        for (const auto& [name, group] : report.groups) all += group.spend;
    EXPECT_EQ(all.n, 1);
    EXPECT_EQ(all.y, 2'000);
}

TEST(SumsOfTwoGroups, GiveTheDifferenceAndItsVariance) {
    Sums a, b;
    for (const double y : {1.0, 2.0, 3.0, 4.0}) a.add(0, y);
    for (const double y : {1.0, 1.0, 2.0, 2.0}) b.add(0, y);
    const Difference made = difference(a, b, Adjust::No);
    EXPECT_DOUBLE_EQ(made.mean, 1);
    EXPECT_NEAR(made.variance, (5.0 / 3) / 4 + (1.0 / 3) / 4, 1e-12);
    EXPECT_NEAR(a.variance(), 5.0 / 3, 1e-12);
}

TEST(SumsOfTwoGroups, TakeOutWhatThePastExplains) {
    std::mt19937_64 random{3};
    std::normal_distribution<double> noise{0, 1};
    Sums a, b;
    for (int i = 0; i < 4'000; ++i) {
        const double before = noise(random);
        (i % 2 == 0 ? a : b).add(before, 0.8 * before + 0.6 * noise(random));
    }
    const Difference plain = difference(a, b, Adjust::No);
    const Difference adjusted = difference(a, b, Adjust::Cuped);
    EXPECT_NEAR(adjusted.variance / plain.variance, 1 - 0.64, 0.04);  // 1 - rho squared
    EXPECT_NEAR(adjusted.mean, 0, 4 * std::sqrt(adjusted.variance));
}

TEST(AlwaysValid, IsWiderThanOneLookAndNarrowsAsItGrows) {
    const double one_look = 1.96 / std::sqrt(1'000.0);
    const double half = always_valid_half_width({.n = 1'000, .variance = 1, .tuned = 1'000});
    EXPECT_GT(half, one_look);
    EXPECT_LT(half, 2 * one_look);
    EXPECT_LT(always_valid_half_width({.n = 4'000, .variance = 1, .tuned = 1'000}), half);
}

}  // namespace
}  // namespace aisle::offers
