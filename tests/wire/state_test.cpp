#include "sync/wire/state.hpp"

#include <gtest/gtest.h>

#include "tests/kit/builders.hpp"

namespace aisle::wire {
namespace {

StoreState birth() {
    return {.alive = true,
            .epoch = "0123456789abcdef",
            .version = "0.1.0",
            .at = kit::kNoon,
            .streams = {{Stream::Ledger, 5, 9}, {Stream::Health, 1, 1}}};
}

TEST(StoreState, IsWrittenAsTheProtocolSays) {
    EXPECT_EQ(to_json(birth()),
              R"({"state":"birth","epoch":"0123456789abcdef","version":"0.1.0",)"
              R"("at":"2026-06-12T04:00:00.000Z",)"
              R"("streams":{"ledger":{"first":5,"next":9},"health":{"first":1,"next":1}}})");
    auto death = birth();
    death.alive = false;
    EXPECT_EQ(to_json(death), R"({"state":"death","epoch":"0123456789abcdef","version":"0.1.0"})");
}

TEST(StoreState, IsReadBackAsWritten) {
    const auto read = parse_state(to_json(birth()));
    ASSERT_TRUE(read) << read.error().detail;
    EXPECT_EQ(*read, birth());
}

TEST(StoreState, TellsHowTheStoreIs) {
    auto state = birth();
    state.run = "00112233445566ff";
    state.health = {.bundle = 12,
                    .datasets = std::vector<DatasetVersion>{{"members", 3}, {"products", 8}},
                    .lag_s = 4,
                    .dropped = 0,
                    .disk_free_bytes = 1'000'000'000,
                    .clock = ClockQuality::Rtc,
                    .boot = 7,
                    .member_key = "1a2b3c4d"};
    const std::string json = to_json(state);
    EXPECT_NE(json.find(R"("run":"00112233445566ff","at":"2026-06-12T04:00:00.000Z","bundle":12,)"
                        R"("datasets":{"members":3,"products":8},"lag_s":4,"dropped":0,)"
                        R"("disk_free_bytes":1000000000,"clock":"rtc","boot":7,"key":"1a2b3c4d",)"
                        R"("streams":)"),
              std::string::npos)
        << json;
    const auto read = parse_state(json);
    ASSERT_TRUE(read) << read.error().detail;
    EXPECT_EQ(*read, state);
}

TEST(StoreState, OfADeathNamesTheRunThatDied) {
    const StoreState death{.epoch = "0123456789abcdef", .version = "1", .run = "00112233445566ff"};
    const auto read = parse_state(to_json(death));
    ASSERT_TRUE(read) << read.error().detail;
    EXPECT_EQ(read->run, "00112233445566ff");
}

TEST(StoreState, FitsIntoAMessageWithAllItsDatasets) {
    auto state = birth();
    auto& datasets = state.health.datasets.emplace();
    for (int i = 0; i < 100; ++i)
        datasets.push_back({"dataset-with-a-long-name-" + std::to_string(i), 1'000'000});
    const auto read = parse_state(to_json(state));
    ASSERT_TRUE(read) << read.error().detail;
    ASSERT_TRUE(read->health.datasets);
    EXPECT_EQ(read->health.datasets->size(), kDatasetsMax);
}

TEST(StoreState, TellsNoDatasetsFromDatasetsUntold) {
    auto state = birth();
    EXPECT_FALSE(parse_state(to_json(state))->health.datasets);
    state.health.datasets.emplace();
    const auto read = parse_state(to_json(state));
    ASSERT_TRUE(read) << read.error().detail;
    ASSERT_TRUE(read->health.datasets);
    EXPECT_TRUE(read->health.datasets->empty());
}

TEST(StoreState, OfADeathNeedsNoTime) {
    const auto read = parse_state(R"({"state":"death","epoch":"0123456789abcdef"})");
    ASSERT_TRUE(read) << read.error().detail;
    EXPECT_FALSE(read->alive);
}

TEST(StoreState, ThatIsNotOneIsRefused) {
    for (
        const auto* bad :
        {"", "null", "{}", R"({"state":"undead","epoch":"0123456789abcdef"})",
         R"({"state":"death","epoch":"1"})", R"({"state":"birth","epoch":"0123456789abcdef"})",
         R"({"state":"death","epoch":"0123456789abcdef","run":"7"})",
         R"({"state":"birth","epoch":"0123456789abcdef","at":"2026-06-12T04:00:00Z","clock":"sun"})",
         R"({"state":"birth","epoch":"0123456789abcdef","at":"2026-06-12T04:00:00Z","boot":"7"})",
         R"({"state":"birth","epoch":"0123456789abcdef","at":"2026-06-12T04:00:00Z","datasets":{"a":"b"}})",
         R"({"state":"birth","epoch":"0123456789abcdef","at":"2026-06-12T04:00:00Z","streams":7})",
         R"({"state":"birth","epoch":"0123456789abcdef","at":"2026-06-12T04:00:00Z","streams":{"ledger":{"first":"1"}}})"})
        EXPECT_FALSE(parse_state(bad)) << bad;
}

}  // namespace
}  // namespace aisle::wire
