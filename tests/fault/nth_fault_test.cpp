#include <gtest/gtest.h>

#include "agent/sqlite/database.hpp"
#include "tests/fault/bundle_switch.hpp"
#include "tests/fault/chain.hpp"
#include "tests/fault/failing_memory.hpp"
#include "tests/fault/sweep.hpp"

namespace aisle::fault {
namespace {

using kit::DiskCall;
using kit::DiskFault;

struct What {
    const char* name;
    std::optional<DiskCall> call;
    DiskFault fault = DiskFault::IoError;
    bool for_ever = false;
};

class NthFault : public testing::TestWithParam<What> {
protected:
    NthFault() { EXPECT_TRUE(FailingMemory::install()); }

    // A start allocates some thousand times: samples, past the first of them. The complete sweep
    // is `fault_driver --sweeps`.
    static Sweep sampled(std::int64_t each_up_to = 60, std::int64_t stride = 7) {
        const What& what = GetParam();
        const bool memory = !what.call;
        return {.call = what.call,
                .fault = what.fault,
                .for_ever = what.for_ever,
                .each_up_to = memory ? 10 : each_up_to,
                .stride = memory ? 97 : stride};
    }
    // Every run ends with a store that is whole and has what it answered for.
    static void survive(const Scenario& scenario) { survive(sweep(scenario, sampled())); }
    static void survive(const SweepSums& sums) {
        EXPECT_EQ(sums.trouble, "");
        EXPECT_GE(sums.runs, 1);
        RecordProperty("runs", static_cast<int>(sums.runs));
        RecordProperty("refused", static_cast<int>(sums.refused));
    }
};

TEST_P(NthFault, OfTheVeryFirstStartLeavesAStoreThatStartsLater) { survive(of_schema(0)); }

TEST_P(NthFault, OfAStartLeavesWhatWasThere) { survive(lived_in(7, 25)); }

TEST_P(NthFault, OfAMigrationFromTheFirstSchemaLeavesTheOldOrTheNew) { survive(of_schema(1)); }

TEST_P(NthFault, OfAMigrationFromTheSecondSchemaLeavesTheOldOrTheNew) { survive(of_schema(2)); }

TEST_P(NthFault, OfADaysWorkLosesNothingThatWasAnswered) {
    Scenario scenario = lived_in(8, 10);
    scenario.steps = next_steps(scenario, 80, 14);
    scenario.opens = false;
    survive(scenario);
}

TEST_P(NthFault, OfTheShopsStoreInASyncLosesAndDoublesNothingAtHeadquarters) {
    survive(sweep_sync(unsent(9, 12), Side::Shop, sampled(20, 23)));
}

TEST_P(NthFault, OfHeadquartersStoreInASyncLosesAndDoublesNothing) {
    survive(sweep_sync(unsent(9, 12), Side::Headquarters, sampled(20, 23)));
}

// Acknowledged rows, several epochs, and an HQ that knows of none of it.
TEST_P(NthFault, OfTheShopsStoreInASyncWithAnEmptyHeadquartersLosesAndDoublesNothing) {
    survive(sweep_sync(lived_in_alone(9, 25), Side::Shop, sampled(20, 23)));
}

TEST_P(NthFault, OfAnEmptyHeadquartersInASyncWithALivedInStoreLosesAndDoublesNothing) {
    survive(sweep_sync(lived_in_alone(9, 25), Side::Headquarters, sampled(20, 23)));
}

TEST_P(NthFault, OfABundleSwitchLeavesOneWholeSlotActive) {
    survive(sweep_switch(sampled(30, 11)));
}

INSTANTIATE_TEST_SUITE_P(
    Calls, NthFault,
    testing::Values(What{"WriteOnce", DiskCall::Write},
                    What{"WriteEver", DiskCall::Write, {}, true},
                    What{"ShortWriteOnce", DiskCall::Write, DiskFault::ShortWrite},
                    What{"SyncOnce", DiskCall::Sync}, What{"SyncEver", DiskCall::Sync, {}, true},
                    What{"OpenOnce", DiskCall::Open}, What{"OpenEver", DiskCall::Open, {}, true},
                    What{"DeleteOnce", DiskCall::Delete},
                    What{"DeleteEver", DiskCall::Delete, {}, true},
                    What{"TruncateOnce", DiskCall::Truncate},
                    What{"ShmOnce", DiskCall::ShmGrow, DiskFault::NoSpace},
                    What{"RenameOnce", DiskCall::Rename}, What{"ReadOnce", DiskCall::Read},
                    What{"MallocOnce", std::nullopt}, What{"MallocEver", std::nullopt, {}, true}),
    [](const auto& param) { return std::string{param.param.name}; });

// Found by the whole sweep: a transaction that only read stayed open, as the word that ends it
// could not be parsed, and all that was written later would have gone with it.
TEST(NthFaultOfMemory, EndsATransactionThatWasOnlyRead) {
    ASSERT_TRUE(FailingMemory::install());
    kit::SimDisk disk;
    auto database = sqlite::Database::open("/shop.db", {.vfs = disk.vfs()});
    ASSERT_TRUE(database) << database.error().detail;
    {
        const auto transaction = sqlite::Transaction::begin_read(*database);
        ASSERT_TRUE(transaction);
        FailingMemory::fail(1, true);
    }
    (void)FailingMemory::heal();
    EXPECT_FALSE(database->in_transaction());
}

// Found by the whole sweep: the look at every page took an allocation that failed for damage, and
// a healthy database was set aside.
TEST(NthFaultOfMemory, NeverCondemnsAHealthyDatabase) {
    ASSERT_TRUE(FailingMemory::install());
    const SweepSums sums = sweep(lived_in(7, 25), {.each_up_to = 0, .stride = 23});
    EXPECT_EQ(sums.trouble, "");
    EXPECT_GT(sums.failures, 50);
}

// Every disk operation of the switch, not only its commits.
TEST(BundleSwitchUnderPowerCuts, LeavesOneWholeSlotActiveWhereverTheyHit) {
    const SweepSums sums = cut_switch(1);
    EXPECT_EQ(sums.trouble, "");
    EXPECT_GT(sums.failures, 40);
}

// The sweep reaches what it names.
TEST(NthFaultItself, MeetsManyFailuresAndStepsThatAreRefused) {
    Scenario scenario = lived_in(8, 10);
    scenario.steps = next_steps(scenario, 80, 14);
    scenario.opens = false;
    const SweepSums sums = sweep(scenario, {.call = DiskCall::Sync});
    EXPECT_GT(sums.runs, 10);
    EXPECT_GT(sums.refused, 5);
}

}  // namespace
}  // namespace aisle::fault
