#include "erasure_store.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>

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

TEST(ErasureInSqlite, FindsNamesByTheirDigests) {
    Shelf shelf;
    EXPECT_EQ(erase_by_digest(*shelf.store, "s-0001"), 5);
    const auto bodies = shelf.bodies();
    EXPECT_EQ(std::ranges::count(bodies, naming(kOtherMember)), 6);
    EXPECT_EQ(std::ranges::count(bodies, kErasedBody), 3);
}

// Freed bytes of a page and frames of the log are read by whoever has the files.
TEST(ErasureInSqlite, LeavesNoByteInTheFilesOnceTheyAreOverwritten) {
    Shelf shelf;
    const auto found = [&] {
        std::string all;
        for (const char* file : {"hq.db", "hq.db-wal"}) {
            std::ostringstream text;
            text << std::ifstream{shelf.folder.file(file), std::ios::binary}.rdbuf();
            all += text.str();
        }
        return all.find(kErasedMember) != std::string::npos;
    };
    erase_all(*shelf.store, "s-0001");
    erase_all(*shelf.store, "s-0002");
    EXPECT_TRUE(found()) << "else there is nothing to overwrite";
    {
        auto reader = *sqlite::Database::open(shelf.folder.file("hq.db"), {.read_only = true});
        const auto held = *sqlite::Transaction::begin_read(reader);
        (void)reader.integer("SELECT count(*) FROM event");
        EXPECT_FALSE(*shelf.store->overwrite()) << "a reader is in the way";
    }
    EXPECT_TRUE(*shelf.store->overwrite());
    EXPECT_FALSE(found());
}

TEST(ErasureInSqlite, EmptiesWhatOfThatShopCouldNotBeRead) {
    Shelf shelf;
    const auto payloads = [&] {
        auto reader = *sqlite::Database::open(shelf.folder.file("hq.db"), {.read_only = true});
        return *reader.integer("SELECT sum(length(payload)) FROM quarantine");
    };
    const std::vector<Inbound> torn{
        {.topic = wire::to_text({StoreId{"s-0001"}, wire::Channel::Up, Stream::Ledger}),
         .payload = "torn"}};
    ASSERT_TRUE(shelf.store->apply(torn, shelf.clock));
    ASSERT_EQ(payloads(), 4);
    erase_all(*shelf.store, "s-0002");
    EXPECT_EQ(payloads(), 4);
    erase_all(*shelf.store, "s-0001");
    EXPECT_EQ(payloads(), 0);
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
