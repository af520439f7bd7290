// Payloads of smart cameras, written after the samples of their manuals and decoders.
#include "drivers/counter/smart_formats.hpp"

#include <gtest/gtest.h>

#include <string>

#include "smart_payloads.hpp"

namespace aisle::counter {
namespace {

MappedPackage mapped(const CounterSource& source, const std::string& payload) {
    auto package = map_counts(source, payload, kit::kNoon);
    EXPECT_TRUE(package) << (package ? "" : package.error().detail);
    return package ? *package : MappedPackage{};
}

std::string refusal(const CounterSource& source, const std::string& payload) {
    const auto package = map_counts(source, payload, kit::kNoon);
    if (!package) return package.error().detail;
    EXPECT_TRUE(package->counts.empty());
    return package->problems.empty() ? "" : package->problems.front().detail;
}

struct Sum {
    std::int64_t in = 0;
    std::int64_t out = 0;
    friend bool operator==(const Sum&, const Sum&) = default;
};
Sum sum_of(const MappedPackage& package) {
    Sum sum;
    for (const MappedCount& count : package.counts) sum.in += count.in, sum.out += count.out;
    return sum;
}

TEST(XovisLive, CountsPersonsAndLeavesTheirGroupsOut) {
    const auto package = mapped(xovis_live(), live({{.track = 1},
                                                    {.track = 2},
                                                    {.track = 9, .type = "GROUP"},
                                                    {.track = 3, .forward = false}}));
    EXPECT_EQ(sum_of(package), (Sum{2, 1}));
    EXPECT_EQ(package.left_out, 1U);
    EXPECT_TRUE(package.problems.empty());
}

TEST(XovisLive, CountsOtherObjectsWhereTheyAreWanted) {
    CounterSource source = xovis_live();
    source.object_is = {"SHOPPING_CART"};
    const auto package =
        mapped(source, live({{.track = 1}, {.track = 2, .type = "SHOPPING_CART"}}));
    EXPECT_EQ(sum_of(package), (Sum{1, 0}));
}

TEST(XovisLive, KnowsACrossingByItsInstantTrackLineAndNumber) {
    const auto first = mapped(xovis_live(), live({{.track = 5}})).counts.at(0);
    const auto same = mapped(xovis_live(), live({{.track = 5}}, 77)).counts.at(0);
    EXPECT_EQ(first.id, same.id) << "the package's own number is another one after a restart";
    EXPECT_EQ(first.id, "80:1F:12:00:00:01/1645797259355/5/2/0");
    EXPECT_NE(first.id, mapped(xovis_live(), live({{.track = 6}})).counts.at(0).id);
    EXPECT_EQ(first.from, WallTime{milliseconds{1645797259355}});
}

TEST(XovisLive, TurnsALineRound) {
    CounterSource source = xovis_live();
    source.swapped = {"Line 0"};
    EXPECT_EQ(sum_of(mapped(source, live({{.track = 1}, {.track = 2}}))), (Sum{0, 2}));
}

TEST(XovisLive, GivesEachLineItsDoorAndRefusesAStranger) {
    CounterSource source = xovis_live();
    source.doors = {{"Line 0", DoorId{"north"}}};
    const auto package = mapped(source, live({{.track = 1}, {.track = 2, .line = "Line 7"}}));
    ASSERT_EQ(package.counts.size(), 1U);
    EXPECT_EQ(package.counts[0].door, DoorId{"north"});
    EXPECT_EQ(package.counts[0].channel, "Line 0");
    ASSERT_EQ(package.problems.size(), 1U);
    EXPECT_EQ(package.problems[0].detail, "a line that is not configured");
}

TEST(XovisLive, CountsWhereTheSensorTellsNoObjects) {
    std::string payload = live({{.track = 1}});
    const auto at = payload.find("\"tracked_objects\"");
    payload.replace(at, 17, "\"other_objects..\"");
    EXPECT_EQ(sum_of(mapped(xovis_live(), payload)), (Sum{1, 0}));
}

TEST(XovisLive, RefusesACrossingOfATrackThatTheFrameDoesNotHave) {
    std::string payload = live({{.track = 1}});
    payload.replace(payload.find("\"track_id\":1"), 12, "\"track_id\":8");
    EXPECT_EQ(refusal(xovis_live(), payload), "a crossing of an unknown track");
}

TEST(XovisLive, LeavesOtherEventsOut) {
    std::string payload = live({{.track = 1}});
    payload.replace(payload.find("LINE_CROSS_FORWARD"), 18, "ZONE_ENTRY________");
    const auto package = mapped(xovis_live(), payload);
    EXPECT_TRUE(package.counts.empty());
    EXPECT_EQ(package.left_out, 1U);
}

TEST(XovisLive, IsRefusedWhenItIsSomethingElse) {
    for (const char* const payload :
         {"{}", "[]", "7", R"({"live_data":{}})", R"({"live_data":{"frames":{}}})"}) {
        EXPECT_EQ(refusal(xovis_live(), payload), "no live_data of a Xovis sensor") << payload;
    }
    EXPECT_EQ(refusal(xovis_live(),
                      R"({"live_data":{"frames":[{"events":[{"type":"LINE_CROSS_FORWARD"}]}]}})"),
              "a crossing without attributes");
}

TEST(XovisLogics, CountsBothWaysOfALinesIntervals) {
    const auto package =
        mapped(xovis_logics(), logics({{.minute = 0, .forward = 4, .backward = 1},
                                       {.minute = 1, .forward = 0, .backward = 2}}));
    EXPECT_EQ(sum_of(package), (Sum{4, 3}));
    EXPECT_EQ(package.counts.at(0).to - package.counts.at(0).from, minutes{1});
    EXPECT_NE(package.counts.at(0).id, package.counts.at(1).id);
}

TEST(XovisLogics, IsFoundInsideItsWrapper) {
    const std::string bare = logics({{.minute = 0, .forward = 4}});
    const auto wrapped = mapped(xovis_logics(), R"({"logics_data":)" + bare + "}");
    EXPECT_EQ(sum_of(wrapped), (Sum{4, 0}));
}

TEST(XovisLogics, LeavesZonesOut) {
    std::string payload = logics({{.minute = 0, .forward = 4}});
    payload.replace(payload.find("XLT_4X_LINE"), 11, "XLT_4X_ZONE");
    const auto package = mapped(xovis_logics(), payload);
    EXPECT_TRUE(package.counts.empty());
    EXPECT_EQ(package.left_out, 1U);
}

TEST(XovisLogics, TurnsALineRound) {
    CounterSource source = xovis_logics();
    source.swapped = {"Line 0"};
    EXPECT_EQ(sum_of(mapped(source, logics({{.minute = 0, .forward = 4, .backward = 1}}))),
              (Sum{1, 4}));
}

TEST(XovisLogics, RefusesIntervalsThatAreNone) {
    EXPECT_EQ(refusal(xovis_logics(), logics({{.minute = 0, .length_ms = 0}})),
              "no interval of at most a day");
    EXPECT_EQ(refusal(xovis_logics(), logics({{.minute = 0, .length_ms = 90'000'000}})),
              "no interval of at most a day");
    EXPECT_EQ(refusal(xovis_logics(), logics({{.minute = 0, .forward = -1}})),
              "no counts of both ways");
    EXPECT_EQ(refusal(xovis_logics(), logics({{.minute = 0, .forward = 100'001}})),
              "no counts of both ways");
    EXPECT_EQ(refusal(xovis_logics(), "{}"), "no logics of a Xovis sensor");
}

TEST(AxisAnalytics, ReadsTheTotalOfPeopleFromText) {
    const auto package = mapped(axis_analytics(), passage({.scenario = 1, .total = 3}));
    ASSERT_EQ(package.counts.size(), 1U);
    EXPECT_EQ(package.counts[0].in, 3);
    EXPECT_EQ(package.counts[0].out, 0);
    EXPECT_EQ(package.counts[0].channel, "Device1Scenario1");
    EXPECT_TRUE(package.counts[0].timed);
}

TEST(AxisAnalytics, CountsASwappedScenarioOut) {
    EXPECT_EQ(sum_of(mapped(axis_analytics(), passage({.scenario = 2, .total = 8}))), (Sum{0, 8}));
}

TEST(AxisAnalytics, PrefersPeopleToAllThatPassed) {
    std::string payload = passage({.scenario = 1, .total = 3});
    payload.replace(payload.find("\"total\":\"3\""), 11, "\"total\":\"9\"");
    EXPECT_EQ(sum_of(mapped(axis_analytics(), payload)), (Sum{3, 0}));
}

TEST(AxisAnalytics, LeavesOccupancyOut) {
    const auto package =
        mapped(axis_analytics(),
               R"({"topic":"axis:CameraApplicationPlatform/ObjectAnalytics/Device1Scenario1",)"
               R"("timestamp":1700000000000,"message":{"data":{"scenario":"numberOfOccupants",)"
               R"("total":"4","human":"4"}}})");
    EXPECT_TRUE(package.counts.empty());
    EXPECT_EQ(package.left_out, 1U);
}

TEST(AxisAnalytics, RefusesAScenarioThatIsNotConfigured) {
    EXPECT_EQ(refusal(axis_analytics(), passage({.scenario = 5, .total = 1})),
              "a scenario that is not configured");
    EXPECT_EQ(refusal(axis_analytics(), "{}"), "no event of Axis Object Analytics");
}

TEST(AxisPeople, ReadsBothTotalsAndTheCamerasClockForTheirOrder) {
    const auto package = mapped(axis_people(), live_sum({.in = 12, .out = 318}));
    ASSERT_EQ(package.counts.size(), 1U);
    const MappedCount& count = package.counts[0];
    EXPECT_EQ(sum_of(package), (Sum{12, 318}));
    EXPECT_EQ(count.from, kit::kNoon) << "it counts when it arrives";
    ASSERT_TRUE(count.sensor_clock);
    EXPECT_EQ(to_rfc3339(*count.sensor_clock), "2026-05-03T11:27:56.000Z");
}

TEST(AxisPeople, TakesATimeThatIsNoneForNone) {
    for (const char* const time : {"", "20260503", "2026050311275X", "20261303112756"}) {
        std::string payload = live_sum({.in = 1, .out = 2});
        payload.replace(payload.find("20260503112756"), 14, time);
        const auto package = mapped(axis_people(), payload);
        ASSERT_EQ(package.counts.size(), 1U) << time;
        EXPECT_FALSE(package.counts[0].sensor_clock) << time;
    }
}

TEST(AxisPeople, RefusesSumsThatAreNone) {
    for (const char* const payload : {"{}", R"({"in":1})", R"({"in":-1,"out":2})",
                                      R"({"in":1.5,"out":2})", R"({"in":"many","out":2})"}) {
        EXPECT_EQ(refusal(axis_people(), payload), "no live sum of an Axis People Counter")
            << payload;
    }
    EXPECT_EQ(refusal(axis_people(), R"({"in":1e15,"out":2})"), "a sum beyond belief");
}

}  // namespace
}  // namespace aisle::counter
