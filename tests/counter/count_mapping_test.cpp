#include "drivers/counter/count_mapping.hpp"

#include <gtest/gtest.h>

#include <string>

#include "tests/kit/builders.hpp"

namespace aisle::counter {
namespace {

const WallTime kArrived = kit::kNoon;

CounterSource intervals() {
    CounterSource source;
    source.name = "sensor";
    source.kind = CountKind::Interval;
    source.door = DoorId{"main"};
    source.fields = {.from = "/from", .to = "/to", .in = "/in", .out = "/out"};
    return source;
}

CounterSource events() {
    CounterSource source;
    source.name = "sensor";
    source.kind = CountKind::Event;
    source.door = DoorId{"main"};
    source.fields = {.id = "/id", .at = "/time", .direction = "/dir", .count = "/n"};
    return source;
}

CounterSource totals() {
    CounterSource source;
    source.name = "sensor";
    source.kind = CountKind::Cumulative;
    source.door = DoorId{"main"};
    source.fields = {.at = "/timestamp", .in = "/in", .out = "/out"};
    return source;
}

MappedPackage mapped(const CounterSource& source, std::string_view payload) {
    auto package = map_counts(source, payload, kArrived);
    EXPECT_TRUE(package) << (package ? "" : package.error().detail);
    return package ? *package : MappedPackage{};
}

std::string problem_of(const CounterSource& source, std::string_view payload) {
    const auto package = mapped(source, payload);
    EXPECT_TRUE(package.counts.empty());
    return package.problems.empty()
               ? ""
               : package.problems[0].reason + ": " + package.problems[0].detail;
}

TEST(CountMapping, ReadsAnIntervalOfEpochMilliseconds) {
    const auto package =
        mapped(intervals(), R"({"from":1645792860000,"to":1645792920000,"in":3,"out":1})");
    ASSERT_EQ(package.counts.size(), 1U);
    const MappedCount& count = package.counts[0];
    EXPECT_EQ(count.door, DoorId{"main"});
    EXPECT_EQ(count.from, WallTime{milliseconds{1'645'792'860'000}});
    EXPECT_EQ(count.to, count.from + minutes{1});
    EXPECT_EQ(count.in, 3);
    EXPECT_EQ(count.out, 1);
    EXPECT_EQ(count.id, "main/1645792860000-1645792920000");
}

TEST(CountMapping, ReadsTheSameTimeInEveryForm) {
    const auto expected =
        mapped(intervals(), R"({"from":1645792860,"to":1645792920,"in":0})").counts.at(0);
    for (const auto* payload : {
             R"({"from":"1645792860","to":"1645792920000","in":0})",
             R"({"from":"2022-02-25T12:41:00Z","to":"2022-02-25T13:42:00+01:00","in":0})",
             R"({"from":1645792860.0,"to":1.64579292e12,"in":"0"})",
         }) {
        const auto count = mapped(intervals(), payload).counts.at(0);
        EXPECT_EQ(count.from, expected.from) << payload;
        EXPECT_EQ(count.to, expected.to) << payload;
        EXPECT_EQ(count.id, expected.id) << payload;
    }
}

TEST(CountMapping, LooksInTheRecordAndThenInThePackage) {
    auto source = intervals();
    source.door = {};
    source.doors = {{"Line 0", DoorId{"north"}}, {"Line 1", DoorId{"south"}}};
    source.fields = {.records = "/logics",
                     .id = "/package/id",
                     .door = "/name",
                     .from = "/records/0/from",
                     .to = "/records/0/to",
                     .in = "/records/0/counts/0/value",
                     .out = "/records/0/counts/1/value"};
    const auto package = mapped(source, R"({"package":{"id":17},"logics":[
        {"name":"Line 0","records":[{"from":1645792860000,"to":1645792920000,"counts":[{"name":"fw","value":1},{"name":"bw","value":2}]}]},
        {"name":"Line 1","records":[{"from":1645792860000,"to":1645792920000,"counts":[{"name":"fw","value":5},{"name":"bw","value":0}]}]}]})");
    ASSERT_EQ(package.counts.size(), 2U);
    EXPECT_EQ(package.counts[0].door, DoorId{"north"});
    EXPECT_EQ(package.counts[0].id, "17/Line 0/0");
    EXPECT_EQ(package.counts[1].door, DoorId{"south"});
    EXPECT_EQ(package.counts[1].in, 5);
    EXPECT_EQ(package.counts[1].id, "17/Line 1/1");
}

TEST(CountMapping, KeepsTwoLinesOfOneDoorApart) {
    auto source = intervals();
    source.doors = {{"a", DoorId{"main"}}, {"b", DoorId{"main"}}};
    source.fields.door = "/line";
    const auto package = mapped(source, R"([{"line":"a","from":1645792860,"to":1645792920,"in":1},
                                            {"line":"b","from":1645792860,"to":1645792920,"in":1}])");
    ASSERT_EQ(package.counts.size(), 2U);
    EXPECT_NE(package.counts[0].id, package.counts[1].id);
}

TEST(CountMapping, ReadsCrossingsByTheirDirectionsName) {
    auto source = events();
    source.in_values = {"LINE_CROSS_FORWARD"};
    source.out_values = {"LINE_CROSS_BACKWARD"};
    const auto package =
        mapped(source, R"([{"id":2,"time":1645797259355,"dir":"LINE_CROSS_BACKWARD"},
                                            {"id":3,"dir":"LINE_CROSS_FORWARD","n":"2"}])");
    ASSERT_EQ(package.counts.size(), 2U);
    EXPECT_EQ(package.counts[0].out, 1);
    EXPECT_EQ(package.counts[0].in, 0);
    EXPECT_TRUE(package.counts[0].timed);
    EXPECT_EQ(package.counts[1].in, 2);
    EXPECT_EQ(package.counts[1].from, kArrived);
    EXPECT_FALSE(package.counts[1].timed);
}

TEST(CountMapping, GivesEventsAnIdOnlyWhereTheSensorDoes) {
    EXPECT_EQ(mapped(events(), R"({"id":"p9","dir":"in"})").counts.at(0).id, "p9/main/0");
    EXPECT_EQ(mapped(events(), R"({"dir":"in"})").counts.at(0).id, "");
}

TEST(CountMapping, ReadsTotalsThatAreText) {
    auto source = totals();
    source.fields.in = "/message/data/totalHuman";
    source.fields.out = "";
    const auto package = mapped(
        source,
        R"({"topic":"t","timestamp":1700000000000,"message":{"data":{"scenario":"passageCounts","totalHuman":"3"}}})");
    ASSERT_EQ(package.counts.size(), 1U);
    EXPECT_EQ(package.counts[0].in, 3);
    EXPECT_EQ(package.counts[0].out, 0);
    EXPECT_EQ(package.counts[0].id, "");
}

TEST(CountMapping, LeavesOutObjectsThatAreNotCounted) {
    auto source = events();
    source.fields.object = "/type";
    source.object_is = {"PERSON"};
    const auto package = mapped(
        source, R"([{"type":"PERSON","dir":"in"},{"type":"GROUP","dir":"in"},{"dir":"in"}])");
    EXPECT_EQ(package.counts.size(), 1U);
    EXPECT_EQ(package.left_out, 2U);
}

TEST(CountMapping, NamesWhatIsWrongWithARecord) {
    EXPECT_EQ(problem_of(intervals(), "{}"), "schema: no from or to");
    EXPECT_EQ(problem_of(intervals(), R"({"from":1645792860,"to":1645792920})"), "schema: no in");
    EXPECT_EQ(problem_of(intervals(), R"({"from":"noon","to":1645792920,"in":1})"),
              "schema: from is not a time");
    EXPECT_EQ(problem_of(intervals(), R"({"from":1645792920,"to":1645792860,"in":1})"),
              "schema: no interval of at most a day");
    EXPECT_EQ(problem_of(intervals(), R"({"from":1645792860,"to":1645892860,"in":1})"),
              "schema: no interval of at most a day");
    EXPECT_EQ(problem_of(intervals(), R"({"from":1645792860,"to":1645792920,"in":-1})"),
              "schema: in is not a count");
    EXPECT_EQ(problem_of(intervals(), R"({"from":1645792860,"to":1645792920,"in":1.5})"),
              "schema: in is not a count");
    EXPECT_EQ(problem_of(intervals(), R"({"from":1645792860,"to":1645792920,"in":100001})"),
              "limit: in is beyond belief");
    EXPECT_EQ(problem_of(events(), R"({"id":1})"), "schema: no direction");
    EXPECT_EQ(problem_of(events(), R"({"dir":"sideways"})"),
              "schema: a direction that is not configured");
    EXPECT_EQ(problem_of(events(), R"({"dir":"in","time":20170503112756})"),
              "schema: at is not a time");
    EXPECT_EQ(problem_of(events(), R"({"dir":"in","id":")" + std::string(300, 'x') + "\"}"),
              "limit: id is too long");
    EXPECT_EQ(problem_of(totals(), R"({"in":1e18})"), "schema: in is not a count");
    EXPECT_EQ(problem_of(totals(), R"({"in":2000000000000})"), "limit: in is beyond belief");
}

TEST(CountMapping, SaysThatADoorIsNotConfigured) {
    auto source = intervals();
    source.fields.door = "/name";
    source.doors = {{"Line 0", DoorId{"north"}}};
    EXPECT_EQ(problem_of(source, R"({"name":"Line 9"})"), "schema: a door that is not configured");
    source.door = {};
    EXPECT_EQ(problem_of(source, "{}"), "schema: no door");
}

TEST(CountMapping, UsesTheGoodRecordsOfAPackage) {
    const auto package = mapped(events(), R"([{"dir":"in"},7,{"dir":"up"},{"dir":"out"}])");
    EXPECT_EQ(package.counts.size(), 2U);
    ASSERT_EQ(package.problems.size(), 2U);
    EXPECT_EQ(package.problems[1].record, 2U);
}

TEST(CountMapping, RefusesAPayloadOfWhichNothingCanBeUsed) {
    auto listed = events();
    listed.fields.records = "/events";
    EXPECT_FALSE(map_counts(events(), "", kArrived));
    EXPECT_FALSE(map_counts(events(), "{\"dir\":", kArrived));
    EXPECT_FALSE(map_counts(listed, R"({"dir":"in"})", kArrived));
    EXPECT_FALSE(map_counts(events(), std::string(kPayloadBytesMax + 1, ' '), kArrived));
    EXPECT_FALSE(map_counts(events(), std::string(100'000, '['), kArrived));
    std::string many = "[";
    for (std::size_t i = 0; i <= kRecordsMax; ++i) many += "{},";
    many.back() = ']';
    EXPECT_FALSE(map_counts(events(), many, kArrived));
}

TEST(CountMapping, TakesABadPointerForNothing) {
    auto source = events();
    source.fields.count = "no slash";
    EXPECT_EQ(mapped(source, R"({"dir":"in"})").counts.at(0).in, 1);
}

}  // namespace
}  // namespace aisle::counter
