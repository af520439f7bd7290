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
         R"({"state":"birth","epoch":"0123456789abcdef","at":"2026-06-12T04:00:00Z","streams":7})",
         R"({"state":"birth","epoch":"0123456789abcdef","at":"2026-06-12T04:00:00Z","streams":{"ledger":{"first":"1"}}})"})
        EXPECT_FALSE(parse_state(bad)) << bad;
}

}  // namespace
}  // namespace aisle::wire
