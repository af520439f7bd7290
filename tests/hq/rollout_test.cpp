#include "sync/hq/rollout.hpp"

#include <gtest/gtest.h>

#include "rollout_kit.hpp"

namespace aisle::hq {
namespace {

TEST(Rollout, GoesToTheCanaryAloneAtFirst) {
    RolloutStage stage{100};
    ASSERT_TRUE(stage.start(1));
    stage.wait(seconds{600});
    ASSERT_EQ(stage.got.size(), 1U);
    EXPECT_EQ(stage.got.begin()->first, stage.canary());
}

TEST(Rollout, OpensTheNextRingOnlyAfterTheSoak) {
    RolloutStage stage{100};
    ASSERT_TRUE(stage.start(1));
    stage.wait(seconds{2});
    stage.all_well();
    stage.wait(seconds{599});
    EXPECT_EQ(stage.got.size(), 1U);
    stage.wait(seconds{5});
    EXPECT_EQ(stage.got.size(), 10U);
}

TEST(Rollout, ReachesEverybodyRingByRingAndIsDone) {
    RolloutStage stage{100};
    ASSERT_TRUE(stage.start(1));
    for (int i = 0; i < 3; ++i) {
        stage.wait(seconds{10});
        stage.all_well();
        stage.wait(seconds{602});
    }
    EXPECT_EQ(stage.got.size(), 100U);
    EXPECT_EQ(stage.rollout().state, RolloutState::Done);
}

TEST(Rollout, IsHeldByACanaryThatIsNotHealthyYet) {
    RolloutStage stage{100};
    ASSERT_TRUE(stage.start(1));
    stage.wait(seconds{2});
    stage.report(stage.canary(), StoreStep::Active);
    stage.wait(seconds{7'200});
    EXPECT_EQ(stage.rollout().ring, 0);
}

TEST(Rollout, HaltsWhenTheCanaryRollsItBack) {
    RolloutStage stage{100};
    ASSERT_TRUE(stage.start(1));
    stage.wait(seconds{2});
    stage.report(stage.canary(), StoreStep::RolledBack, 1, "crash_loop");
    stage.wait(seconds{7'200});
    EXPECT_EQ(stage.rollout().state, RolloutState::Halted);
    EXPECT_EQ(stage.got.size(), 1U);
}

TEST(Rollout, HaltsWhenTheCanaryFallsSilentAfterTheSwitch) {
    RolloutStage stage{100};
    ASSERT_TRUE(stage.start(1));
    stage.wait(seconds{2});
    stage.report(stage.canary(), StoreStep::Active);
    stage.away(stage.canary());
    stage.wait(seconds{590});
    EXPECT_EQ(stage.rollout().state, RolloutState::Rolling);
    stage.wait(seconds{20});
    EXPECT_EQ(stage.rollout().state, RolloutState::Halted);
}

TEST(Rollout, BearsAFewThatRefuseInALargeRing) {
    RolloutStage stage{200};
    ASSERT_TRUE(stage.start(1, {.rings = {.early_permille = 500}}));
    stage.wait(seconds{2});
    stage.all_well();
    stage.wait(seconds{610});
    stage.report(stage.somebody_in(1), StoreStep::Refused, 1, "min_agent");  // 1 of 100: 1 %
    stage.all_well();
    stage.wait(seconds{2});
    EXPECT_EQ(stage.rollout().state, RolloutState::Rolling);
}

TEST(Rollout, WaitsForAStoreThatIsAwayWithoutHoldingUpTheOthers) {
    RolloutStage stage{40};
    ASSERT_TRUE(stage.start(1, {.rings = {.early_permille = 500}}));
    stage.wait(seconds{2});
    stage.all_well();
    const auto gone = stage.somebody_in(1);
    stage.away(gone);
    stage.wait(seconds{610});
    stage.all_well();
    stage.wait(seconds{602});
    EXPECT_EQ(stage.rollout().ring, 2);  // 1 of 19 away is below a tenth
    EXPECT_FALSE(stage.got.contains(gone));
    stage.back(gone);
    stage.wait(seconds{6});
    EXPECT_EQ(stage.got.at(gone), 1);
}

TEST(Rollout, CountsManyThatAreAwayUntilTheWaitIsOver) {
    RolloutStage stage{10};
    ASSERT_TRUE(stage.start(1, {.rings = {.early_permille = 500}}));
    stage.wait(seconds{2});
    stage.all_well();
    for (const auto& [store, progress] : stage.rollout().stores)
        if (progress.ring == 1 && store != stage.somebody_in(1)) stage.away(store);
    stage.wait(seconds{610});
    stage.all_well();
    stage.wait(seconds{2'900});
    EXPECT_EQ(stage.rollout().ring, 1);
    stage.wait(seconds{3'600});
    EXPECT_EQ(stage.rollout().ring, 2);
}

TEST(Rollout, NeverPassesARingOfWhichNobodyIsHealthy) {
    RolloutStage stage{10};
    ASSERT_TRUE(stage.start(1, {.rings = {.canaries = {"s-3"}}}));
    stage.away("s-3");
    stage.wait(seconds{9'000});
    EXPECT_EQ(stage.rollout().ring, 0);
}

TEST(Rollout, DrawsACanaryThatIsThere) {
    RolloutStage stage{3};
    stage.away("s-1");
    stage.away("s-3");
    ASSERT_TRUE(stage.start(1));
    EXPECT_EQ(stage.canary(), "s-2");
}

TEST(Rollout, RepeatsWithGrowingWaitsUntilTheStoreAnswers) {
    RolloutStage stage{1};
    ASSERT_TRUE(stage.start(1));
    stage.wait(seconds{3'600});
    const int unanswered = stage.got.at("s-1");
    EXPECT_GT(unanswered, 5);
    EXPECT_LT(unanswered, 40);  // a cap of ten minutes and full jitter
    stage.report("s-1", StoreStep::Active);
    stage.wait(seconds{3'600});
    EXPECT_EQ(stage.got.at("s-1"), unanswered);
}

TEST(Rollout, SaysAtMostItsBoundEachSecondAndStarvesNobody) {
    RolloutStage stage{100, {.sends_per_tick = 5}};
    ASSERT_TRUE(stage.start(1, {.rings = {.canaries = stage.names}}));
    stage.wait(seconds{1});
    EXPECT_EQ(stage.got.size(), 5U);
    stage.wait(seconds{60});
    EXPECT_EQ(stage.got.size(), 100U);
}

TEST(Rollout, BelievesABirthThatShowsTheVersion) {
    RolloutStage stage{1};
    ASSERT_TRUE(stage.start(4));
    stage.back("s-1", 4);
    EXPECT_EQ(stage.step("s-1", 4), StoreStep::Active);
}

TEST(Rollout, TakesABundleThatOutlivesItsTrialForHealthy) {
    RolloutStage stage{1};
    ASSERT_TRUE(stage.start(4));
    stage.back("s-1", 4);
    stage.wait(seconds{179});
    stage.back("s-1", 4);
    EXPECT_EQ(stage.step("s-1", 4), StoreStep::Active);
    stage.wait(seconds{1});
    stage.back("s-1", 4);
    EXPECT_EQ(stage.step("s-1", 4), StoreStep::Healthy);
}

TEST(Rollout, SendsAgainWhatADeviceHasLost) {
    RolloutStage stage{1};
    ASSERT_TRUE(stage.start(4));
    stage.wait(seconds{2});
    stage.report("s-1", StoreStep::Healthy, 4);
    stage.back("s-1", 0);
    EXPECT_EQ(stage.step("s-1", 4), StoreStep::Waiting);
    const int before = stage.got.at("s-1");
    stage.wait(seconds{6});
    EXPECT_EQ(stage.got.at("s-1"), before + 1);
}

TEST(Rollout, RefusesAVersionThatIsNotNewer) {
    RolloutStage stage{2};
    ASSERT_TRUE(stage.start(4));
    EXPECT_EQ(stage.start(4).error().fault, Fault::Denied);
    EXPECT_EQ(stage.start(3).error().fault, Fault::Denied);
}

TEST(Rollout, RefusesAPlanThatMakesNoSense) {
    RolloutStage stage{2};
    EXPECT_FALSE(stage.start(1, {.rings = {.early_permille = 1'001}}));
    EXPECT_FALSE(stage.start(1, {.soak = seconds{-1}}));
    EXPECT_FALSE(stage.start(1, {.healthy_permille = -1}));
    EXPECT_FALSE(stage.start(1, {.rings = {.canaries = {"s-99"}}}));
    EXPECT_TRUE(stage.engine.rollouts().empty());
}

TEST(Rollout, OfABundleThatIsTooLargeIsRefused) {
    RolloutStage stage{2};
    SealedBundle bundle{.version = 1, .bytes = std::string(kSealedBundleBytesMax + 1, 'x')};
    EXPECT_EQ(stage.engine.start(bundle, {}, stage.names, stage.now()).error().fault,
              Fault::Malformed);
}

TEST(Rollout, SupersedesTheOneBefore) {
    RolloutStage stage{5};
    ASSERT_TRUE(stage.start(1));
    ASSERT_TRUE(stage.start(2));
    EXPECT_EQ(stage.rollout(1).state, RolloutState::Superseded);
    stage.wait(seconds{20});
    EXPECT_EQ(stage.step(stage.canary(2), 1), StoreStep::Waiting);
    EXPECT_EQ(stage.step(stage.canary(2), 2), StoreStep::Sent);
}

TEST(Rollout, OfOtherStoresRunsBesideIt) {
    RolloutStage stage{4};
    ASSERT_TRUE(stage.keep(stage.engine.start(
        {.version = 1, .stores = {"s-1", "s-2"}, .expires = kForever, .bytes = "a"}, {},
        stage.names, stage.now())));
    ASSERT_TRUE(stage.keep(
        stage.engine.start({.version = 2, .stores = {"s-3"}, .expires = kForever, .bytes = "b"}, {},
                           stage.names, stage.now())));
    EXPECT_EQ(stage.rollout(1).state, RolloutState::Rolling);
    stage.wait(seconds{2});
    EXPECT_EQ(stage.got.size(), 2U);
}

TEST(Rollout, TakesAStoreThatComesLaterIntoTheLastRing) {
    RolloutStage stage{2};
    ASSERT_TRUE(stage.start(1));
    stage.back("s-new");
    EXPECT_EQ(stage.rollout().stores.at("s-new").ring, 2);
}

TEST(Rollout, StopsSayingABundleThatHasExpired) {
    RolloutStage stage{1};
    ASSERT_TRUE(stage.start(1));
    stage.wait(seconds{2});
    stage.passed += seconds{86'400};
    const int before = stage.got.at("s-1");
    stage.wait(seconds{3'600});
    EXPECT_EQ(stage.got.at("s-1"), before);
}

TEST(Rollout, ThatIsHaltedSaysNothingMoreAndAsksToGoBackIfItWasTold) {
    RolloutStage stage{10};
    ASSERT_TRUE(stage.start(1, {.roll_back = true}));
    stage.wait(seconds{2});
    stage.report(stage.canary(), StoreStep::Active);
    ASSERT_TRUE(stage.keep(stage.engine.halt(1, "by hand", stage.now())));
    const auto backs = stage.engine.take_go_backs();
    ASSERT_EQ(backs.size(), 1U);
    EXPECT_EQ(backs[0].version, 1);
    EXPECT_EQ(backs[0].stores, std::vector{stage.canary()});
    EXPECT_TRUE(stage.engine.take_go_backs().empty());
    stage.wait(seconds{3'600});
    EXPECT_EQ(stage.got.size(), 1U);
}

TEST(Rollout, GoesOnAfterAHaltAndTriesTheBrokenOnesOnceMore) {
    RolloutStage stage{10};
    ASSERT_TRUE(stage.start(1));
    stage.wait(seconds{2});
    stage.report(stage.canary(), StoreStep::Refused, 1, "guard");
    stage.wait(seconds{2});
    ASSERT_TRUE(stage.keep(stage.engine.resume(1, stage.now())));
    EXPECT_EQ(stage.rollout().state, RolloutState::Rolling);
    EXPECT_EQ(stage.step(stage.canary()), StoreStep::Waiting);
}

TEST(Rollout, CannotBeHaltedTwiceOrResumedWithoutAHalt) {
    RolloutStage stage{2};
    ASSERT_TRUE(stage.start(1));
    EXPECT_EQ(stage.engine.resume(1, stage.now()).error().fault, Fault::Denied);
    EXPECT_EQ(stage.engine.halt(9, "", stage.now()).error().fault, Fault::Unavailable);
    ASSERT_TRUE(stage.keep(stage.engine.halt(1, "", stage.now())));
    EXPECT_EQ(stage.engine.halt(1, "", stage.now()).error().fault, Fault::Denied);
}

TEST(Rollout, ForgetsTheOldestThatAreOver) {
    RolloutStage stage{1, {.rollouts_max = 3}};
    for (int version = 1; version <= 8; ++version) ASSERT_TRUE(stage.start(version));
    EXPECT_EQ(stage.engine.rollouts().size(), 3U);
    EXPECT_EQ(stage.engine.rollouts().begin()->first, 6);
    stage.restart();
    EXPECT_EQ(stage.engine.rollouts().size(), 3U);
}

TEST(Rollout, IsTheSameAfterARestartInTheMiddle) {
    RolloutStage stage{50};
    ASSERT_TRUE(stage.start(1, {.rings = {.canaries = {"s-7"}}, .soak = seconds{300}}));
    stage.wait(seconds{2});
    stage.report("s-7", StoreStep::Healthy);
    stage.wait(seconds{100});
    const Rollout before = stage.rollout();
    stage.restart();
    const Rollout& after = stage.rollout();
    EXPECT_EQ(after.stores, before.stores);
    EXPECT_EQ(after.held, before.held);
    EXPECT_EQ(after.bundle.bytes, "signed");
    EXPECT_EQ(after.bundle.expires, before.bundle.expires);
    EXPECT_EQ(after.plan.rings.canaries, before.plan.rings.canaries);
    for (const auto& name : stage.names) stage.back(name);
    stage.wait(seconds{202});
    EXPECT_EQ(stage.rollout().ring, 1);  // the soak was not begun again
}

TEST(Rollout, WithADamagedRowIsNotTakenUp) {
    RolloutEngine engine{{}, seeded(1)};
    EXPECT_FALSE(engine.restore({{RolloutEngine::kRoom, "m/x", "{}"}}));
    EXPECT_FALSE(engine.restore({{RolloutEngine::kRoom, "m/1", "{\"state\":\"dancing\"}"}}));
    EXPECT_FALSE(engine.restore({{RolloutEngine::kRoom, "s/1/s-1", "{\"step\":\"dancing\"}"}}));
}

TEST(StoreStep, HasAWordForEachAndBack) {
    for (int i = 0; i <= static_cast<int>(StoreStep::Refused); ++i) {
        const auto step = static_cast<StoreStep>(i);
        EXPECT_EQ(store_step_from(to_text(step)), step);
    }
    EXPECT_FALSE(store_step_from("dancing"));
}

}  // namespace
}  // namespace aisle::hq
