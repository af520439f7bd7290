#include <gtest/gtest.h>

#include "tests/world/customers.hpp"
#include "tests/world/headquarters.hpp"
#include "tests/world/site.hpp"

// A shop whose clock is wrong by a month, and what becomes of its records.
namespace aisle::world {
namespace {

constexpr milliseconds kMonth = std::chrono::days{30};

struct ShopWithoutTime {
    ShopWithoutTime() {
        site.clock.off = kMonth;
        site.clock.quality = ClockQuality::None;
        hq.start();
        network.cut("s-0001", true);  // nobody tells it the time
        site.switch_on();
        pass(std::chrono::hours{8});
    }
    void pass(milliseconds time) {
        const MonoTime until = timeline.now() + time;
        while (timeline.run_one(until)) site.look();
    }
    // How far the worst of HQ's records is from the instant at which it was made.
    milliseconds worst() {
        milliseconds worst{0};
        const WallTime booted = timeline.truth() - std::chrono::duration_cast<milliseconds>(
                                                       timeline.now() - site.clock.booted);
        for (const HqRow& row : hq.events()) {
            if (row.kind == "gap") continue;
            const WallTime made =
                booted + std::chrono::floor<milliseconds>(microseconds{row.mono_us});
            worst = std::max(worst, std::chrono::abs(row.at - made));
        }
        return worst;
    }

    Trace trace;
    Timeline timeline;
    Network network{timeline, 5, trace};
    Headquarters hq{timeline, network, 6};
    Site site{timeline, network, {.name = "s-0001", .store = "s-0001", .seed = 7}};
    Customers customers{timeline,
                        site,
                        {.from = timeline.now() + seconds{5},
                         .to = timeline.now() + std::chrono::hours{9},
                         .sales = 500,
                         .visits = 2'000,
                         .tag_visits = 100,
                         .taps = 100},
                        8};
};

TEST(WrongClock, IsMendedByHqsTimeForAllRecordsOfTheBoot) {
    ShopWithoutTime shop;
    shop.network.cut("s-0001", false);
    shop.pass(minutes{30});
    EXPECT_GT(shop.hq.events().size(), 900U);
    EXPECT_LE(shop.worst(), seconds{1});
}

TEST(WrongClock, IsMendedWhenTheMachineFindsATimeServer) {
    ShopWithoutTime shop;
    shop.site.clock.off = {};
    shop.site.clock.quality = ClockQuality::Ntp;
    shop.pass(minutes{1});
    shop.network.cut("s-0001", false);
    shop.pass(minutes{30});
    EXPECT_GT(shop.hq.events().size(), 900U);
    EXPECT_LE(shop.worst(), seconds{1});
}

TEST(WrongClock, ThatJumpsAboutIsMendedAllTheSame) {
    ShopWithoutTime shop;
    shop.site.clock.off = -kMonth;
    shop.pass(std::chrono::hours{1});
    shop.network.cut("s-0001", false);
    shop.pass(minutes{30});
    EXPECT_LE(shop.worst(), seconds{1});
}

}  // namespace
}  // namespace aisle::world
