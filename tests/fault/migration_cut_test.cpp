#include <gtest/gtest.h>

#include "agent/sqlite/database.hpp"
#include "agent/store/migrations.hpp"
#include "tests/fault/shop_folder.hpp"
#include "tests/fault/sweep.hpp"
#include "tests/kit/builders.hpp"

namespace aisle::fault {
namespace {

class MigrationCut : public testing::TestWithParam<std::size_t> {};

std::int64_t schema_on(kit::SimDisk& disk) {
    auto database = sqlite::Database::open(shop_folder() + "/aisle.db", {.vfs = disk.vfs()});
    EXPECT_TRUE(database->integrity_check());
    const auto found = store::schema_of(*database);
    EXPECT_TRUE(found) << found.error().detail;
    return found ? static_cast<std::int64_t>(*found) : -1;
}

// The power goes at the first, the second, ... call of a start from an older schema. Each time the
// file is of one whole schema, and the next start brings it up to date with its epoch.
TEST_P(MigrationCut, LeavesOneWholeSchemaAndTheNextStartGoesOn) {
    const Scenario scenario = of_schema(GetParam());
    std::int64_t cuts = 0;
    for (bool reached = true; reached; ++cuts) {
        kit::SimDisk disk;
        disk.load(scenario.before);
        disk.cut_after(cuts + 1);
        (void)store::Store::open(shop_folder(), sweep_settings(disk), kit::kNoon);
        reached = disk.is_off();
        disk.restart({.seed = static_cast<std::uint64_t>(cuts)});
        const std::int64_t schema = schema_on(disk);
        ASSERT_GE(schema, static_cast<std::int64_t>(GetParam())) << "cut " << cuts;
        ASSERT_LE(schema, static_cast<std::int64_t>(store::migrations().size()));
        auto again = store::Store::open(shop_folder(), sweep_settings(disk), kit::kNoon);
        ASSERT_TRUE(again) << again.error().detail;
        ASSERT_EQ(scenario.model.difference_from(**again), "") << "cut " << cuts;
        ASSERT_FALSE((*again)->opening().salvaged) << "cut " << cuts;
    }
    EXPECT_GT(cuts, 10);
}

INSTANTIATE_TEST_SUITE_P(FromSchema, MigrationCut, testing::Values(0, 1, 2, 3));

}  // namespace
}  // namespace aisle::fault
