#include "downlink_world.hpp"

#include "agent/records/ledger_records.hpp"

// Commands in a whole shop, each to its end.
namespace aisle::app {
namespace {

TEST(Commands, AreAnsweredInTheLedger) {
    DownWorld world;
    world.command(wire::FlushArgs{});
    EXPECT_EQ(world.flushed, 1);
    EXPECT_EQ(world.result().id, "c-1");
    EXPECT_EQ(world.result().status, "done");
    world.command(wire::DiagnoseArgs{});
    EXPECT_EQ(world.result().detail, R"({"rows":7})");
}

TEST(Commands, AreDoneOnceHoweverOftenTheyCome) {
    DownWorld world;
    for (int i = 0; i < 3; ++i) {
        world.commands = 0;
        world.command(wire::FlushArgs{});
        world.pass(seconds{120});
    }
    EXPECT_EQ(world.flushed, 1);
    EXPECT_EQ(world.shop.journal("command_result").size(), 3U);
    EXPECT_EQ(world.result().answer, 3);
}

TEST(Commands, WithdrawAConsentAtOnce) {
    DownWorld world{{campaign("c", kOnSeen)}};
    const MemberKey ada = world.shop.member("M1");
    world.shop.agree(ada, kConsentMarketing);
    ASSERT_EQ(world.shop.check_in("M1").offers.size(), 1U);
    world.command(wire::WithdrawArgs{.member = ada,
                                     .purpose = std::string{kConsentMarketing},
                                     .version = "v2",
                                     .at = world.shop.clock.now().wall});
    EXPECT_FALSE(world.shop.engines->customers.consents(ada, kConsentMarketing));
    EXPECT_TRUE(world.shop.engines->offers->live().empty());
    const auto told = records::consent_from_json(world.shop.journal("consent").back());
    EXPECT_FALSE(told->granted);
    EXPECT_EQ(told->by, "hq");
}

TEST(Commands, EraseEveryTraceOfAMember) {
    const Folder folder;
    const std::string key = [&] {
        DownWorld world{{campaign("c", kOnSeen)}, &folder};
        const MemberKey ada = world.shop.member("M1");
        world.shop.tell("members.jsonl", {MemberRow{.member = "M1", .tier = "gold"}});
        world.shop.agree(ada, kConsentMarketing);
        EXPECT_EQ(world.shop.check_in("M1").offers.size(), 1U);
        EXPECT_TRUE(world.shop.sell(draft(50'00, 1, "M1")));
        world.command(wire::EraseArgs{{ada}});
        EXPECT_EQ(world.result().status, "done");
        const auto erasure = records::erasure_from_json(world.shop.journal("erasure").back());
        EXPECT_EQ(erasure->members, name_digests(std::vector{ada})) << "not the name itself";
        EXPECT_GT(erasure->journal_rows, 0);
        EXPECT_FALSE(world.shop.engines->customers.card(ada, world.shop.clock.now()).known);
        EXPECT_TRUE(world.shop.engines->offers->live().empty());
        return ada.value;
    }();
    // Whatever the engines write later must not bring it back.
    DownWorld world{{campaign("c", kOnSeen)}, &folder, kit::at(seconds{300})};
    EXPECT_FALSE(world.shop.engines->customers.card(MemberKey{key}, kit::at(seconds{300})).known);
    for (const std::string kind : {"sale", "offer", "consent", "member", "outcome", "audit"})
        for (const std::string& body : world.shop.journal(kind))
            EXPECT_EQ(body.find(key), std::string::npos) << kind << " " << body;
}

TEST(Commands, RotateTheKeysOfHq) {
    DownWorld world;
    world.command(wire::KeyAddArgs{hq_key(2, "hq-2").public_key()});
    EXPECT_EQ(world.result().status, "done");
    world.command(wire::KeyRevokeArgs{"hq-1"}, hq_key(2, "hq-2"));
    EXPECT_EQ(world.result().status, "done");
    world.command(wire::FlushArgs{});
    EXPECT_EQ(world.flushed, 0);
    world.command(wire::FlushArgs{}, hq_key(2, "hq-2"));
    EXPECT_EQ(world.flushed, 1);
}

TEST(Commands, RevokedKeysStayRevokedThoughTheirFileIsThere) {
    const Folder folder;
    {
        DownWorld world{{}, &folder};
        world.command(wire::KeyAddArgs{hq_key(2, "hq-2").public_key()});
        world.command(wire::KeyRevokeArgs{"hq-1"});
    }
    DownWorld world{{}, &folder, kit::at(seconds{100})};
    world.commands = 10;
    world.command(wire::FlushArgs{});
    EXPECT_EQ(world.flushed, 0);
    world.command(wire::FlushArgs{}, hq_key(2, "hq-2"));
    EXPECT_EQ(world.flushed, 1);
}

TEST(Commands, DoNotRevokeTheLastKey) {
    DownWorld world;
    world.command(wire::KeyRevokeArgs{"hq-1"});
    EXPECT_EQ(world.result().status, "refused");
    world.command(wire::FlushArgs{});
    EXPECT_EQ(world.flushed, 1);
}

TEST(Commands, RollBackOnlyWhatRuns) {
    DownWorld world;
    world.command(wire::BundleRollbackArgs{.version = 4, .reason = ""});
    EXPECT_EQ(world.result().status, "refused");
}

}  // namespace
}  // namespace aisle::app
