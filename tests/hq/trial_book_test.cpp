#include "sync/hq/trial_book.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "downlink_kit.hpp"
#include "tests/kit/builders.hpp"

namespace aisle::hq {
namespace {

constexpr const char* kPlan = "0123456789abcdef";

// One shop's report of two groups, half each.
struct Told {
    std::string store = "s-1";
    std::string id = "00000000000000000000000000000001";
    std::int32_t revision = 1;
    std::string plan = kPlan;
    Sums treated = {};
    Sums control = {};
    bool blocks = false;
    bool mismatch = false;
};

records::TrialSums sums_of(const Sums& sums) {
    return {.n = sums.n, .sums = {sums.y, sums.yy, sums.x, sums.xx, sums.xy}};
}

Record record_of(const Told& told) {
    records::TrialFigures trial{.id = told.id,
                                .revision = told.revision,
                                .campaign = CampaignId{"c-1"},
                                .experiment = "e-1",
                                .plan = told.plan,
                                .blocks = told.blocks,
                                .since = kit::kNoon,
                                .at = kit::at()};
    const auto group = [](const Sums& sums) {
        return records::TrialGroupFigures{.expected = 0.5,
                                          .exposed = sums.n,
                                          .returned = 0,
                                          .spend = sums_of(sums),
                                          .margin = sums_of(sums)};
    };
    trial.groups["A"] = group(told.treated);
    trial.groups["control"] = group(told.control);
    if (told.mismatch) trial.mismatch_after = 500, trial.mismatch_p = 0.0001;
    return records::trial_record(trial);
}

Notice notice_of(const Told& told) {
    const Record record = record_of(told);
    return {.store = told.store,
            .kind = record.kind,
            .event_id = record.event_id,
            .revision = record.revision,
            .body = record.body};
}

// What people spend who had spent `before` on average, and `more` for the treatment.
Sums people(std::mt19937_64& random, int n, double more) {
    std::normal_distribution<double> before{5'000, 1'500}, noise{0, 500};
    Sums sums;
    for (int i = 0; i < n; ++i) {
        const double x = before(random);
        sums.add(x, 0.8 * x + more + noise(random));
    }
    return sums;
}

const Effect& effect_of(const PooledTrial& trial, const std::string& outcome) {
    return *std::ranges::find(trial.effects, outcome, &Effect::outcome);
}

TEST(TrialBook, AddsShopsUpFieldByField) {
    TrialBook book;
    Sums treated, control;
    treated.add(3, 10);
    control.add(4, 20);
    (void)book.told(notice_of({.treated = treated, .control = control}));
    (void)book.told(notice_of({.store = "s-2",
                               .id = "00000000000000000000000000000002",
                               .treated = treated,
                               .control = control}));
    const auto all = book.pooled();
    ASSERT_EQ(all.size(), 1U);
    EXPECT_EQ(all[0].stores, 2);
    EXPECT_EQ(all[0].groups.at("A").exposed, 2);
    EXPECT_EQ(all[0].groups.at("A").spend,
              (Sums{.n = 2, .y = 20, .yy = 200, .x = 6, .xx = 18, .xy = 60}));
}

TEST(TrialBook, TakesTheGreatestRevisionInWhateverOrderTheyCome) {
    TrialBook book;
    Sums one, two;
    one.add(1, 1);
    two = one;
    two.add(1, 1);
    EXPECT_FALSE(book.told(notice_of({.revision = 2, .treated = two, .control = two})).empty());
    EXPECT_TRUE(book.told(notice_of({.revision = 1, .treated = one, .control = one})).empty());
    EXPECT_TRUE(book.told(notice_of({.revision = 2, .treated = two, .control = two})).empty());
    EXPECT_EQ(book.pooled()[0].groups.at("A").spend.n, 2);
}

TEST(TrialBook, NeverAddsTwoPlansUp) {
    TrialBook book;
    Sums one;
    one.add(1, 1);
    (void)book.told(notice_of({.treated = one, .control = one}));
    (void)book.told(notice_of({.id = "00000000000000000000000000000002",
                               .plan = "fedcba9876543210",
                               .treated = one,
                               .control = one}));
    EXPECT_EQ(book.pooled().size(), 2U);
}

TEST(TrialBook, FindsInTwentyShopsWhatOneShopCannotSee) {
    std::mt19937_64 random{7};
    TrialBook book;
    for (int shop = 0; shop < 20; ++shop) {
        Told told{.store = "s-" + std::to_string(shop),
                  .id = "000000000000000000000000000000" + std::to_string(10 + shop),
                  .treated = people(random, 100, 60),
                  .control = people(random, 100, 0)};
        (void)book.told(notice_of(told));
        if (shop > 0) continue;
        const auto alone = book.pooled();
        EXPECT_FALSE(effect_of(alone[0], "spend").clear());
    }
    const auto all = book.pooled();
    const Effect& found = effect_of(all[0], "spend");
    EXPECT_TRUE(found.clear()) << found.difference << " +- " << found.half_width;
    EXPECT_NEAR(found.difference, 60, found.half_width);
    EXPECT_EQ(found.against, "control");
    EXPECT_EQ(found.units, 4'000);
    EXPECT_FALSE(all[0].ratio_bad);
}

TEST(TrialBook, RarelySeesAnEffectWhereThereIsNone) {
    std::mt19937_64 random{8};
    int seen = 0;
    for (int world = 0; world < 200; ++world) {
        TrialBook book;
        (void)book.told(
            notice_of({.treated = people(random, 500, 0), .control = people(random, 500, 0)}));
        seen += effect_of(book.pooled()[0], "spend").clear();
    }
    EXPECT_LE(seen, 10);
}

TEST(TrialBook, DoesNotUseGroupsThatAreNotAsDrawn) {
    std::mt19937_64 random{9};
    TrialBook book;
    (void)book.told(
        notice_of({.treated = people(random, 5'600, 0), .control = people(random, 4'400, 0)}));
    const auto all = book.pooled();
    EXPECT_TRUE(all[0].ratio_bad);
    EXPECT_LT(all[0].ratio_p, 0.001);
}

TEST(TrialBook, BelievesAShopThatRaisedTheAlarm) {
    std::mt19937_64 random{10};
    TrialBook book;
    (void)book.told(notice_of(
        {.treated = people(random, 500, 0), .control = people(random, 500, 0), .mismatch = true}));
    EXPECT_TRUE(book.pooled()[0].ratio_bad);
    EXPECT_EQ(book.pooled()[0].mismatched, 1);
}

// A stretch with twice the receipts counts twice: the ratio of totals, not the mean of ratios.
TEST(TrialBook, ComparesSwitchbacksByTheirRatioOfTotals) {
    Sums treated, control;
    treated.add(10, 1'200), treated.add(20, 2'400), treated.add(15, 1'800);
    control.add(10, 1'000), control.add(20, 2'000), control.add(30, 3'000);
    TrialBook book;
    (void)book.told(notice_of({.treated = treated, .control = control, .blocks = true}));
    const auto all = book.pooled();
    const Effect& found = effect_of(all[0], "spend");
    EXPECT_DOUBLE_EQ(found.difference, 20);
    EXPECT_DOUBLE_EQ(found.base, 100);
    EXPECT_NEAR(found.half_width, 0, 1e-6);
    EXPECT_FALSE(all[0].ratio_bad);
}

TEST(TrialBook, ComesBackFromItsRows) {
    std::mt19937_64 random{11};
    TrialBook book, again;
    const auto rows =
        book.told(notice_of({.treated = people(random, 50, 10), .control = people(random, 50, 0)}));
    ASSERT_TRUE(again.restore(rows));
    EXPECT_EQ(trials_json(again, kit::kNoon), trials_json(book, kit::kNoon));
    EXPECT_TRUE(again.told(notice_of({})).empty());
}

TEST(TrialBook, RefusesRowsThatItDidNotWrite) {
    TrialBook book;
    EXPECT_FALSE(book.restore({{TrialBook::kRoom, "x", "{}"}}));
    EXPECT_FALSE(
        book.restore({{TrialBook::kRoom, "x", R"({"store":"s","revision":1,"body":"{}"})"}}));
}

TEST(Downlink, ShowsWhatAllShopsTogetherSayOfAnExperimentAndStillAfterARestart) {
    std::mt19937_64 random{12};
    DownWorld world{2};
    world.start();
    for (const auto& [name, shop] : world.shops)
        shop->say(record_of({.store = name,
                             .id = "0000000000000000000000000000000" + name.substr(2),
                             .treated = people(random, 500, 400),
                             .control = people(random, 500, 0)}));
    world.run(seconds{10});
    const auto shown = world.call("GET /api/v1/experiments");
    EXPECT_NE(shown.body.find(R"("campaign":"c-1")"), std::string::npos) << shown.body;
    EXPECT_NE(shown.body.find(R"("stores":2)"), std::string::npos) << shown.body;
    EXPECT_NE(shown.body.find(R"("clear":true)"), std::string::npos) << shown.body;
    world.kill_hq();
    world.start_hq();
    world.run(seconds{10});
    const auto again = world.call("GET /api/v1/experiments");
    const auto from = [](const std::string& body) { return body.substr(body.find("experiments")); };
    EXPECT_EQ(from(again.body), from(shown.body));
}

}  // namespace
}  // namespace aisle::hq
