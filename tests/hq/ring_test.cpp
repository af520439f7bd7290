#include "sync/hq/ring.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace aisle::hq {
namespace {

std::vector<std::string> stores(int n) {
    std::vector<std::string> all;
    for (int i = 1; i <= n; ++i) all.push_back("s-" + std::to_string(i));
    return all;
}

std::int64_t in_ring(const std::map<std::string, int>& rings, int ring) {
    return std::ranges::count_if(rings, [&](const auto& one) { return one.second == ring; });
}

TEST(Rings, AreOneCanaryATenthAndTheRest) {
    const auto rings = rings_of(7, stores(200), {});
    EXPECT_EQ(in_ring(rings, 0), 1);
    EXPECT_EQ(in_ring(rings, 1), 19);  // with the canary a tenth
    EXPECT_EQ(in_ring(rings, 2), 180);
}

TEST(Rings, AreTheSameWhateverTheOrderOfTheStores) {
    auto shuffled = stores(50);
    std::ranges::reverse(shuffled);
    EXPECT_EQ(rings_of(7, stores(50), {}), rings_of(7, shuffled, {}));
}

TEST(Rings, TryOutAnotherShopWithTheNextBundle) {
    EXPECT_NE(rings_of(7, stores(200), {}), rings_of(8, stores(200), {}));
}

TEST(Rings, HaveTheNamedCanariesFirst) {
    const auto rings = rings_of(7, stores(10), {.canaries = {"s-3", "s-9", "s-3"}});
    EXPECT_EQ(rings.at("s-3"), 0);
    EXPECT_EQ(rings.at("s-9"), 0);
    EXPECT_EQ(in_ring(rings, 0), 2);
}

TEST(Rings, LeaveOutACanaryThatIsNoTarget) {
    const auto rings = rings_of(7, stores(10), {.canaries = {"s-99"}});
    EXPECT_FALSE(rings.contains("s-99"));
    EXPECT_EQ(in_ring(rings, 0), 0);
}

TEST(Rings, RoundAnEarlyShareUp) {
    EXPECT_EQ(in_ring(rings_of(7, stores(11), {}), 1), 1);  // 2 of 11, one of them the canary
}

TEST(Rings, OfOneStoreAreTheCanaryAlone) {
    const auto rings = rings_of(7, stores(1), {});
    EXPECT_EQ(rings, (std::map<std::string, int>{{"s-1", 0}}));
}

TEST(Rings, OfNoStoreAreEmpty) { EXPECT_TRUE(rings_of(7, {}, {}).empty()); }

TEST(Rings, CountAStoreThatIsNamedTwiceOnce) {
    const std::vector<std::string> twice{"s-1", "s-2", "s-1"};
    EXPECT_EQ(rings_of(7, twice, {}).size(), 2U);
}

}  // namespace
}  // namespace aisle::hq
