// Timers and posted tasks at their edges, by the inline form and by the loop alike: whatever the
// engines are tested on must behave as what they run on.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <stdexcept>
#include <vector>

#include "loop_kit.hpp"

namespace aisle::runtime {
namespace {

struct Shop {
    ManualClock clock;
    InlineExecutor loop{clock};
};

TEST(InlineExecutor, FiresTiesInTheOrderInWhichTheyWereSet) {
    Shop shop;
    std::vector<int> fired;
    std::vector<TimerHandle> timers;
    for (int i = 0; i < 20; ++i) {
        timers.push_back(shop.loop.after(seconds{1}, [&fired, i] { fired.push_back(i); }));
    }
    shop.loop.advance(seconds{1});
    ASSERT_EQ(fired.size(), 20U);
    EXPECT_TRUE(std::ranges::is_sorted(fired));
}

TEST(InlineExecutor, FiresATimerOfNoWaitOnlyWhenTimeIsAdvanced) {
    Shop shop;
    bool fired = false;
    const auto timer = shop.loop.after(milliseconds{0}, [&] { fired = true; });
    shop.loop.run_ready();
    EXPECT_FALSE(fired);
    shop.loop.advance(milliseconds{0});
    EXPECT_TRUE(fired);
}

TEST(InlineExecutor, FiresATimerThatATimerSetWithinTheSameAdvance) {
    Shop shop;
    const MonoTime start = shop.clock.now().mono;
    MonoTime at{};
    TimerHandle inner;
    const auto outer = shop.loop.after(seconds{1}, [&] {
        inner = shop.loop.after(seconds{1}, [&] { at = shop.clock.now().mono; });
    });
    shop.loop.advance(seconds{5});
    EXPECT_EQ(at, start + seconds{2});
}

TEST(InlineExecutor, RunsWhatIsPostedBeforeTheNextTimer) {
    Shop shop;
    std::vector<std::string> ran;
    const auto first = shop.loop.after(seconds{1}, [&] {
        ran.emplace_back("first");
        shop.loop.post([&] { ran.emplace_back("posted"); });
    });
    const auto second = shop.loop.after(seconds{1}, [&] { ran.emplace_back("second"); });
    shop.loop.advance(seconds{1});
    EXPECT_EQ(ran, (std::vector<std::string>{"first", "posted", "second"}));
}

TEST(InlineExecutor, MovesWallAndMonotonicTimeTogether) {
    Shop shop;
    const Stamp before = shop.clock.now();
    shop.loop.advance(milliseconds{12'345});
    EXPECT_EQ(shop.clock.now().mono - before.mono, milliseconds{12'345});
    EXPECT_EQ(shop.clock.now().wall - before.wall, milliseconds{12'345});
    EXPECT_EQ(&shop.loop.clock(), &shop.clock);
}

TEST(InlineExecutor, LetsATimerCancelOneThatIsDueTogetherWithIt) {
    Shop shop;
    bool fired = false;
    TimerHandle other;
    const auto one = shop.loop.after(seconds{1}, [&] { other.cancel(); });
    other = shop.loop.after(seconds{1}, [&] { fired = true; });
    shop.loop.advance(seconds{1});
    EXPECT_FALSE(fired);
}

TEST(InlineExecutor, DropsTheTaskOfATimerWithItsHandle) {
    Shop shop;
    const auto witness = std::make_shared<int>(0);
    {
        const auto timer = shop.loop.after(seconds{1}, [witness] {});
        EXPECT_EQ(witness.use_count(), 2);
    }
    EXPECT_EQ(witness.use_count(), 1);
}

TEST(InlineExecutor, FiresEveryTimerOnceInTheOrderOfItsTime) {
    std::mt19937_64 random{3};
    Shop shop;
    std::vector<milliseconds> fired;
    std::vector<TimerHandle> timers;
    std::size_t kept = 0;
    for (int i = 0; i < 500; ++i) {
        const milliseconds wait{random() % 10'000};
        auto timer = shop.loop.after(wait, [&fired, wait] { fired.push_back(wait); });
        if (random() % 4 == 0) continue;  // its handle goes
        timers.push_back(std::move(timer));
        ++kept;
    }
    for (int i = 0; i < 100; ++i) shop.loop.advance(milliseconds{random() % 300});
    shop.loop.advance(seconds{10});
    EXPECT_EQ(fired.size(), kept);
    EXPECT_TRUE(std::ranges::is_sorted(fired));
}

TEST(Every, BeginsAfterOnePeriod) {
    Shop shop;
    int ticks = 0;
    const auto timer = every(shop.loop, seconds{10}, [&] { ++ticks; });
    shop.loop.advance(milliseconds{9'999});
    EXPECT_EQ(ticks, 0);
    shop.loop.advance(milliseconds{1});
    EXPECT_EQ(ticks, 1);
}

TEST(Every, MakesNothingUpForTicksThatWereLate) {
    Shop shop;
    int ticks = 0;
    const auto timer = every(shop.loop, seconds{10}, [&] {
        if (++ticks == 1) shop.clock.advance(seconds{60});  // a task that took a minute
    });
    shop.loop.advance(seconds{10});
    shop.loop.advance(seconds{9});
    EXPECT_EQ(ticks, 1);
    shop.loop.advance(seconds{1});
    EXPECT_EQ(ticks, 2);
}

TEST(Every, StopsWithinItsOwnTick) {
    Shop shop;
    int ticks = 0;
    TimerHandle timer;
    timer = every(shop.loop, seconds{1}, [&] {
        if (++ticks == 2) timer.cancel();
    });
    shop.loop.advance(seconds{10});
    EXPECT_EQ(ticks, 2);
}

TEST(TimerHandle, IsArmedOnlyWhereThereIsATimer) {
    Shop shop;
    TimerHandle handle;
    EXPECT_FALSE(handle.armed());
    handle.cancel();
    handle = shop.loop.after(seconds{1}, [] {});
    EXPECT_TRUE(handle.armed());
}

TEST(TimerHandle, CancelsTheTimerThatAnotherTakesThePlaceOf) {
    Shop shop;
    std::vector<int> fired;
    TimerHandle handle = shop.loop.after(seconds{1}, [&] { fired.push_back(1); });
    handle = shop.loop.after(seconds{1}, [&] { fired.push_back(2); });
    shop.loop.advance(seconds{1});
    EXPECT_EQ(fired, std::vector{2});
}

TEST(ManualClock, StandsStillUntilItIsMoved) {
    ManualClock clock;
    EXPECT_EQ(clock.now(), clock.now());
    const Stamp other{.boot = 7, .mono = MonoTime{seconds{1}}, .wall = WallTime{seconds{2}}};
    clock.set(other);
    EXPECT_EQ(clock.now(), other);
}

TEST(IoLoop, RunsAgainAfterAStop) {
    TestLoop test;
    int ran = 0;
    for (int round = 0; round < 3; ++round) {
        test.loop.post([&] {
            ++ran;
            test.loop.stop();
        });
        test.loop.run();
    }
    EXPECT_EQ(ran, 3);
}

TEST(IoLoop, KeepsWhatWasPostedBetweenTwoRuns) {
    TestLoop test;
    std::vector<int> ran;
    test.loop.post([&] {
        ran.push_back(1);
        test.loop.stop();
    });
    test.loop.post([&] { ran.push_back(2); });
    test.loop.run();
    test.loop.post([&] { test.loop.stop(); });
    test.loop.run();
    EXPECT_EQ(ran, (std::vector{1, 2}));
}

TEST(IoLoop, EndsWithTheExceptionOfATask) {
    TestLoop test;
    test.loop.post([] { throw std::logic_error{"a programmer's error"}; });
    EXPECT_THROW(test.loop.run(), std::logic_error);
}

TEST(IoLoop, HasNothingReadyWhenNothingWasPosted) {
    TestLoop test;
    EXPECT_EQ(test.loop.run_ready(), 0U);
}

TEST(IoLoop, DropsWhatNeverRanWithItself) {
    const auto witness = std::make_shared<int>(0);
    {
        TestLoop test;
        test.loop.post([witness] {});
        EXPECT_EQ(witness.use_count(), 2);
    }
    EXPECT_EQ(witness.use_count(), 1);
}

}  // namespace
}  // namespace aisle::runtime
