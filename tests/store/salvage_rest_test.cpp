// A damaged database that is too large to be read before service: the shop opens first.
#include <gtest/gtest.h>

#include "sim_store.hpp"

namespace aisle::store {
namespace {

constexpr int kMinutes = 40'000;
constexpr int kAcked = 1000;
const StoreSettings kAtOnceNothing{.salvaged_at_once_bytes = 0};

// Minutes of which the first are acknowledged, a sale to each 200, and state.
std::string fill(kit::SimDisk& disk) {
    auto store = open_on(disk);
    for (int n = 1; n <= kMinutes; n += 200) {
        Batch batch = minutes_of(n, 200);
        batch.records.push_back(sale_record("s" + std::to_string(n), 1, "d"));
        batch.state.push_back({"room", "last", std::to_string(n)});
        if (!store->append(batch, kit::kNoon)) ADD_FAILURE();
    }
    EXPECT_TRUE(store->acknowledged(Stream::Footfall, kAcked + 1, "0123456789abcdef"));
    return *store->epoch();
}

void break_header(kit::SimDisk& disk) {
    disk.damage(kSimDatabase, 68, "none");  // of another program, as far as it says
}

int finish(Store& store) {
    int slices = 0;
    for (bool more = true; more && slices < 1000; ++slices) {
        const auto work = store.salvage_more();
        if (!work) ADD_FAILURE() << work.error().detail;
        more = work && work->more;
    }
    EXPECT_LT(slices, 1000);
    return slices;
}

std::vector<OutboxRow> all_of(Reads& store, Stream stream) {
    return *store.read(OutboxRead{.stream = stream, .rows_max = 10'000'000});
}

// Each seq of the epoch's is there once, and no other.
void expect_dense(const std::vector<OutboxRow>& rows) {
    std::int64_t expected = 1;
    for (const OutboxRow& row : rows) {
        ASSERT_EQ(row.from, expected);
        expected = row.seq + 1;
    }
}

TEST(SalvageRest, OpensWithTheEnginesStateAndNothingOfTheJournal) {
    kit::SimDisk disk;
    fill(disk);
    break_header(disk);
    const auto store = open_on(disk, kAtOnceNothing);
    EXPECT_TRUE(store->opening().salvaging);
    EXPECT_EQ(store->read_state("room")->at(0).bytes, std::to_string(kMinutes - 199));
    EXPECT_TRUE(records_of(*store, "footfall_minute").empty());
    EXPECT_EQ(store->opening().lost, (std::array<std::int64_t, 4>{}));
}

TEST(SalvageRest, BringsEverythingBackBehindWhatCameSince) {
    kit::SimDisk disk;
    const std::string epoch = fill(disk);
    break_header(disk);
    const auto store = open_on(disk, kAtOnceNothing);
    ASSERT_TRUE(store->append(minutes_of(50'000, 3), kit::kNoon));
    EXPECT_GT(finish(*store), 4);

    const auto rows = all_of(*store, Stream::Footfall);
    expect_dense(rows);
    ASSERT_EQ(rows.size(), std::size_t{kMinutes - kAcked + 3});
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto seq = static_cast<std::int64_t>(i) - 3 + kAcked + 1;
        const std::vector<Origin> was =
            i < 3 ? std::vector<Origin>{} : std::vector<Origin>{{epoch, seq}};
        ASSERT_EQ(rows[i].was, was) << i;
        const auto n = i < 3 ? 50'000 + static_cast<int>(i) : static_cast<int>(seq);
        ASSERT_EQ(rows[i].record.body, record_of(Stream::Footfall, "x", n).body);
    }
    EXPECT_EQ(records_of(*store, "footfall_minute").size(), std::size_t{kMinutes + 3});
    EXPECT_EQ(store->find(std::vector<RecordKey>{{"sale", "s1", "d"}})->at(0).known, Known::Same);
    EXPECT_FALSE(store->opening().salvaging);
    EXPECT_EQ(store->opening().rows_left, 0);
}

TEST(SalvageRest, TellsHeadquartersWhenItIsOver) {
    kit::SimDisk disk;
    fill(disk);
    break_header(disk);
    const auto store = open_on(disk, kAtOnceNothing);
    finish(*store);
    const auto told = records_of(*store, "audit");
    ASSERT_EQ(told.size(), 2u);
    EXPECT_NE(told[1].body.find(R"("what":"store_salvage_ended")"), std::string::npos);
    EXPECT_TRUE(is_told_by_store(told[0].body));
    EXPECT_TRUE(is_told_by_store(told[1].body));
}

TEST(SalvageRest, TakesNoRecordTwiceThatCameInAgainMeanwhile) {
    kit::SimDisk disk;
    const std::string epoch = fill(disk);
    break_header(disk);
    const auto store = open_on(disk, kAtOnceNothing);
    ASSERT_TRUE(store->append(batch_of({sale_record("s201", 1, "d")}), kit::kNoon));
    finish(*store);
    EXPECT_EQ(records_of(*store, "sale").size(), std::size_t{kMinutes / 200});
    int repeated = 0;
    const auto rows = all_of(*store, Stream::Ledger);
    expect_dense(rows);
    for (const OutboxRow& row : rows) {
        if (row.record.kind != "gap") continue;
        ++repeated;
        EXPECT_EQ(row.record.body, R"({"reason":"repeated","n":1})");
        EXPECT_EQ(row.was, (std::vector<Origin>{{epoch, 2}}));
    }
    EXPECT_EQ(repeated, 1);
}

TEST(SalvageRest, GoesOnAfterARestart) {
    kit::SimDisk disk;
    fill(disk);
    break_header(disk);
    {
        const auto store = open_on(disk, kAtOnceNothing);
        for (int slice = 0; slice < 3; ++slice) ASSERT_TRUE(store->salvage_more()->more);
    }
    const auto store = open_on(disk);
    EXPECT_EQ(store->opening().why, "as_left");
    EXPECT_TRUE(store->opening().salvaging);
    finish(*store);
    const auto rows = all_of(*store, Stream::Footfall);
    expect_dense(rows);
    EXPECT_EQ(rows.size(), std::size_t{kMinutes - kAcked});
    EXPECT_EQ(records_of(*store, "footfall_minute").size(), std::size_t{kMinutes});
}

// What cannot be read of it becomes gaps; all else keeps its place.
TEST(SalvageRest, LeavesGapsWherePagesAreGone) {
    kit::SimDisk disk;
    const std::string epoch = fill(disk);
    const auto size = static_cast<std::int64_t>(disk.bytes_of(kSimDatabase).size());
    break_header(disk);
    for (const std::int64_t percent : {20, 50, 80})
        disk.damage(kSimDatabase, size * percent / 100 / kPageBytes * kPageBytes,
                    std::string(4 * kPageBytes, 'x'));
    const auto store = open_on(disk, kAtOnceNothing);
    finish(*store);
    const auto rows = all_of(*store, Stream::Footfall);
    expect_dense(rows);
    std::int64_t there = 0, gone = 0;
    for (const OutboxRow& row : rows) {
        (row.record.kind == "gap" ? gone : there) += row.seq - row.from + 1;
    }
    EXPECT_GT(gone, 0);
    EXPECT_LT(gone, 2000);
    EXPECT_GE(there + gone, kMinutes - kAcked);
    EXPECT_EQ(store->opening().lost.at(2), gone);
}

TEST(SalvageRest, ReadsADatabaseOfWhichTheEndIsCutOff) {
    kit::SimDisk disk;
    fill(disk);
    std::string half = disk.bytes_of(kSimDatabase);
    half.resize(half.size() / 2 / kPageBytes * kPageBytes);
    disk.put(kSimDatabase, half);
    const auto store = open_on(disk, kAtOnceNothing);
    EXPECT_EQ(store->opening().why, "damaged");
    finish(*store);
    EXPECT_GT(records_of(*store, "footfall_minute").size(), std::size_t{kMinutes / 4});
    expect_dense(all_of(*store, Stream::Footfall));
}

TEST(SalvageRest, ReadsADatabaseOfWhichTheHeaderIsGone) {
    kit::SimDisk disk;
    fill(disk);
    disk.damage(kSimDatabase, 0, std::string(100, '\0'));
    const auto store = open_on(disk, kAtOnceNothing);
    EXPECT_TRUE(store->opening().salvaging);
    finish(*store);
    EXPECT_EQ(records_of(*store, "footfall_minute").size(), std::size_t{kMinutes});
    EXPECT_EQ(all_of(*store, Stream::Footfall).size(), std::size_t{kMinutes - kAcked});
}

TEST(SalvageRest, GivesUpWhatNobodyCanReadAnyMore) {
    kit::SimDisk disk;
    const std::string epoch = fill(disk);
    break_header(disk);
    auto store = open_on(disk, kAtOnceNothing);
    const std::string file = store->opening().set_aside;
    store.reset();
    disk.erase(file);
    store = open_on(disk);
    finish(*store);
    const auto rows = all_of(*store, Stream::Footfall);
    ASSERT_EQ(rows.size(), 1u);
    EXPECT_EQ(rows[0].record.body, R"({"reason":"salvage","n":39000})");
    EXPECT_EQ(rows[0].was, (std::vector<Origin>{{epoch, kMinutes}}));
}

TEST(SalvageRest, AccountsForBothLivesWhenTheSecondIsDamagedToo) {
    kit::SimDisk disk;
    const std::string first = fill(disk);
    break_header(disk);
    std::string second;
    {
        const auto store = open_on(disk, kAtOnceNothing);
        second = *store->epoch();
        ASSERT_TRUE(store->append(minutes_of(50'000, 3), kit::kNoon));
    }
    break_header(disk);
    const auto store = open_on(disk, kAtOnceNothing, kit::kNoon + minutes{1});
    finish(*store);
    std::map<std::string, std::int64_t> told;
    for (const OutboxRow& row : all_of(*store, Stream::Footfall)) {
        for (const Origin& origin : row.was) told[origin.epoch] += row.seq - row.from + 1;
    }
    EXPECT_EQ(told[first], kMinutes - kAcked);
    EXPECT_EQ(told[second], 3);
}

TEST(SalvageRest, ComesBeforeAnErasure) {
    kit::SimDisk disk;
    fill(disk);
    break_header(disk);
    const auto store = open_on(disk, kAtOnceNothing);
    std::int64_t after = 0;
    for (int step = 0; step < 1000; ++step) {
        const auto work = store->erase({.member = "nobody", .event_ids = {"s401"}}, after);
        ASSERT_TRUE(work);
        if (!work->more) break;
        after = work->next_id;
    }
    EXPECT_FALSE(store->opening().salvaging);
    int erased = 0;
    for (const Record& sale : records_of(*store, "sale"))
        erased += sale.body == R"({"erased":true})";
    EXPECT_EQ(erased, 1);
}

// The power goes at each third call of a salvage in slices; the end must be the same.
TEST(SalvageRest, SurvivesAPowerCutAtAnyCall) {
    kit::SimDisk prepared;
    {
        auto store = open_on(prepared);
        for (int n = 0; n < 10; ++n)
            ASSERT_TRUE(store->append(minutes_of(n * 200, 200), kit::kNoon));
    }
    break_header(prepared);
    const auto image = prepared.image();
    for (std::int64_t cut = 1;; cut += 3) {
        kit::SimDisk disk;
        disk.load(image);
        disk.cut_after(cut);
        bool over = false;
        if (auto store = Store::open(kSimDir, on(disk, kAtOnceNothing), kit::kNoon)) {
            for (bool more = true; more;) {
                const auto work = (*store)->salvage_more();
                more = work && work->more;
                over = work.has_value();
            }
        }
        const bool cut_off = disk.is_off();
        disk.cut_after(0);
        if (cut_off) disk.restart({.seed = static_cast<std::uint64_t>(cut)});
        const auto store = open_on(disk, kAtOnceNothing);
        ASSERT_NE(store, nullptr);
        finish(*store);
        const auto rows = all_of(*store, Stream::Footfall);
        expect_dense(rows);
        ASSERT_EQ(rows.size(), 2000u) << cut;
        ASSERT_EQ(records_of(*store, "audit").size(), 2u) << cut;
        if (over && !cut_off) break;
    }
}

}  // namespace
}  // namespace aisle::store
