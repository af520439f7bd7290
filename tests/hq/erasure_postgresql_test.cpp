#include <gtest/gtest.h>

#include "erasure_store.hpp"
#include "postgresql_kit.hpp"

namespace aisle::hq {
namespace {

TEST(ErasureInPostgresql, TakesTheBodiesOfOneMemberInOneShopAwayInEveryEpochAndStream) {
    NEEDS_POSTGRES();
    ChainShelf shelf;
    fill_for_erasure(*shelf.store, shelf.clock);
    EXPECT_EQ(erase_all(*shelf.store, "s-0001"), 5);
    const auto count = [&](const std::string& body) {
        return shelf.text("SELECT count(*) FROM events WHERE body = '" + body + "'::jsonb");
    };
    EXPECT_EQ(count(naming(kOtherMember)), "6");
    EXPECT_EQ(count(std::string{kErasedBody}), "4");
    EXPECT_EQ(count(naming("")), "1");
    EXPECT_EQ(count(naming(kErasedMember)), "1");
    EXPECT_EQ(erase_all(*shelf.store, "s-0001"), 0);
}

TEST(ErasureInPostgresql, FindsNamesByTheirDigests) {
    NEEDS_POSTGRES();
    ChainShelf shelf;
    fill_for_erasure(*shelf.store, shelf.clock);
    std::int64_t erased = 0;
    EraseOrder order{.store = "s-0001", .digests = {name_digest(kErasedMember)}};
    for (;;) {
        const auto slice = shelf.store->erase(order);
        ASSERT_TRUE(slice) << slice.error().detail;
        erased += slice->erased;
        if (!slice->next) break;
        order.after = *slice->next;
    }
    EXPECT_EQ(erased, 5);
}

}  // namespace
}  // namespace aisle::hq
