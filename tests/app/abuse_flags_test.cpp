#include <boost/json.hpp>

#include "agent/app/trials.hpp"
#include "shop_world.hpp"

// What becomes of a flag once the engine has raised it.
namespace aisle::app {
namespace {

const MemberKey kCard{"00000000000000000000000000000ada"};

struct Flagged {
    ShopWorld world;
    Audit audit;
    Flagged() {
        offers::Effects effects;
        effects.flags.push_back({.kind = offers::AbuseKind::OwnCard,
                                 .till = TillId{"2"},
                                 .member = kCard,
                                 .count = 8,
                                 .detail = "one card on 8 receipts"});
        world.pipeline.submit_inner({.apply = [&](Turn& turn, std::span<const Found>) {
            add_flags(turn, effects, audit);
        }});
        world.settle();
    }
};

TEST(AbuseFlags, BecomeARecordWithTheCardsPseudonym) {
    Flagged shop;
    const auto rows = shop.world.journal("abuse_flag");
    ASSERT_EQ(rows.size(), 1U);
    const auto body = boost::json::parse(rows.front());
    EXPECT_EQ(body.at("abuse").as_string(), "own_card");
    EXPECT_EQ(body.at("till").as_string(), "2");
    EXPECT_EQ(body.at("member").as_string(), kCard.value.c_str());
}

TEST(AbuseFlags, GoIntoTheAuditWithoutThePerson) {
    Flagged shop;
    const auto rows = shop.world.journal("audit");
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_NE(rows.front().find("abuse.flag"), std::string::npos);
    EXPECT_NE(rows.front().find("one card on 8 receipts"), std::string::npos);
    EXPECT_EQ(rows.front().find(kCard.value), std::string::npos);
}

}  // namespace
}  // namespace aisle::app
