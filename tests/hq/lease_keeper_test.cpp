#include "sync/hq/lease_keeper.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <vector>

#include "agent/runtime/inline_executor.hpp"

namespace aisle::hq {
namespace {

// Answers what it is told to.
class ScriptedTable final : public LeaseTable {
public:
    Result<HeldLeases> renew() override {
        ++asked;
        return answer;
    }
    Status release() override {
        released = true;
        return {};
    }
    Result<HeldLeases> answer{HeldLeases{.partitions = {{1, 1}, {2, 1}}}};
    int asked = 0;
    bool released = false;
};

struct Keeping {
    Keeping() { keeper.start(); }
    runtime::ManualClock clock;
    runtime::InlineExecutor loop{clock};
    std::unique_ptr<runtime::Metrics> metrics = runtime::make_metrics();
    ScriptedTable table;
    std::vector<HeldLeases> told;
    bool busy = false;
    LeaseKeeper keeper{{table, loop, *metrics,
                        [this](runtime::Task task) {
                            if (busy) return false;
                            loop.post(std::move(task));
                            return true;
                        },
                        [this](const HeldLeases& held) { told.push_back(held); }},
                       {.owner = "me"}};
};

TEST(LeaseKeeper, TellsWhatItGotAndNothingWhileThatStays) {
    Keeping keeping;
    keeping.loop.advance(seconds{30});
    ASSERT_EQ(keeping.told.size(), 1U);
    EXPECT_EQ(keeping.told[0].partitions.size(), 2U);
    EXPECT_GE(keeping.table.asked, 10);
    EXPECT_EQ(keeping.metrics->gauge("aisle_hq_partitions", "").value(), 2);
}

TEST(LeaseKeeper, TellsOfEachChange) {
    Keeping keeping;
    keeping.loop.advance(seconds{5});
    keeping.table.answer = HeldLeases{.partitions = {{2, 1}}};
    keeping.loop.advance(seconds{5});
    ASSERT_EQ(keeping.told.size(), 2U);
    EXPECT_EQ(keeping.told[1].partitions.size(), 1U);
}

TEST(LeaseKeeper, ServesNothingMoreWhenTheDatabaseIsSilentForALeasesLife) {
    Keeping keeping;
    keeping.loop.advance(seconds{5});
    keeping.table.answer = unavailable("gone");
    keeping.loop.advance(seconds{6});
    EXPECT_EQ(keeping.told.size(), 1U);
    keeping.loop.advance(seconds{9});
    ASSERT_EQ(keeping.told.size(), 2U);
    EXPECT_TRUE(keeping.told[1].partitions.empty());
    keeping.table.answer = HeldLeases{.partitions = {{2, 5}}};
    keeping.loop.advance(seconds{4});
    EXPECT_EQ(keeping.told.back().partitions.at(2), 5);
}

TEST(LeaseKeeper, CountsAStorageThreadThatHasNoRoomAsAFailure) {
    Keeping keeping;
    keeping.loop.advance(seconds{1});
    keeping.busy = true;
    keeping.loop.advance(seconds{20});
    EXPECT_TRUE(keeping.keeper.held().partitions.empty());
    EXPECT_GE(keeping.metrics->counter("aisle_hq_lease_failures_total", "").value(), 3);
}

TEST(LeaseKeeper, GivesBackWhatItHeldWhenItStops) {
    Keeping keeping;
    keeping.loop.advance(seconds{1});
    bool stopped = false;
    keeping.keeper.stop([&] { stopped = true; });
    keeping.loop.run_ready();
    EXPECT_TRUE(keeping.table.released);
    EXPECT_TRUE(stopped);
    EXPECT_EQ(keeping.told.size(), 1U);
}

TEST(LeaseKeeper, StopsWithinASecondThoughTheDatabaseDoesNotAnswer) {
    Keeping keeping;
    keeping.loop.advance(seconds{1});
    keeping.busy = true;
    bool stopped = false;
    keeping.keeper.stop([&] { stopped = true; });
    keeping.loop.advance(seconds{1});
    EXPECT_TRUE(stopped);
}

}  // namespace
}  // namespace aisle::hq
