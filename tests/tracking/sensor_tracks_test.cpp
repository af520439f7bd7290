#include "drivers/tracking/sensor_tracks.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "drivers/tracking/line_counter.hpp"

namespace aisle::tracking {
namespace {

constexpr milliseconds kFrame{100};

SensorPosition at(std::int64_t object, double x_m, double y_m = 0) {
    return {.object = object, .place_m = {x_m, y_m}};
}

std::vector<Track> after(SensorTracks& sensor, const std::vector<SensorPosition>& positions) {
    const auto tracks = sensor.update(positions, kFrame);
    return {tracks.begin(), tracks.end()};
}

TEST(SensorTracks, StandWhereTheSensorSaysWithTheYAxisDown) {
    SensorTracks sensor;
    const Point foot = foot_point(after(sensor, {at(5, 1.5, 2)})[0].box);
    EXPECT_NEAR(foot.x, 150, 1e-9);
    EXPECT_NEAR(foot.y, -200, 1e-9);
}

TEST(SensorTracks, AreConfirmedOnceTheyHaveGoneSomeWay) {
    SensorTracks sensor;
    for (int i = 0; i < 50; ++i) EXPECT_FALSE(after(sensor, {at(5, 1)})[0].confirmed);
    after(sensor, {at(5, 1.3)});
    const auto track = after(sensor, {at(5, 1.6)})[0];
    EXPECT_TRUE(track.confirmed);
    EXPECT_NEAR(track.velocity_s.x, 300, 1e-6);
    EXPECT_EQ(track.id, 1);
}

TEST(SensorTracks, CountOverALineLikeACamerasTracks) {
    SensorTracks sensor;
    // The door is at x = 2 m; the right-hand side, walking from y = -3 m to y = 3 m, is +x.
    LineCounter counter{{{{.name = "door", .from = {200, 300}, .to = {200, -300}}}}};
    int in = 0;
    int out = 0;
    for (int i = 0; i <= 40; ++i) {
        const auto tracks = after(sensor, {at(5, 0.1 * i), at(6, 4 - 0.1 * i, 1)});
        for (const LineCrossing& crossing : counter.update(tracks, i)) {
            ++(crossing.direction == Direction::In ? in : out);
        }
    }
    EXPECT_EQ(in, 1);
    EXPECT_EQ(out, 1);
}

TEST(SensorTracks, CoastForASecondAndAHalf) {
    SensorTracks sensor;
    after(sensor, {at(5, 1)});
    for (int i = 0; i < 15; ++i) EXPECT_FALSE(after(sensor, {})[0].seen);
    EXPECT_TRUE(after(sensor, {}).empty());
}

TEST(SensorTracks, GiveAReusedIdAnother) {
    SensorTracks sensor;
    after(sensor, {at(5, 1)});
    EXPECT_EQ(after(sensor, {at(5, 9)})[0].id, 2);  // it cannot have run that far
    sensor.reset();
    EXPECT_EQ(after(sensor, {at(5, 9)})[0].id, 3);
}

TEST(SensorTracks, CountAnIdOnceAFrameAndNothingThatIsNoPlace) {
    SensorTracks sensor;
    const double none = std::numeric_limits<double>::quiet_NaN();
    EXPECT_EQ(after(sensor, {at(5, 1), at(5, 1.1), at(6, none)}).size(), 1U);
}

TEST(SensorTracks, AreBounded) {
    SensorTracks sensor;
    std::vector<SensorPosition> crowd;
    for (std::size_t i = 0; i < kSensorObjectsMax + 3; ++i) {
        crowd.push_back(at(static_cast<std::int64_t>(i), static_cast<double>(i)));
    }
    EXPECT_EQ(after(sensor, crowd).size(), kSensorObjectsMax);
    EXPECT_EQ(sensor.positions_dropped(), 3U);
}

}  // namespace
}  // namespace aisle::tracking
