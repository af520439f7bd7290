#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "shop.hpp"

// Restoring what was persisted equals the live engine, whatever happened before.
namespace aisle::footfall {
namespace {

class RandomLife {
public:
    explicit RandomLife(unsigned seed) : random_{seed} {}

    // One random event at the shop; `seed` and place in the sequence decide it alone.
    std::vector<FootfallMinute> happen(Shop& shop) {
        const WallTime at =
            shop.now().wall - milliseconds{below(3) == 0 ? below(200'000'000) : below(90'000)};
        const DoorId door = below(4) == 0 ? kStreet : kMain;
        switch (below(8)) {
            case 0:
                return shop.apply(shop.engine.blind(
                    {.door = door, .from = at, .to = at + milliseconds{below(400'000)}}));
            case 1:
                return shop.apply(shop.engine.count({.door = door,
                                                     .from = at,
                                                     .to = at + milliseconds{below(900'000)},
                                                     .in = static_cast<std::int32_t>(below(20)),
                                                     .out = static_cast<std::int32_t>(below(20))}));
            case 2:
                return sell(shop, at);
            case 3:
                shop.stay("zone " + std::to_string(below(3)), seconds{below(900)});
                return {};
            case 4:
                return shop.pass(milliseconds{below(90'000)});
            case 5:
                return shop.pass(milliseconds{below(50) == 0 ? 50'000'000 : 1'000});
            default:
                return shop.apply(shop.engine.crossing(
                    {.door = door,
                     .direction = below(2) == 0 ? Direction::In : Direction::Out,
                     .n = 1 + static_cast<std::int32_t>(below(3)),
                     .at = at}));
        }
    }

private:
    std::int64_t below(std::int64_t bound) { return static_cast<std::int64_t>(random_()) % bound; }

    std::vector<FootfallMinute> sell(Shop& shop, WallTime at) {
        Sale sale = kit::sale_of(100 + below(5000));
        sale.ended_at = at;
        Sale old = sale;
        old.total = Money::minor(below(3000));
        return shop.apply(shop.engine.sale(below(2) == 0 ? &old : nullptr, sale));
    }

    std::mt19937 random_;
};

FootfallSettings settings_of(unsigned seed) {
    FootfallSettings settings = two_doors();
    if (seed % 3 == 0) settings.zeros = OpeningHours{};
    return settings;
}

bool same(const FootfallMinute& a, const FootfallMinute& b) {
    return a.door == b.door && a.start == b.start && a.in == b.in && a.out == b.out &&
           a.occupancy == b.occupancy && a.clamped == b.clamped && a.blind_s == b.blind_s &&
           a.counts == b.counts && a.revision == b.revision;
}

TEST(Restore, EqualsTheLiveEngineNowAndAfterwards) {
    for (unsigned seed = 0; seed < 40; ++seed) {
        Shop live{settings_of(seed)};
        RandomLife life{seed};
        for (int i = 0; i < 150; ++i) life.happen(live);

        Shop restored{settings_of(seed), live.rows_now(), live.passed};
        ASSERT_TRUE(restored.restored);
        live.apply(live.engine.tick(live.now()));
        ASSERT_EQ(live.today(), restored.today()) << "seed " << seed;

        RandomLife later{seed + 1000};
        RandomLife later_too{seed + 1000};
        for (int i = 0; i < 80; ++i) {
            const auto a = later.happen(live);
            const auto b = later_too.happen(restored);
            ASSERT_TRUE(std::ranges::equal(a, b, same)) << "seed " << seed << " event " << i;
        }
        ASSERT_EQ(live.today(), restored.today()) << "seed " << seed;
        ASSERT_EQ(live.rows, restored.rows) << "seed " << seed;
    }
}

TEST(Restore, LosesNobodyBetweenCrossingsAndMinutes) {
    // The highest revisions of all minutes add up to all that was counted.
    for (unsigned seed = 0; seed < 30; ++seed) {
        Shop shop;
        std::mt19937 random{seed};
        std::int64_t entered = 0;
        std::map<std::pair<WallTime, DoorId>, FootfallMinute> highest;
        const auto keep = [&](const std::vector<FootfallMinute>& minutes) {
            for (const FootfallMinute& minute : minutes) {
                auto& place = highest[{minute.start, minute.door}];
                EXPECT_EQ(minute.revision, place.start == WallTime{} ? 1 : place.revision + 1);
                place = minute;
            }
        };
        for (int i = 0; i < 200; ++i) {
            const auto n = static_cast<std::int32_t>(1 + random() % 4);
            entered += n;
            shop.apply(shop.engine.crossing(
                {.door = kMain, .n = n, .at = shop.now().wall - milliseconds{random() % 600'000}}));
            keep(shop.pass(milliseconds{random() % 30'000}));
        }
        keep(shop.pass(minutes_of_time(2)));
        std::int64_t reported = 0;
        for (const auto& [key, minute] : highest) reported += minute.in;
        EXPECT_EQ(reported, entered);
        EXPECT_EQ(shop.today().entries, entered);
    }
}

}  // namespace
}  // namespace aisle::footfall
