#include "sync/hq/rollout_health.hpp"

#include <gtest/gtest.h>

#include "rollout_kit.hpp"

// The guard over what shops do under a bundle, beyond their own trial of a minute.
namespace aisle::hq {
namespace {

// A shop that writes a health record each minute, as the agent does.
struct Minutes {
    StoreHealth now;

    struct Pace {
        double offers = 4;
        double withheld = 6;
        double errors = 0;
    };
    void live(std::int64_t bundle, int minutes, Pace pace) {
        now.bundle = bundle;
        for (int i = 0; i < minutes; ++i) {
            now.uptime_s += 60;
            now.offers += pace.offers;
            now.withheld += pace.withheld;
            now.errors += pace.errors;
            tell(now);
        }
    }
    void restart() { now = {.bundle = now.bundle}; }

    std::function<void(const StoreHealth&)> tell;
};

struct Watched : Minutes {
    Watched() {
        tell = [this](const StoreHealth& health) { watch.take(health); };
    }
    std::string broken(std::int64_t bundle) { return watch.broken(bundle, {}).value_or(""); }
    HealthWatch watch;
};

TEST(HealthWatch, FindsNothingInAShopThatDoesAsBefore) {
    Watched shop;
    shop.live(1, 60, {.offers = 4, .withheld = 6, .errors = 1});
    shop.live(2, 600, {.offers = 4, .withheld = 6, .errors = 1});
    EXPECT_EQ(shop.broken(2), "");
}

TEST(HealthWatch, FindsErrorsBeyondWhatTheSameTimeBroughtBefore) {
    Watched shop;
    shop.live(1, 60, {.errors = 1});
    shop.live(2, 10, {.errors = 11});
    EXPECT_EQ(shop.broken(2), "");
    shop.live(2, 1, {.errors = 11});
    EXPECT_EQ(shop.broken(2), "errors 110 > 100");
}

TEST(HealthWatch, FindsThatFewerDecisionsEndInAnOffer) {
    Watched shop;
    shop.live(1, 60, {.offers = 4, .withheld = 6});
    shop.live(2, 4, {.offers = 0, .withheld = 10});
    EXPECT_EQ(shop.broken(2), "");  // too few to say
    shop.live(2, 1, {.offers = 0, .withheld = 10});
    EXPECT_EQ(shop.broken(2), "withheld permille risen by 400 > 300");
}

TEST(HealthWatch, DoesNotJudgeAShareWithoutABundleBeforeIt) {
    Watched shop;
    shop.live(2, 60, {.offers = 0, .withheld = 10});
    EXPECT_EQ(shop.broken(2), "");
}

TEST(HealthWatch, CountsOnOverRestartsOfTheShop) {
    Watched shop;
    shop.live(1, 60, {});
    shop.live(2, 5, {.errors = 11});
    shop.restart();
    shop.live(2, 5, {.errors = 11});
    EXPECT_EQ(shop.broken(2), "errors 110 > 100");
}

TEST(HealthWatch, TakesRecordsOfABacklogForTheBundleThatTheyName) {
    Watched shop;
    shop.live(1, 60, {.errors = 50});
    EXPECT_EQ(shop.broken(2), "");
    EXPECT_NE(shop.broken(1), "");
}

TEST(HealthWatch, CountsProcessesThatBeginUnderTheBundle) {
    HealthWatch watch;
    watch.born("run0", 1);
    watch.born("run0", 2);  // the one that switched
    for (const char* run : {"run1", "run2", "run2", "run3"}) watch.born(run, 2);
    EXPECT_FALSE(watch.broken(2, {}));
    watch.born("run4", 2);
    EXPECT_EQ(watch.broken(2, {}), "crash loop: restarts 4 > 3");
    EXPECT_FALSE(watch.broken(1, {}));
}

TEST(HealthWatch, LetsAShopTryOnceMore) {
    Watched shop;
    shop.live(1, 60, {});
    shop.live(2, 60, {.errors = 50});
    shop.watch.forget(2);
    EXPECT_EQ(shop.broken(2), "");
}

TEST(HealthOfAStore, IsReadFromTheRecordThatTheAgentWrites) {
    const auto health = store_health_of({{"aisle_bundle_version", 12},
                                         {"aisle_uptime_seconds", 60},
                                         {"aisle_offers_total", 4},
                                         {"aisle_withheld_total", 6},
                                         {"aisle_errors_total", 2}});
    ASSERT_TRUE(health);
    EXPECT_EQ(health->bundle, 12);
    EXPECT_EQ(health->uptime_s + health->offers + health->withheld + health->errors, 72);
    EXPECT_FALSE(store_health_of({{"aisle_uptime_seconds", 60}}));
}

// The canary runs version 1 and everybody else waits.
struct CanaryStage : RolloutStage {
    CanaryStage() : RolloutStage{20} {
        shop.tell = [this](const StoreHealth& health) { engine.healthy(name, health); };
        EXPECT_TRUE(start(1, {.roll_back = true}));
        wait(seconds{2});
        name = canary();
        shop.live(0, 60, {});
        born("run0", 0);
        report(name, StoreStep::Active);
        report(name, StoreStep::Healthy);
    }
    void born(const std::string& run, std::int64_t bundle) {
        take(engine.seen({.store = name, .bundle = bundle, .run = run}, now()));
    }
    void expect_halted(const std::string& why) {
        EXPECT_EQ(rollout().state, RolloutState::Halted);
        EXPECT_EQ(step(name), StoreStep::Unwell);
        EXPECT_EQ(rollout().stores.at(name).reason, "health: " + why);
        EXPECT_EQ(got.size(), 1U);
        const auto backs = engine.take_go_backs();
        ASSERT_EQ(backs.size(), 1U);
        EXPECT_EQ(backs[0].stores, std::vector<std::string>{name});
    }
    std::string name;
    Minutes shop;
};

TEST(RolloutsGuard, LetsARingPassThatDoesWell) {
    CanaryStage stage;
    for (int i = 0; i < 11; ++i) {
        stage.shop.live(1, 1, {});
        stage.wait(seconds{60});
    }
    EXPECT_EQ(stage.rollout().state, RolloutState::Rolling);
    EXPECT_EQ(stage.rollout().ring, 1);
}

TEST(RolloutsGuard, HaltsARingWhoseErrorsRise) {
    CanaryStage stage;
    stage.shop.live(1, 3, {.errors = 50});
    stage.wait(seconds{1});
    stage.expect_halted("errors 150 > 100");
}

TEST(RolloutsGuard, HaltsARingWhoseOffersAreWithheld) {
    CanaryStage stage;
    stage.shop.live(1, 6, {.offers = 0, .withheld = 10});
    stage.wait(seconds{1});
    stage.expect_halted("withheld permille risen by 400 > 300");
}

TEST(RolloutsGuard, HaltsARingThatCrashesAgainAndAgainThoughEachLifePassesItsTrial) {
    CanaryStage stage;
    for (const char* run : {"run1", "run2", "run3", "run4"}) {
        EXPECT_EQ(stage.rollout().state, RolloutState::Rolling);
        stage.wait(seconds{90});
        stage.born(run, 1);
    }
    stage.wait(seconds{1});
    stage.expect_halted("crash loop: restarts 4 > 3");
}

TEST(RolloutsGuard, DoesNotTakeTheShopsOwnTrialForAnAnswer) {
    CanaryStage stage;
    stage.shop.live(1, 3, {.errors = 50});
    stage.wait(seconds{1});
    stage.report(stage.name, StoreStep::Healthy);
    EXPECT_EQ(stage.step(stage.name), StoreStep::Unwell);
    stage.report(stage.name, StoreStep::RolledBack, 1, "command");
    EXPECT_EQ(stage.step(stage.name), StoreStep::RolledBack);
}

TEST(RolloutsGuard, RemembersWhoIsUnwellOverARestartOfHq) {
    CanaryStage stage;
    stage.shop.live(1, 3, {.errors = 50});
    stage.wait(seconds{1});
    stage.restart();
    EXPECT_EQ(stage.step(stage.name), StoreStep::Unwell);
    EXPECT_EQ(stage.rollout().state, RolloutState::Halted);
}

TEST(RolloutsGuard, BeginsToCountAnewWhenSomebodyResumes) {
    CanaryStage stage;
    stage.shop.live(1, 3, {.errors = 50});
    stage.wait(seconds{1});
    ASSERT_TRUE(stage.keep(stage.engine.resume(1, stage.now())));
    stage.born("run0", 1);
    EXPECT_EQ(stage.step(stage.name), StoreStep::Active);
    stage.wait(seconds{60});
    EXPECT_EQ(stage.rollout().state, RolloutState::Rolling);
}

TEST(RolloutsGuard, HoldsToTheRailsOfThePlan) {
    RolloutPlan plan{.rails = {.restarts_max = -1}};
    EXPECT_FALSE(check(plan));
    plan = {.rails = {.withheld_rise_permille = 1'001}};
    EXPECT_FALSE(check(plan));
    plan = {.rails = {.restarts_max = 0, .errors_max = 5, .withheld_rise_permille = 70}};
    EXPECT_TRUE(check(plan));
    EXPECT_EQ(plan_from(records::ObjectReader::parse(to_json(plan))).rails, plan.rails);
}

}  // namespace
}  // namespace aisle::hq
