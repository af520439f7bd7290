// Whom the store forgot is found nowhere on the disk.
#include <gtest/gtest.h>

#include <random>

#include "sim_store.hpp"

namespace aisle::store {
namespace {

const std::string kMember = "4f1d0c77aa20be9310f4f1d0c77aa20b";
const std::string kOther = "99910c77aa20be9310f4f1d0c77aa999";

Record about(const std::string& member, const std::string& id, std::size_t pad = 0) {
    Record record = sale_record(id, 1, "d" + id);
    record.body = "{\"sale\":\"" + id + "\",\"member\":\"" + member + "\",\"pad\":\"" +
                  std::string(pad, 'p') + "\"}";
    return record;
}

void erase_all(Store& store, const ErasureOrder& order) {
    std::int64_t after = 0;
    for (int steps = 0; steps < 1000; ++steps) {
        const auto work = store.erase(order, after);
        ASSERT_TRUE(work) << work.error().detail;
        if (!work->more) return;
        after = work->next_id;
    }
    FAIL() << "it does not end";
}

bool is_on(const kit::SimDisk& disk, const std::string& text) {
    for (const auto& [path, bytes] : disk.image()) {
        if (bytes.find(text) != std::string::npos) return true;
    }
    return false;
}

TEST(Erase, EmptiesTheBodyAndKeepsTheIdentitySoThatNothingComesBack) {
    kit::SimDisk disk;
    auto store = open_on(disk);
    ASSERT_TRUE(store->append(batch_of({about(kMember, "a1"), about(kOther, "a2")}), kit::kNoon));
    erase_all(*store, {.member = kMember});
    const auto sales = records_of(*store, "sale");
    ASSERT_EQ(sales.size(), 2u);
    EXPECT_EQ(sales[0].body, R"({"erased":true})");
    EXPECT_EQ(sales[1].body, about(kOther, "a2").body);
    EXPECT_EQ(store->find(std::vector<RecordKey>{{"sale", "a1", "da1"}})->at(0).known, Known::Same);
}

TEST(Erase, MakesGapsOfWhatWaitsAndOfWhatWasSent) {
    kit::SimDisk disk;
    auto store = open_on(disk);
    ASSERT_TRUE(store->append(batch_of({about(kMember, "a1"), about(kOther, "a2"),
                                        about(kMember, "a3"), about(kMember, "a4")}),
                              kit::kNoon));
    ASSERT_TRUE(store->freeze(Stream::Ledger, 2));
    erase_all(*store, {.member = kMember});
    const auto rows = rows_of(*store, Stream::Ledger);
    ASSERT_EQ(rows.size(), 3u);
    EXPECT_EQ(rows[0].record.body, R"({"reason":"erased","n":1,"kinds":{"sale":1}})");
    EXPECT_EQ(rows[1].record.body, about(kOther, "a2").body);
    EXPECT_EQ(rows[2].record.body, R"({"reason":"erased","n":2,"kinds":{"sale":2}})");
}

TEST(Erase, DeletesRowsThatAreNamedAfterThePerson) {
    kit::SimDisk disk;
    auto store = open_on(disk);
    Record member = about(kOther, kMember);
    member.stream = Stream::Local, member.kind = "member";
    ASSERT_TRUE(store->append(batch_of({member, about(kOther, "a2")}), kit::kNoon));
    erase_all(*store, {.member = kMember});
    EXPECT_TRUE(records_of(*store, "member").empty());
    EXPECT_EQ(store->find(std::vector<RecordKey>{{"member", kMember, "x"}})->at(0).known,
              Known::Absent);
}

// A raw member code cannot be looked for by its pseudonym.
TEST(Erase, EmptiesWhatWasPutAsideAndKeepsThatItWas) {
    kit::SimDisk disk;
    auto store = open_on(disk);
    Batch batch;
    batch.quarantine.push_back({.source = "till",
                                .reason = "malformed",
                                .detail = "line 3",
                                .payload = "sale of RAW-CODE-0815"});
    ASSERT_TRUE(store->append(batch, kit::kNoon));
    erase_all(*store, {.member = kMember});
    EXPECT_FALSE(is_on(disk, "RAW-CODE-0815"));
    const auto rows = store->quarantined({});
    ASSERT_EQ(rows->size(), 1u);
    EXPECT_EQ(rows->at(0).item.detail, "line 3");
    EXPECT_EQ(rows->at(0).payload_bytes, 0);
}

TEST(Erase, ForgetsWhatEnginesRemember) {
    kit::SimDisk disk;
    auto store = open_on(disk);
    Batch batch;
    batch.state = {{"customers", kMember, "{}"},
                   {"offers", "o1", "{\"m\":\"" + kMember + "\"}"},
                   {"offers", "o2", "{\"m\":\"" + kOther + "\"}"}};
    ASSERT_TRUE(store->append(batch, kit::kNoon));
    erase_all(*store, {.member = kMember});
    EXPECT_TRUE(store->read_state("customers")->empty());
    ASSERT_EQ(store->read_state("offers")->size(), 1u);
    EXPECT_EQ(store->read_state("offers")->at(0).key, "o2");
}

TEST(Erase, FindsSingleRecordsByTheirIdentity) {
    kit::SimDisk disk;
    auto store = open_on(disk);
    ASSERT_TRUE(store->append(batch_of({about(kOther, "a1"), about(kOther, "a2")}), kit::kNoon));
    erase_all(*store, {.event_ids = {"a2"}});
    EXPECT_EQ(records_of(*store, "sale").at(0).body, about(kOther, "a1").body);
    EXPECT_EQ(records_of(*store, "sale").at(1).body, R"({"erased":true})");
}

TEST(Erase, LeavesATombstoneThatNamesNobody) {
    kit::SimDisk disk;
    {
        auto store = open_on(disk);
        erase_all(*store, {.member = kMember});
    }
    auto store = open_on(disk);
    EXPECT_TRUE(*store->was_erased(kMember));
    EXPECT_FALSE(*store->was_erased(kOther));
    EXPECT_FALSE(is_on(disk, kMember));
}

TEST(Erase, TakesSetAsideDatabasesWithIt) {
    kit::SimDisk disk;
    ASSERT_TRUE(open_on(disk)->append(batch_of({about(kMember, "a1")}), kit::kNoon));
    disk.damage(kSimDatabase, 0, std::string(100, 'x'));
    auto store = open_on(disk);
    ASSERT_TRUE(is_on(disk, kMember));
    erase_all(*store, {.member = kMember});
    EXPECT_FALSE(is_on(disk, kMember));
}

class ErasedLives : public testing::TestWithParam<unsigned> {};

// Random batches, acknowledgements, gaps and restarts; then one person is forgotten.
TEST_P(ErasedLives, LeaveNothingOfThePersonInAnyFile) {
    std::mt19937 random{GetParam()};
    const auto below = [&](unsigned n) { return static_cast<int>(random() % n); };
    kit::SimDisk disk{GetParam()};
    auto store = open_on(disk, {.checkpoint_pages = 20});
    int id = 0;
    for (int step = 0; step < 60; ++step) {
        Batch batch;
        for (int n = below(20); n >= 0; --n) {
            const auto pad = static_cast<std::size_t>(below(8) == 0 ? below(9000) : below(300));
            batch.records.push_back(
                about(below(4) == 0 ? kMember : kOther, "id" + std::to_string(++id), pad));
        }
        batch.state = {{"room", std::to_string(below(10)), below(2) == 0 ? kMember : kOther}};
        ASSERT_TRUE(store->append(batch, kit::kNoon));
        const auto depth = depth_of(*store, Stream::Ledger);
        if (below(3) == 0) {
            const auto next = depth.first + below(20) % (depth.next - depth.first + 1);
            ASSERT_TRUE(store->acknowledged(Stream::Ledger, next));
        }
        if (below(5) == 0) {
            (void)store->replace_by_gap(Stream::Ledger, depth.next - 1, depth.next - 1,
                                        "too_large");
        }
        if (below(10) == 0) {
            ASSERT_TRUE(store->new_epoch(""));
        }
        if (below(10) == 0) store.reset(), store = open_on(disk, {.checkpoint_pages = 20});
    }
    ASSERT_TRUE(is_on(disk, kMember));
    erase_all(*store, {.member = kMember, .rows_max = 100});
    EXPECT_FALSE(is_on(disk, kMember));
    EXPECT_TRUE(is_on(disk, kOther));
    std::int64_t expected = depth_of(*store, Stream::Ledger).first;
    for (const auto& row : *store->read(OutboxRead{.rows_max = 100'000, .bytes_max = 1u << 30U})) {
        ASSERT_EQ(row.from, expected);
        expected = row.seq + 1;
    }
    EXPECT_EQ(expected, depth_of(*store, Stream::Ledger).next);
}

INSTANTIATE_TEST_SUITE_P(Seeds, ErasedLives, testing::Range(1u, 9u));

}  // namespace
}  // namespace aisle::store
