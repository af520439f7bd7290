// Databases that are damaged, gone, empty or old at a start: the store serves, and HQ is told.
#include <gtest/gtest.h>

#include "sim_store.hpp"

namespace aisle::store {
namespace {

constexpr int kMinutes = 3000;

// A shop's database: minutes of which the first 1000 are acknowledged, sales, and state.
void fill(Store& store) {
    for (int n = 1; n <= kMinutes; n += 200) {
        Batch batch = minutes_of(n, 200);
        batch.records.push_back(sale_record("s" + std::to_string(n), 1, "d"));
        batch.state.push_back({"room", "last", std::to_string(n)});
        ASSERT_TRUE(store.append(batch, kit::kNoon));
    }
    ASSERT_TRUE(store.acknowledged(Stream::Footfall, 1001, "0123456789abcdef"));
}

std::string epoch_after_filling(kit::SimDisk& disk) {
    auto store = open_on(disk);
    fill(*store);
    return *store->epoch();
}

std::int64_t rows_covered(Reads& store, Stream stream) {
    std::int64_t expected = 1;
    for (const OutboxRow& row : *store.read(OutboxRead{.stream = stream, .rows_max = 1'000'000})) {
        EXPECT_EQ(row.from, expected);
        expected = row.seq + 1;
    }
    return expected - 1;
}

TEST(AtAStart, ADatabaseThatVanishedIsNotTakenForANewOne) {
    kit::SimDisk disk;
    const std::string epoch = epoch_after_filling(disk);
    disk.erase(kSimDatabase);
    const auto store = open_on(disk);
    EXPECT_EQ(store->opening().why, "vanished");
    EXPECT_FALSE(store->is_new());
    EXPECT_TRUE(store->opening().epoch_began);
    EXPECT_NE(*store->epoch(), epoch);
    EXPECT_EQ(store->opening().lost.at(2), kMinutes - 1000);
    const auto rows = rows_of(*store, Stream::Footfall);
    ASSERT_EQ(rows.size(), 1u);
    EXPECT_EQ(rows[0].record.body, R"({"reason":"vanished","n":2000})");
    EXPECT_EQ(rows[0].was, (std::vector<Origin>{{epoch, kMinutes}}));
}

TEST(AtAStart, AnEmptyFileInTheDatabasesPlaceIsNotTakenForANewOne) {
    kit::SimDisk disk;
    (void)epoch_after_filling(disk);
    disk.put(kSimDatabase, "");
    EXPECT_EQ(open_on(disk)->opening().why, "empty");
}

TEST(AtAStart, ANewDirectoryIsNew) {
    kit::SimDisk disk;
    const auto store = open_on(disk);
    EXPECT_TRUE(store->is_new());
    EXPECT_EQ(store->opening().why, "new");
    EXPECT_TRUE(rows_of(*store, Stream::Ledger).empty());
}

TEST(AtAStart, TheLedgerTellsHeadquartersWhatHappened) {
    kit::SimDisk disk;
    (void)epoch_after_filling(disk);
    disk.erase(kSimDatabase);
    const auto store = open_on(disk);
    const auto told = rows_of(*store, Stream::Ledger).back();
    EXPECT_EQ(told.record.kind, "audit");
    EXPECT_EQ(told.record.body, to_json(store->opening()));
    EXPECT_NE(told.record.body.find(R"("what":"store_salvaged","why":"vanished")"),
              std::string::npos);
}

TEST(AtAStart, AnEventIsToldOnceAndTheNextStartIsAsLeft) {
    kit::SimDisk disk;
    (void)epoch_after_filling(disk);
    disk.erase(kSimDatabase);
    const std::string epoch = *open_on(disk)->epoch();
    const auto store = open_on(disk);
    EXPECT_EQ(store->opening().why, "as_left");
    EXPECT_FALSE(store->opening().epoch_began);
    EXPECT_EQ(*store->epoch(), epoch);
    EXPECT_EQ(records_of(*store, "audit").size(), 1u);
}

TEST(AtAStart, ALostManifestIsWrittenAgain) {
    kit::SimDisk disk;
    const std::string epoch = epoch_after_filling(disk);
    disk.erase(kSimDir + "/manifest");
    EXPECT_EQ(*open_on(disk)->epoch(), epoch);
    EXPECT_TRUE(disk.exists(kSimDir + "/manifest"));
}

TEST(AtAStart, ADamagedManifestProvesNothing) {
    kit::SimDisk disk;
    const std::string epoch = epoch_after_filling(disk);
    disk.damage(kSimDir + "/manifest", 60, "9");
    const auto store = open_on(disk);
    EXPECT_EQ(store->opening().why, "as_left");
    EXPECT_EQ(*store->epoch(), epoch);
}

TEST(AtAStart, AnOlderImageBeginsANewEpochAndNamesWhatIsMissing) {
    kit::SimDisk disk;
    const std::string epoch = epoch_after_filling(disk);
    const std::string image = disk.bytes_of(kSimDatabase);
    {
        auto store = open_on(disk);
        for (int n = 0; n < 10; ++n) ASSERT_TRUE(store->append(minutes_of(5000, 200), kit::kNoon));
    }
    disk.put(kSimDatabase, image);
    const auto store = open_on(disk);
    EXPECT_EQ(store->opening().why, "older");
    EXPECT_EQ(store->opening().lost.at(2), 2000);
    EXPECT_EQ(rows_covered(*store, Stream::Footfall), 4000);
    const auto rows =
        *store->read(OutboxRead{.stream = Stream::Footfall, .from_seq = 2000, .rows_max = 10});
    EXPECT_EQ(rows[0].was, (std::vector<Origin>{{epoch, 3000}}));
    EXPECT_EQ(rows[1].record.body, R"({"reason":"vanished","n":2000})");
    EXPECT_EQ(rows[1].was, (std::vector<Origin>{{epoch, 5000}}));
}

TEST(AtAStart, AnImageFromAnotherLifeBeginsANewEpoch) {
    kit::SimDisk disk, other;
    (void)epoch_after_filling(disk);
    (void)epoch_after_filling(other);
    disk.put(kSimDatabase, other.bytes_of(kSimDatabase));
    EXPECT_EQ(open_on(disk)->opening().why, "foreign_epoch");
}

TEST(AtAStart, AnotherShopsDatabaseIsRefused) {
    kit::SimDisk disk;
    open_on(disk, {.store = StoreId{"s-0001"}}).reset();
    const auto refused = Store::open(kSimDir, on(disk, {.store = StoreId{"s-0002"}}), kit::kNoon);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().fault, Fault::Denied);
}

// Overwrites a stretch of the database and expects all outside of it to survive.
struct Damage {
    const char* name;
    std::int64_t at;  // negative: from the end
    std::size_t bytes;
};

class DamagedDatabase : public testing::TestWithParam<Damage> {};

TEST_P(DamagedDatabase, IsSetAsideAndSalvagedAndEverySeqIsAccountedFor) {
    kit::SimDisk disk;
    const std::string epoch = epoch_after_filling(disk);
    const auto size = static_cast<std::int64_t>(disk.bytes_of(kSimDatabase).size());
    const std::int64_t at = GetParam().at >= 0 ? GetParam().at : size + GetParam().at;
    disk.damage(kSimDatabase, at, std::string(GetParam().bytes, '\x5a'));
    const std::string damaged = disk.bytes_of(kSimDatabase);

    const auto store = open_on(disk);
    ASSERT_NE(store, nullptr);
    const Opening& opening = store->opening();
    EXPECT_EQ(opening.why, "damaged");
    EXPECT_TRUE(opening.salvaged);
    // All of it but a header that had to be made anew.
    EXPECT_EQ(disk.bytes_of(opening.set_aside).substr(100), damaged.substr(100));
    // 1000 were acknowledged; what is found without its place comes last, besides its gap.
    EXPECT_GE(rows_covered(*store, Stream::Footfall), kMinutes - 1000);
    EXPECT_GE(rows_covered(*store, Stream::Ledger), kMinutes / 200 + 1);
    EXPECT_TRUE(store->append(minutes_of(9000, 10), kit::kNoon));
}

INSTANTIATE_TEST_SUITE_P(Places, DamagedDatabase,
                         testing::Values(Damage{"header", 0, 60}, Damage{"application_id", 68, 4},
                                         Damage{"schema", 100, 400}, Damage{"page2", 4096, 4096},
                                         Damage{"middle", 100 * 1024, 4096},
                                         Damage{"stretch", 60 * 1024, 64 * 1024},
                                         Damage{"tail", -4096, 4096}),
                         [](const auto& each) { return std::string{each.param.name}; });

TEST(Salvage, KeepsAllThatADamagedPageOfTheJournalDoesNotHold) {
    kit::SimDisk disk;
    const std::string epoch = epoch_after_filling(disk);
    // The page that holds the minute 2500, whose body stands there in full.
    const std::string body = record_of(Stream::Footfall, "footfall_minute", 2500).body;
    const auto place = disk.bytes_of(kSimDatabase).find(body);
    ASSERT_NE(place, std::string::npos);
    const auto page = static_cast<std::int64_t>(place) / kPageBytes * kPageBytes;
    disk.damage(kSimDatabase, page, std::string(kPageBytes, '\0'));

    const auto store = open_on(disk);
    const auto lost = store->opening().lost.at(2);
    EXPECT_GT(lost, 0);
    EXPECT_LT(lost, 100);
    EXPECT_EQ(static_cast<std::int64_t>(records_of(*store, "footfall_minute").size()),
              kMinutes - lost);
    EXPECT_EQ(records_of(*store, "sale").size(), static_cast<std::size_t>(kMinutes / 200));
    EXPECT_EQ(store->read_state("room")->at(0).bytes, "2801");
    EXPECT_EQ(store->find(std::vector<RecordKey>{{"sale", "s1", "d"}})->at(0).known, Known::Same);
    std::int64_t gaps = 0;
    for (const auto& row :
         *store->read(OutboxRead{.stream = Stream::Footfall, .rows_max = 100'000})) {
        if (row.record.kind == "gap") {
            gaps += row.seq - row.from + 1;
            EXPECT_EQ(row.record.body,
                      R"({"reason":"salvage","n":)" + std::to_string(row.seq - row.from + 1) + "}");
        } else {
            EXPECT_EQ(row.was, (std::vector<Origin>{{epoch, row.seq + 1000}}));
        }
    }
    EXPECT_EQ(gaps, lost);
}

TEST(Salvage, HappensAtTheNextStartAfterASuspicion) {
    kit::SimDisk disk;
    {
        auto store = open_on(disk);
        fill(*store);
        store->suspect("a reader met damage");
    }
    EXPECT_NE(disk.bytes_of(kSimDir + "/manifest").find("a reader met damage"), std::string::npos);
    const auto store = open_on(disk);
    EXPECT_EQ(store->opening().why, "as_left");  // every page was looked at, and is good
    EXPECT_EQ(disk.bytes_of(kSimDir + "/manifest").find("a reader met damage"), std::string::npos);
}

TEST(Salvage, KeepsABoundedNumberOfDamagedDatabases) {
    kit::SimDisk disk;
    (void)epoch_after_filling(disk);
    for (int n = 0; n < 6; ++n) {
        disk.damage(kSimDatabase, 0, std::string(100, 'x'));
        const WallTime now = kit::kNoon + seconds{n};
        EXPECT_EQ(open_on(disk, {}, now)->opening().why, "damaged");
    }
    int kept = 0;
    for (const std::string& path : disk.paths()) {
        kept += path.find("aisle.db.bad-") != std::string::npos && !path.ends_with("-wal") &&
                !path.ends_with("-shm");
    }
    EXPECT_EQ(kept, 3);
}

// The power goes at each call of a start that salvages; the next start must end where one without
// a cut does.
TEST(Salvage, IsTakenUpWhereAPowerCutEndedIt) {
    kit::SimDisk prepared;
    (void)epoch_after_filling(prepared);
    prepared.damage(kSimDatabase, 60 * 1024, std::string(8192, 'x'));
    const auto image = prepared.image();
    std::int64_t saved = 0;
    for (std::int64_t cut = 0;; cut = cut == 0 ? 1 : cut + 3) {
        kit::SimDisk disk;
        disk.load(image);
        disk.cut_after(cut);
        const bool opened = Store::open(kSimDir, on(disk), kit::kNoon).has_value();
        disk.cut_after(0);
        if (disk.is_off()) disk.restart({.seed = static_cast<std::uint64_t>(cut)});
        const auto store = open_on(disk);
        ASSERT_NE(store, nullptr);
        if (saved == 0) saved = std::ssize(records_of(*store, "footfall_minute"));
        EXPECT_EQ(std::ssize(records_of(*store, "footfall_minute")), saved) << cut;
        EXPECT_EQ(records_of(*store, "audit").size(), 1u) << cut;
        if (opened && cut > 0) break;
    }
}

// The power goes at each call of a first start: the next one must never see a vanished database.
TEST(AFirstStart, ThatIsCutOffIsNeverTakenForAVanishedDatabase) {
    for (std::int64_t cut = 1;; ++cut) {
        kit::SimDisk disk;
        disk.cut_after(cut);
        const bool opened = Store::open(kSimDir, on(disk), kit::kNoon).has_value();
        if (!disk.is_off() && opened) break;
        disk.restart({.seed = static_cast<std::uint64_t>(cut)});
        const auto store = open_on(disk);
        ASSERT_NE(store, nullptr);
        EXPECT_TRUE(store->opening().why == "new" || store->opening().why == "as_left")
            << cut << " " << store->opening().why;
    }
}

}  // namespace
}  // namespace aisle::store
