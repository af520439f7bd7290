#include "sync/hq/lease.hpp"

#include <gtest/gtest.h>

#include "erasure_store.hpp"
#include "postgresql_kit.hpp"
#include "sync/wire/topics.hpp"

// Collectors on one database, round by round; what is over is made so in the database, whose clock
// is the only one that counts.
namespace aisle::hq {
namespace {

struct Member {
    Member(const std::string& url, const std::string& owner)
        : claim{std::make_shared<Claim>()},
          table{std::move(*open_lease_table(url, {.owner = owner}, claim))} {}
    HeldLeases renew() { return *table->renew(); }

    std::shared_ptr<Claim> claim;
    std::unique_ptr<LeaseTable> table;
};

struct Members {
    Members() : url{kit::Postgres::shared().fresh_database()} {}
    // As if `owner` had been silent for longer than a lease lives.
    void let_run_out(const std::string& owner) {
        kit::pg_text(url, "UPDATE leases SET ends_at = now() - interval '1 s' WHERE owner = '" +
                              owner + "'");
        kit::pg_text(url, "UPDATE collectors SET ends_at = now() - interval '1 s' WHERE owner = '" +
                              owner + "'");
    }
    std::string url;
};

TEST(Lease, OneAloneTakesEverything) {
    NEEDS_POSTGRES();
    const Members members;
    Member one{members.url, "one"};
    const auto held = one.renew();
    EXPECT_EQ(held.partitions.size(), wire::kPartitions);
    EXPECT_TRUE(held.rollout);
    EXPECT_EQ(one.renew(), held);
    EXPECT_EQ(one.claim->held, held);
}

TEST(Lease, ThreeShareFairlyAndNothingIsHeldTwice) {
    NEEDS_POSTGRES();
    const Members members;
    Member one{members.url, "one"};
    Member two{members.url, "two"};
    Member three{members.url, "three"};
    for (int round = 0; round < 3; ++round) {
        one.renew();
        two.renew();
        three.renew();
    }
    std::map<unsigned, int> holders;
    for (const Member* member : {&one, &two, &three}) {
        EXPECT_GE(member->claim->held.partitions.size(), 10U);
        EXPECT_LE(member->claim->held.partitions.size(), 11U);
        for (const auto& [partition, token] : member->claim->held.partitions) ++holders[partition];
    }
    EXPECT_EQ(holders.size(), wire::kPartitions);
    for (const auto& [partition, count] : holders) EXPECT_EQ(count, 1) << partition;
    EXPECT_EQ(one.claim->held.rollout + two.claim->held.rollout + three.claim->held.rollout, 1);
}

TEST(Lease, WhatADeadOneHeldIsTakenOverUnderANewToken) {
    NEEDS_POSTGRES();
    Members members;
    Member dead{members.url, "dead"};
    const auto before = dead.renew();
    Member heir{members.url, "heir"};
    EXPECT_TRUE(heir.renew().partitions.empty());  // still the other's
    members.let_run_out("dead");
    const auto after = heir.renew();
    EXPECT_EQ(after.partitions.size(), wire::kPartitions);
    EXPECT_TRUE(after.rollout);
    for (const auto& [partition, token] : after.partitions)
        EXPECT_EQ(token, before.partitions.at(partition) + 1);
}

TEST(Lease, WhoGoesInOrderLeavesNothingToWaitFor) {
    NEEDS_POSTGRES();
    const Members members;
    Member one{members.url, "one"};
    one.renew();
    ASSERT_TRUE(one.table->release());
    EXPECT_TRUE(one.claim->held.partitions.empty());
    Member two{members.url, "two"};
    EXPECT_EQ(two.renew().partitions.size(), wire::kPartitions);
}

TEST(Lease, ALateOneKeepsWhatNobodyHasTaken) {
    NEEDS_POSTGRES();
    Members members;
    Member one{members.url, "one"};
    const auto held = one.renew();
    members.let_run_out("one");
    EXPECT_EQ(one.renew(), held);
}

TEST(Lease, ACommitOfACollectorThatHasLostItsLeaseFails) {
    NEEDS_POSTGRES();
    ChainShelf shelf;
    Member old{shelf.url, "old"};
    old.renew();
    shelf.open({.claim = old.claim});
    EXPECT_EQ(shelf.apply({inbound(1, 2)}).rows, 2);

    // Taken for dead, while it still believes in its leases.
    Members members;
    members.url = shelf.url;
    members.let_run_out("old");
    Member heir{shelf.url, "heir"};
    heir.renew();
    const auto refused = shelf.try_apply({inbound(3, 4)});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().fault, Fault::Unavailable);
    EXPECT_EQ(shelf.text("SELECT count(*) FROM events"), "2");

    shelf.open({.claim = heir.claim});
    EXPECT_EQ(shelf.apply({inbound(3, 4)}).answers.at(0).ack.next, 5);
}

TEST(Lease, ATurnOfTheRolloutByWhoHasLostItsLeaseFails) {
    NEEDS_POSTGRES();
    ChainShelf shelf;
    Member old{shelf.url, "old"};
    old.renew();
    shelf.open({.claim = old.claim});
    const std::vector<StateChange> turn{{"presence", "s", "1"}, {"hq.rollout", "12", "ring 1"}};
    const std::vector<StateChange> next{{"presence", "s", "2"}, {"hq.rollout", "12", "ring 2"}};
    ASSERT_TRUE(shelf.store->write_state(turn));

    Members members;
    members.url = shelf.url;
    members.let_run_out("old");
    EXPECT_EQ(shelf.store->write_state(next).error().fault, Fault::Unavailable);
    Member heir{shelf.url, "heir"};
    heir.renew();
    EXPECT_EQ(shelf.store->write_state(next).error().fault, Fault::Unavailable);
    EXPECT_EQ(shelf.text("SELECT string_agg(convert_from(bytes, 'UTF8'), ' ' ORDER BY room) "
                         "FROM state"),
              "ring 1 1");
    // What is everybody's is not the rollout's, and the connection is as good as before.
    EXPECT_TRUE(shelf.store->write_state(std::vector<StateChange>{{"presence", "s", "3"}}));

    shelf.open({.claim = heir.claim});
    EXPECT_TRUE(shelf.store->write_state(next));
    EXPECT_EQ(shelf.store->read_state("hq.rollout")->at(0).bytes, "ring 2");
}

TEST(Lease, AnErasureByWhoHasLostTheRolloutTakesNothingAway) {
    NEEDS_POSTGRES();
    ChainShelf shelf;
    Member old{shelf.url, "old"};
    old.renew();
    shelf.open({.claim = old.claim});
    fill_for_erasure(*shelf.store, shelf.clock);
    const EraseOrder first{.store = "s-0001", .members = {kErasedMember}, .rows_max = 4};
    const auto begun = shelf.store->erase(first);
    ASSERT_TRUE(begun);
    EXPECT_EQ(begun->erased, 1);

    // It goes on with what it has begun while another one holds the rollout.
    Members members;
    members.url = shelf.url;
    members.let_run_out("old");
    Member heir{shelf.url, "heir"};
    heir.renew();
    auto next = first;
    next.after = *begun->next;
    EXPECT_EQ(shelf.store->erase(next).error().fault, Fault::Unavailable);
    EXPECT_EQ(shelf.text("SELECT count(*) FROM events WHERE body = '" + naming(kErasedMember) +
                         "'::jsonb AND store = 's-0001'"),
              "4");
    EXPECT_EQ(shelf.text("SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in%' AND "
                         "datname = current_database()"),
              "0");

    shelf.open({.claim = heir.claim});
    EXPECT_EQ(erase_all(*shelf.store, "s-0001"), 4);
}

// Its unwritten turns were made from what it knew before the other one's.
TEST(Lease, WhoHasLostTheRolloutIsWithoutItForARoundThoughItIsFree) {
    NEEDS_POSTGRES();
    Members members;
    Member old{members.url, "old"};
    EXPECT_TRUE(old.renew().rollout);
    members.let_run_out("old");
    Member other{members.url, "other"};
    EXPECT_TRUE(other.renew().rollout);
    ASSERT_TRUE(other.table->release());
    EXPECT_FALSE(old.renew().rollout);
    EXPECT_TRUE(old.renew().rollout);
}

TEST(Lease, WhatBelongsToAnotherIsPassedOverWithoutAnAnswer) {
    NEEDS_POSTGRES();
    ChainShelf shelf;
    Member one{shelf.url, "one"};
    Member two{shelf.url, "two"};
    for (int round = 0; round < 2; ++round) {
        one.renew();
        two.renew();
    }
    shelf.open({.claim = one.claim});
    std::vector<Inbound> all;
    for (int i = 0; i < 200; ++i) all.push_back(from_store("s-" + std::to_string(i), 1, 1));
    std::set<std::string> answered;
    while (!all.empty()) {
        const auto applied = shelf.apply(all);
        ASSERT_GT(applied.consumed, 0U);
        for (const auto& answer : applied.answers) {
            answered.insert(answer.store.value);
            EXPECT_TRUE(one.claim->held.partitions.contains(wire::partition_of(answer.store)));
        }
        all.erase(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(applied.consumed));
    }
    EXPECT_FALSE(answered.empty());
    EXPECT_LT(answered.size(), 200U);
    EXPECT_EQ(shelf.text("SELECT count(DISTINCT store) FROM events"),
              std::to_string(answered.size()));
}

}  // namespace
}  // namespace aisle::hq
