#include "tills_world.hpp"

#include <gtest/gtest.h>

#include "tests/kit/jumping_zone.hpp"

// The world of the tills_driver, small: it holds, and it would show if it did not.
namespace aisle::offers::tills {
namespace {

Lived lived(Broken broken, std::int64_t operations = 3'000) {
    const kit::JumpingZone zone = kit::berlin_2026();
    return live(
        {.operations = operations, .stores = 2, .seed = 3, .broken = broken, .kill_every = 60},
        zone);
}

TEST(Tills, OverspendNothingAndBreakNoPromise) {
    const Lived whole = lived(Broken::Nothing);
    EXPECT_EQ(whole.violations.all(), 0);
    EXPECT_GT(whole.redemptions, 100);
    EXPECT_GT(whole.prompts, 50);
    EXPECT_GT(whole.kills, 0);
    EXPECT_EQ(whole.changes, 2);
}

TEST(Tills, LiveTheSameLifeTwice) {
    EXPECT_EQ(lived(Broken::Nothing, 1'000).spent, lived(Broken::Nothing, 1'000).spent);
}

TEST(Tills, ShowALedgerThatForgetsItsMoney) {
    const Violations seen = lived(Broken::ForgetsMoney, 8'000).violations;
    EXPECT_GT(seen.overspent + seen.redemptions, 0);
}

TEST(Tills, ShowCapsThatAreForgotten) {
    const Violations seen = lived(Broken::ForgetsGrants, 8'000).violations;
    EXPECT_GT(seen.caps + seen.cooldowns, 0);
}

TEST(Tills, ShowAnOfferThatIsRedeemedTwice) {
    EXPECT_GT(lived(Broken::RaisesTheDead).violations.twice, 0);
}

TEST(Tills, ShowPromptsInTheQuietHours) {
    EXPECT_GT(lived(Broken::WallAnHourLate).violations.quiet, 0);
}

TEST(Tills, ShowALeaseThatIsTakenTwice) {
    EXPECT_GT(lived(Broken::TakesLeasesTwice).violations.overspent, 0);
}

TEST(Tills, ShowPromptsToThoseWhoAreHeldOut) {
    EXPECT_GT(lived(Broken::NoHoldout).violations.held_out, 0);
}

TEST(Berlin, IsTheSameToTheOracleAndToTheZone) {
    const kit::JumpingZone zone = kit::berlin_2026();
    for (Millis at = 1'772'000'000'000; at < 1'794'000'000'000; at += 17 * 60'000)
        ASSERT_EQ(berlin_minute(at), zone.local(WallTime{milliseconds{at}}).minute_of_day);
}

}  // namespace
}  // namespace aisle::offers::tills
