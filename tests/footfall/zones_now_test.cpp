#include "agent/footfall/zones_now.hpp"

#include <gtest/gtest.h>

#include "tests/kit/builders.hpp"

namespace aisle::footfall {
namespace {

SceneMinute minute_with(const std::string& zone, std::int64_t person_ms) {
    return {.camera = "cam",
            .from = kit::kNoon,
            .to = kit::kNoon + minutes{1},
            .loads = {{.zone = ZoneId{zone}, .person_ms = person_ms, .peak = 4}}};
}

TEST(ZonesNow, SaysHowManyPeopleWereInAZoneOnAverage) {
    ZonesNow zones;
    zones.heard(minute_with("queue", 150'000));
    const auto present = zones.at(kit::kNoon + minutes{2});
    ASSERT_EQ(present.size(), 1U);
    EXPECT_EQ(present[0].mean_milli, 2500);
    EXPECT_EQ(present[0].peak, 4);
}

TEST(ZonesNow, HasNoPresentOfASceneThatFellSilent) {
    ZonesNow zones;
    zones.heard(minute_with("queue", 150'000));
    EXPECT_EQ(zones.at(kit::kNoon + minutes{4}).size(), 1U);
    EXPECT_TRUE(zones.at(kit::kNoon + minutes{5}).empty());
}

TEST(ZonesNow, IsBounded) {
    ZonesNow zones;
    for (int i = 0; i < 300; ++i) zones.heard(minute_with("z" + std::to_string(i), 1));
    EXPECT_EQ(zones.at(kit::kNoon + minutes{1}).size(), ZonesNow::kMax);
}

}  // namespace
}  // namespace aisle::footfall
