#include <gtest/gtest.h>

#include <fstream>

#include <sys/wait.h>
#include <unistd.h>

#include "agent/store/migrations.hpp"
#include "agent/store/store.hpp"
#include "store_kit.hpp"

namespace aisle::store {
namespace {

std::string bytes_of(const std::string& path) {
    std::ifstream file{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
}

sqlite::Database raw(const TempDir& dir) {
    return std::move(*sqlite::Database::open(dir.file("aisle.db")));
}

// Nothing of the file may change when it is refused.
void expect_refused(const TempDir& dir, Fault fault, const std::string& words) {
    const std::string before = bytes_of(dir.file("aisle.db"));
    const auto refused = Store::open(dir.path(), {}, kit::kNoon);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().fault, fault);
    EXPECT_NE(refused.error().detail.find(words), std::string::npos) << refused.error().detail;
    EXPECT_EQ(bytes_of(dir.file("aisle.db")), before);
}

TEST(StoreOpen, MakesADatabaseThatNamesItself) {
    TempDir dir;
    EXPECT_TRUE(open_store(dir)->is_new());
    auto database = raw(dir);
    EXPECT_EQ(*database.integer("PRAGMA application_id"), kApplicationId);
    EXPECT_EQ(*schema_of(database), migrations().size());
    EXPECT_EQ(*database.text("PRAGMA journal_mode"), "wal");
}

TEST(StoreOpen, GivesEachNewDatabaseItsOwnEpoch) {
    TempDir one, two;
    EXPECT_NE(*open_store(one)->epoch(), *open_store(two)->epoch());
}

TEST(StoreOpen, KeepsTheEpochOfADatabaseThatIsThere) {
    TempDir dir;
    const auto epoch = *open_store(dir)->epoch();
    EXPECT_EQ(*open_store(dir, {.epoch = "00000000000000ff"})->epoch(), epoch);
}

TEST(StoreOpen, TakesAnEmptyFileForANewDatabase) {
    TempDir dir;
    std::ofstream{dir.file("aisle.db")}.close();
    auto store = open_store(dir);
    EXPECT_TRUE(store->is_new());
    EXPECT_TRUE(store->append(minutes_of(1, 1), kit::kNoon));
}

TEST(StoreOpen, DoesNotReplayTheLogOfADatabaseThatVanished) {
    TempDir dir;
    auto store = open_store(dir);
    ASSERT_TRUE(store->append(minutes_of(1, 3), kit::kNoon));
    std::filesystem::copy_file(dir.file("aisle.db-wal"), dir.file("old-wal"));
    store.reset();
    std::ofstream{dir.file("aisle.db"), std::ios::trunc}.close();
    std::filesystem::rename(dir.file("old-wal"), dir.file("aisle.db-wal"));
    store = open_store(dir);
    EXPECT_EQ(store->opening().why, "empty");
    EXPECT_EQ(store->read(JournalQuery{.kind = "footfall_minute"})->size(), 0u);
}

TEST(StoreOpen, RefusesASecondAgentOnTheSameFolder) {
    TempDir dir;
    const auto store = open_store(dir);
    const auto second = Store::open(dir.path(), {}, kit::kNoon);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().fault, Fault::Unavailable);
    EXPECT_NE(second.error().detail.find(std::to_string(::getpid())), std::string::npos);
}

TEST(StoreOpen, FreesTheFolderWhenItCloses) {
    TempDir dir;
    open_store(dir).reset();
    EXPECT_NE(open_store(dir), nullptr);
}

TEST(StoreOpen, IsUnavailableWithoutItsFolder) {
    EXPECT_EQ(Store::open("/nowhere/at/all", {}, kit::kNoon).error().fault, Fault::Unavailable);
}

// The only file of that name in our own directory: whatever it is, it is kept and the shop serves.
void expect_set_aside(const TempDir& dir) {
    const std::string before = bytes_of(dir.file("aisle.db"));
    const auto store = open_store(dir);
    ASSERT_NE(store, nullptr);
    EXPECT_EQ(store->opening().why, "damaged");
    EXPECT_FALSE(store->is_new());
    EXPECT_EQ(bytes_of(store->opening().set_aside), before);
    EXPECT_TRUE(store->append(minutes_of(1, 1), kit::kNoon));
}

TEST(StoreOpen, SetsTheDatabaseOfAnotherProgramAside) {
    TempDir dir;
    ASSERT_TRUE(raw(dir).exec("PRAGMA application_id = 77; CREATE TABLE theirs(a)"));
    expect_set_aside(dir);
}

TEST(StoreOpen, SetsADatabaseAsideThatDoesNotNameItself) {
    TempDir dir;
    ASSERT_TRUE(raw(dir).exec("CREATE TABLE theirs(a)"));
    expect_set_aside(dir);
}

TEST(StoreOpen, SetsAsideWhatIsNoDatabase) {
    TempDir dir;
    std::ofstream{dir.file("aisle.db")} << std::string(8192, 'x');
    expect_set_aside(dir);
}

TEST(StoreOpen, RefusesTheDatabaseOfANewerVersion) {
    TempDir dir;
    open_store(dir).reset();
    ASSERT_TRUE(raw(dir).exec(
        "PRAGMA user_version = 999; UPDATE meta SET value = 999 WHERE key = 'schema'"));
    expect_refused(dir, Fault::Malformed, "newer version");
}

TEST(StoreOpen, RefusesTheDatabaseOfAnotherShop) {
    TempDir dir;
    open_store(dir, {.store = StoreId{"s-0001"}}).reset();
    const auto refused = Store::open(dir.path(), {.store = StoreId{"s-0002"}}, kit::kNoon);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().fault, Fault::Denied);
    EXPECT_NE(open_store(dir, {.store = StoreId{"s-0001"}}), nullptr);
}

TEST(StoreOpen, BringsADatabaseOfTheFirstSchemaUpToDate) {
    TempDir dir;
    {
        auto database = raw(dir);
        ASSERT_TRUE(migrate(database, 1));
        ASSERT_TRUE(database.exec(
            "INSERT INTO meta VALUES ('epoch', '00000000000000aa'), ('store', 's-0001'), "
            "('created', '5');"
            "INSERT INTO journal VALUES (1, 0, 'sale', 'a1', 1, 1, 2, 3, 2, 4, 'd1', '{}')"));
    }
    auto store = open_store(dir);
    EXPECT_FALSE(store->is_new());
    EXPECT_EQ(store->facts()->schema, static_cast<std::int64_t>(migrations().size()));
    EXPECT_EQ(*store->epoch(), "00000000000000aa");
    EXPECT_EQ(store->find(std::vector<RecordKey>{{"sale", "a1", "d1"}})->at(0).known, Known::Same);
    EXPECT_TRUE(store->append(minutes_of(1, 1), kit::kNoon));
}

TEST(StoreOpen, AReaderWaitsForTheWriterToBringAnOldDatabaseUpToDate) {
    TempDir dir;
    {
        auto database = raw(dir);
        ASSERT_TRUE(migrate(database, 1));
    }
    const auto refused = StoreReader::open(dir.path());
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().fault, Fault::Malformed);
}

TEST(Migrate, LeavesNothingOfAStepThatFails) {
    TempDir dir;
    auto database = raw(dir);
    ASSERT_TRUE(migrate(database, 1));
    // The last statement of the second step will meet a table of its own name.
    ASSERT_TRUE(database.exec("CREATE TABLE gaps(theirs)"));
    ASSERT_FALSE(migrate(database));
    EXPECT_EQ(*database.integer("PRAGMA user_version"), 1);
    EXPECT_EQ(
        *database.integer("SELECT count(*) FROM sqlite_master WHERE name IN ('streams', 'outbox')"),
        0);
    ASSERT_TRUE(database.exec("DROP TABLE gaps"));
    EXPECT_TRUE(migrate(database));
}

}  // namespace
}  // namespace aisle::store
