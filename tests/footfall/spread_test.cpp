#include "agent/footfall/spread.hpp"

#include <gtest/gtest.h>

#include <random>

#include "tests/kit/builders.hpp"

namespace aisle::footfall {
namespace {

std::vector<std::int32_t> shares(std::int32_t n, Interval interval) {
    std::vector<std::int32_t> all;
    for (const MinutePart& part : minutes_of(interval)) {
        all.push_back(share_of(n, part, interval.to - interval.from));
    }
    return all;
}

TEST(Spread, CutsAnIntervalAtTheMinutes) {
    const auto parts = minutes_of({kit::kNoon + seconds{30}, kit::kNoon + seconds{150}});
    ASSERT_EQ(parts.size(), 3U);
    EXPECT_EQ(parts[0].start, kit::kNoon);
    EXPECT_EQ(parts[2].start, kit::kNoon + minutes{2});
    EXPECT_EQ(parts[1].to - parts[1].from, minutes{1});
}

TEST(Spread, GivesAnEmptyIntervalTheMinuteItLiesIn) {
    EXPECT_EQ(shares(7, {kit::kNoon + seconds{59}, kit::kNoon + seconds{59}}),
              (std::vector<std::int32_t>{7}));
}

TEST(Spread, IsEven) {
    EXPECT_EQ(shares(10, {kit::kNoon, kit::kNoon + minutes{5}}),
              (std::vector<std::int32_t>{2, 2, 2, 2, 2}));
}

TEST(Spread, LosesAndAddsNobody) {
    std::mt19937 random{5};
    for (int round = 0; round < 500; ++round) {
        const auto n = static_cast<std::int32_t>(random() % 200);
        const WallTime from = kit::kNoon + milliseconds{random() % 100'000};
        std::int32_t sum = 0;
        for (const auto share : shares(n, {from, from + milliseconds{random() % 3'600'000}})) {
            EXPECT_GE(share, 0);
            sum += share;
        }
        EXPECT_EQ(sum, n);
    }
}

}  // namespace
}  // namespace aisle::footfall
