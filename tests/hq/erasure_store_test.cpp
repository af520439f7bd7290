#include "erasure_store.hpp"

#include <algorithm>

#include "hq_world.hpp"

namespace aisle::hq {
namespace {

struct Shelf {
    Shelf()
        : store{std::move(*open_event_store("sqlite:" + folder.file("hq.db"),
                                            {.limits = {.time_max = minutes{10}}}))} {
        fill_for_erasure(*store, clock);
    }
    [[nodiscard]] std::vector<std::string> bodies(Stream stream = Stream::Ledger) const {
        std::vector<std::string> all;
        for (const auto& row : events_of(folder.file("hq.db"), stream)) all.push_back(row.body);
        return all;
    }

    TempFolder folder;
    runtime::ManualClock clock;
    std::unique_ptr<EventStore> store;
};

TEST(ErasureInSqlite, TakesTheBodiesOfOneMemberInOneShopAwayInEveryEpochAndStream) {
    Shelf shelf;
    EXPECT_EQ(erase_all(*shelf.store, "s-0001"), 5);
    const auto bodies = shelf.bodies();
    EXPECT_EQ(std::ranges::count(bodies, naming(kOtherMember)), 6);
    EXPECT_EQ(std::ranges::count(bodies, kErasedBody), 3);
    EXPECT_EQ(std::ranges::count(bodies, naming("")), 1);             // the sale
    EXPECT_EQ(std::ranges::count(bodies, naming(kErasedMember)), 1);  // another shop's
    EXPECT_EQ(shelf.bodies(Stream::Offers), std::vector{std::string{kErasedBody}});
}

TEST(ErasureInSqlite, FindsNothingTheSecondTime) {
    Shelf shelf;
    erase_all(*shelf.store, "s-0001");
    EXPECT_EQ(erase_all(*shelf.store, "s-0001"), 0);
    EXPECT_EQ(erase_all(*shelf.store, "s-0009"), 0);
}

TEST(ErasureInSqlite, LeavesTheProofThatNothingIsMissing) {
    Shelf shelf;
    erase_all(*shelf.store, "s-0001");
    const auto proof = shelf.store->completeness(EventStore::Proof::Recounted, "s-0001");
    ASSERT_TRUE(proof);
    for (const auto& stream : *proof) EXPECT_EQ(stream.missing, 0);
    EXPECT_EQ(shelf.store->apply(std::vector{inbound(10, 10)}, shelf.clock)->rows, 1);
}

}  // namespace
}  // namespace aisle::hq
