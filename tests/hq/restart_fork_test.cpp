#include <gtest/gtest.h>

#include <algorithm>

#include "hq_world.hpp"

// Forks that show only after the agent has been away: on what was acknowledged before.
namespace aisle::hq {
namespace {

// A copy of the outbox as it would lie on another card: same numbers, same mark, other past.
struct Clone {
    explicit Clone(World& world, std::string past_check, std::int64_t acked)
        : outbox{[&world](std::function<void()> task) { world.loop.post(std::move(task)); }} {
        for (std::int64_t n = 0; n < acked; ++n) outbox.add(Stream::Ledger, R"({"other":true})");
        outbox.acknowledged(
            Stream::Ledger, acked + 1, [](const Status&) {}, std::move(past_check));
        outbox.add(Stream::Ledger, R"({"new":true})");
        link = world.broker.client();
        agent = uplink::make_uplink({outbox, *link, world.loop, *world.metrics}, world.settings);
        agent->start();
        for (int i = 0; i < 300; ++i) world.step();
    }
    kit::ModelOutbox outbox;
    std::unique_ptr<Transport> link;
    std::unique_ptr<uplink::Uplink> agent;
};

struct Settled : World {
    Settled() {
        start_hq();
        start_agent();
        add(Stream::Ledger, 10);
        settled = settle();
        kill_agent();
    }
    bool settled = false;
};

TEST(ForkAfterARestart, IsFoundByTheFirstBatchAndEndsTheEpoch) {
    Settled world;
    ASSERT_TRUE(world.settled);
    // Ten other records were acknowledged to this card, by an HQ that was set back since.
    const Clone clone{world, "ffffffffffffffff", 10};
    EXPECT_EQ(clone.outbox.rows(Stream::Ledger), 0U);
    EXPECT_NE(clone.outbox.epoch(), world.settings.epoch);
    EXPECT_EQ(world.counted("aisle_hq_forks_total"), 1);
    auto bodies = world.bodies_at_hq(Stream::Ledger);
    EXPECT_EQ(std::erase(bodies, R"({"new":true})"), 1U);
    EXPECT_EQ(bodies, world.added[Stream::Ledger]);
}

// What the check is kept for: without it the same batch goes in unnoticed.
TEST(ForkAfterARestart, IsNotFoundWhereTheOutboxKeptNoCheck) {
    Settled world;
    ASSERT_TRUE(world.settled);
    const Clone clone{world, "", 10};
    EXPECT_FALSE(clone.agent->status().streams[0].stopped);
    EXPECT_EQ(world.bodies_at_hq(Stream::Ledger).size(), 11U);
}

TEST(ForkAfterARestart, IsNotSeenWhereThereIsNone) {
    Settled world;
    ASSERT_TRUE(world.settled);
    world.start_agent();
    world.add(Stream::Ledger, 5);
    ASSERT_TRUE(world.settle());
    EXPECT_EQ(world.counted("aisle_hq_forks_total"), 0);
    EXPECT_EQ(world.counted("aisle_hq_refused_total"), 0);
    EXPECT_EQ(world.bodies_at_hq(Stream::Ledger), world.added[Stream::Ledger]);
}

TEST(ForkAfterARestart, LeavesTheOtherStreamsAlone) {
    Settled world;
    ASSERT_TRUE(world.settled);
    Clone clone{world, "ffffffffffffffff", 10};
    clone.outbox.add(Stream::Offers, R"({"o":1})");
    clone.agent->wake(Stream::Offers, 1);
    for (int i = 0; i < 300; ++i) world.step();
    EXPECT_EQ(world.bodies_at_hq(Stream::Offers), std::vector<std::string>{R"({"o":1})"});
}

TEST(ForkAfterARestart, IsNotMadeByRestartingBothEndsAgainAndAgain) {
    World world;
    for (int round = 0; round < 12; ++round) {
        world.start_hq();
        world.start_agent();
        world.add(Stream::Ledger, 1 + round % 4);
        if (round % 3 != 0) {
            ASSERT_TRUE(world.settle());
        }
        world.kill_agent();
        world.kill_hq();
    }
    world.start_hq();
    world.start_agent();
    ASSERT_TRUE(world.settle());
    EXPECT_EQ(world.counted("aisle_hq_forks_total"), 0);
    EXPECT_EQ(world.bodies_at_hq(Stream::Ledger), world.added[Stream::Ledger]);
}

// HQ's database was lost and it starts from nothing: the mark goes back, and what was acknowledged
// is gone. The store declares it as a gap, and HQ raises an alarm.
TEST(AnHqThatLostItsDatabase, IsToldWhatItHasLost) {
    Settled world;
    ASSERT_TRUE(world.settled);
    world.kill_hq();
    for (const char* file : {"hq.db", "hq.db-wal", "hq.db-shm"})
        std::filesystem::remove(world.folder.file(file));
    EXPECT_FALSE(open_event_store("sqlite:" + world.folder.file("hq.db")));
    std::filesystem::remove(world.folder.file("hq.db.id"));
    world.start_hq();
    world.start_agent();
    world.add(Stream::Ledger, 2);
    ASSERT_TRUE(world.settle());
    const auto rows = events_of(world.folder.file("hq.db"), Stream::Ledger);
    ASSERT_EQ(rows.size(), 3U);
    EXPECT_EQ(rows[0].kind, "gap");
    EXPECT_EQ(rows[0].from, 1);
    EXPECT_EQ(rows[0].seq, 10);
    const auto& alarms = world.hq->presence().at("s-0001").alarms;
    EXPECT_TRUE(std::ranges::count(alarms, "acked_before", &NotedAlarm::kind) == 1);
}

}  // namespace
}  // namespace aisle::hq
