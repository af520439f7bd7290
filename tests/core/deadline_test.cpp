// A deadline over restarts and clocks that lie: which of the two times decides.
#include <gtest/gtest.h>

#include <random>

#include "agent/core/time.hpp"
#include "tests/kit/builders.hpp"

namespace aisle {
namespace {

constexpr milliseconds kWait{60'000};

// Set at noon in boot 1 by a clock of this quality.
Deadline set_by(ClockQuality quality) {
    Stamp set = kit::at();
    set.quality = quality;
    return {.set = set, .wait = kWait};
}

// In the next boot, `later` by the wall, with a clock of this quality.
Stamp after_restart(milliseconds later, ClockQuality quality) {
    return {
        .boot = 2, .mono = MonoTime{seconds{3}}, .wall = kit::kNoon + later, .quality = quality};
}

TEST(Deadlines, AreWholeWhenTheyAreSet) {
    EXPECT_EQ(remaining(set_by(ClockQuality::Ntp), kit::at()), kWait);
    EXPECT_FALSE(passed(set_by(ClockQuality::Ntp), kit::at()));
}

TEST(Deadlines, PassAtTheirTimeAndNotBefore) {
    EXPECT_FALSE(passed(set_by(ClockQuality::Ntp), kit::at(kWait - milliseconds{1})));
    EXPECT_TRUE(passed(set_by(ClockQuality::Ntp), kit::at(kWait)));
}

TEST(Deadlines, DoNotPassWithinAMillisecondBefore) {
    Stamp now = kit::at(kWait);
    now.mono -= microseconds{1};
    EXPECT_FALSE(passed(set_by(ClockQuality::Ntp), now));
}

TEST(Deadlines, TellHowLongTheyAreOver) {
    EXPECT_EQ(remaining(set_by(ClockQuality::Ntp), kit::at(kWait + seconds{5})), seconds{-5});
}

TEST(Deadlines, OfNoWaitHavePassedAtOnce) {
    EXPECT_TRUE(passed({.set = kit::at(), .wait = milliseconds{0}}, kit::at()));
}

TEST(Deadlines, AskNoClockInTheSameBoot) {
    for (const auto quality : {ClockQuality::None, ClockQuality::Rtc, ClockQuality::Hq}) {
        Stamp now = kit::at(seconds{59});
        now.wall = WallTime{};
        now.quality = quality;
        EXPECT_EQ(remaining(set_by(ClockQuality::None), now), seconds{1});
    }
}

struct Walls {
    ClockQuality set;
    ClockQuality now;
    bool trusted;
};

TEST(Deadlines, TrustTwoWallsOnlyIfBothAreGood) {
    using enum ClockQuality;
    for (const auto& [set, now, trusted] :
         {Walls{None, None, false}, Walls{None, Hq, false}, Walls{Rtc, Ntp, false},
          Walls{Ntp, Rtc, false}, Walls{Hq, None, false}, Walls{Ntp, Ntp, true},
          Walls{Ntp, Hq, true}, Walls{Hq, Ntp, true}, Walls{Hq, Hq, true}}) {
        const auto left = remaining(set_by(set), after_restart(seconds{45}, now));
        EXPECT_EQ(left, trusted ? seconds{15} : seconds{60})
            << to_text(set) << " to " << to_text(now);
    }
}

TEST(Deadlines, PassDuringALongPowerCut) {
    EXPECT_TRUE(passed(set_by(ClockQuality::Ntp),
                       after_restart(std::chrono::hours{24 * 30}, ClockQuality::Ntp)));
}

TEST(Deadlines, StartAgainInAnotherBootWhateverItsMonotonicTime) {
    Stamp now = after_restart(seconds{1'000'000}, ClockQuality::None);
    now.mono = MonoTime{std::chrono::hours{9'000}};
    EXPECT_EQ(remaining(set_by(ClockQuality::Ntp), now), kWait);
}

TEST(Deadlines, TakeAnEarlierBootsNumberForAnotherBoot) {
    Stamp now = after_restart(seconds{10}, ClockQuality::Hq);
    now.boot = 0;  // a store that was put back from a copy
    EXPECT_EQ(remaining(set_by(ClockQuality::Hq), now), seconds{50});
}

TEST(Deadlines, NeverGrowBeyondTheirWaitWhateverTheWallSays) {
    std::mt19937_64 random{7};
    for (int i = 0; i < 10'000; ++i) {
        const milliseconds off{static_cast<std::int64_t>(random() % 200'000'000) - 100'000'000};
        const auto quality = static_cast<ClockQuality>(random() % 4);
        ASSERT_LE(remaining(set_by(ClockQuality::Hq), after_restart(off, quality)), kWait);
    }
}

}  // namespace
}  // namespace aisle
