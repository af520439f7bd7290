#include "sync/hq/stores_json.hpp"

#include <gtest/gtest.h>

#include "tests/kit/builders.hpp"

namespace aisle::hq {
namespace {

const Today kToday{.date = std::chrono::year{2026} / 6 / 12};
constexpr const char* kOld = "0000000000000000";
constexpr const char* kNew = "0123456789abcdef";

TEST(StoresJson, ShowsEverythingOfAStore) {
    Overview overview;
    overview.streams = {{"s-1", kNew, "ledger", 11, kit::kNoon}};
    overview.days = {{.store = "s-1",
                      .sales = 2,
                      .total_minor = 340,
                      .currency = "CNY",
                      .entered = 8,
                      .left = 1}};
    std::map<std::string, Presence> presence;
    presence["s-1"] = {
        .alive = true,
        .heard = kit::kNoon,
        .birth = {.alive = true,
                  .epoch = kNew,
                  .version = "1.2.3",
                  .health = {.bundle = 12,
                             .datasets = std::vector<wire::DatasetVersion>{{"members", 3}},
                             .clock = ClockQuality::Ntp},
                  .streams = {{Stream::Ledger, 5, 14}}}};
    note_alarm(presence["s-1"], "fork", "why", kit::kNoon);
    EXPECT_EQ(
        stores_json(overview, presence, kToday, true, kit::kNoon),
        R"({"now":"2026-06-12T04:00:00.000Z","broker_connected":true,"stores":[{"store":"s-1",)"
        R"("connected":true,"last_seen":"2026-06-12T04:00:00.000Z","lag_records":3,)"
        R"("streams":[{"stream":"ledger","epoch":"0123456789abcdef","next":11}],)"
        R"("today":{"date":"2026-06-12","sales":2,"total_minor":340,"currency":"CNY",)"
        R"("entered":8,"left":1},"version":"1.2.3","epoch":"0123456789abcdef","epochs":1,)"
        R"("bundle":12,"datasets":{"members":3},"lag_s":null,"dropped":null,)"
        R"("disk_free_bytes":null,"clock":"ntp","boot":null,"alarms":[{"kind":"fork",)"
        R"("detail":"why","first":"2026-06-12T04:00:00.000Z","last":"2026-06-12T04:00:00.000Z",)"
        R"("times":1}]}]})");
}

TEST(StoresJson, ShowsTheEpochThatWasHeardLast) {
    Overview overview;
    overview.streams = {{"s-1", kNew, "ledger", 3, kit::kNoon},
                        {"s-1", kOld, "ledger", 99, WallTime{}}};
    const auto json = stores_json(overview, {}, kToday, true, kit::kNoon);
    EXPECT_NE(json.find(kNew), std::string::npos);
    EXPECT_EQ(json.find(kOld), std::string::npos);
}

TEST(StoresJson, CountsAllOfANewEpochAsBehind) {
    Overview overview;
    overview.streams = {{"s-1", kOld, "ledger", 99, kit::kNoon}};
    std::map<std::string, Presence> presence;
    presence["s-1"].birth = {.alive = true, .epoch = kNew, .streams = {{Stream::Ledger, 1, 6}}};
    EXPECT_NE(stores_json(overview, presence, kToday, true, kit::kNoon).find("\"lag_records\":5"),
              std::string::npos);
}

TEST(StoresJson, TakesAStoreThatHasBeenSilentForGone) {
    std::map<std::string, Presence> presence;
    presence["s-1"] = {.alive = true, .heard = kit::kNoon};
    const auto at = [&](minutes later) {
        return stores_json({}, presence, kToday, true, kit::kNoon + later);
    };
    EXPECT_NE(at(minutes{4}).find("\"connected\":true"), std::string::npos);
    EXPECT_NE(at(minutes{5}).find("\"connected\":false"), std::string::npos);
}

TEST(CompletenessJson, NamesEveryNumber) {
    const Completeness one{.store = "s-1",
                           .epoch = kNew,
                           .stream = "ledger",
                           .expected = 10,
                           .received = 6,
                           .gaps = {{"quota", 1, 3}},
                           .again = 1,
                           .quarantined = 2};
    EXPECT_EQ(completeness_json({one}),
              R"({"streams":[{"store":"s-1","epoch":"0123456789abcdef","stream":"ledger",)"
              R"("expected":10,"received":6,"gaps":[{"reason":"quota","records":1,"rows":3}],)"
              R"("again":1,"quarantined":2,"missing":0}]})");
}

TEST(StoresJson, ShowsAStoreThatHasSentNothingYet) {
    std::map<std::string, Presence> presence;
    presence["s-9"] = {};
    const auto json = stores_json({}, presence, kToday, false, kit::kNoon);
    EXPECT_NE(
        json.find(
            R"("store":"s-9","connected":false,"last_seen":null,"lag_records":0,"streams":[])"),
        std::string::npos);
}

}  // namespace
}  // namespace aisle::hq
