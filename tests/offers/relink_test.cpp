#include "sales.hpp"

// One person under two pseudonyms.
namespace aisle::offers {
namespace {

using kit::at;
const MemberKey kBea{"00000000000000000000000000000bea"};
constexpr std::chrono::hours kHour{1};

std::string once_a_day() {
    return campaign("c", kSeen, kTenOffHundred,
                    R"("limits": {"per_customer": [{"n": 1, "per": "P1D"}]},
                       "delivery": {"ttl_s": 600})");
}

TEST(Relink, GivesTheLiveOfferToTheNewName) {
    Shop shop{{once_a_day()}};
    shop.see(at());
    shop.commit(shop.engine->relink(kAda, kBea, at(minutes{1})));
    ASSERT_EQ(shop.engine->live().size(), 1U);
    EXPECT_EQ(shop.engine->live().front().member, kBea);
}

TEST(Relink, LetsLimitsLookBackThroughIt) {
    Shop shop{{once_a_day()}};
    shop.see(at());
    shop.commit(shop.engine->relink(kAda, kBea, at(minutes{1})));
    shop.tick(at(kHour));
    shop.around.add_member(kBea);
    const Effects again = shop.commit(shop.engine->member_seen(kBea, false, at(kHour)));
    EXPECT_EQ(reason_of(again), "customer_cap");
}

TEST(Relink, CountsWhatBothNamesWereOffered) {
    Shop shop{{campaign("c", kSeen, kTenOffHundred,
                        R"("limits": {"per_customer": [{"n": 2, "per": "P1D"}]},
                           "delivery": {"ttl_s": 10})")}};
    shop.around.add_member(kBea);
    shop.see(at());
    shop.tick(at(minutes{1}));
    shop.commit(shop.engine->member_seen(kBea, false, at(minutes{1})));
    shop.tick(at(kHour));
    shop.commit(shop.engine->relink(kAda, kBea, at(kHour)));
    const Effects third = shop.commit(shop.engine->member_seen(kBea, false, at(kHour)));
    EXPECT_EQ(reason_of(third), "customer_cap");
}

TEST(Relink, IsWhatARestoreGivesBack) {
    Shop shop{{once_a_day()}};
    shop.see(at());
    shop.commit(shop.engine->relink(kAda, kBea, at(minutes{1})));
    const auto again = shop.restored();
    EXPECT_EQ(again->rows().size(), shop.engine->rows().size());
    EXPECT_EQ(again->live().front().member, kBea);
}

TEST(Relink, OfSomebodyUnknownChangesNothing) {
    Shop shop{{once_a_day()}};
    shop.see(at());
    EXPECT_TRUE(shop.engine->relink(kBea, MemberKey{"x"}, at()).state.empty());
    EXPECT_TRUE(shop.engine->relink(kAda, kAda, at()).state.empty());
    EXPECT_EQ(shop.engine->live().front().member, kAda);
}

}  // namespace
}  // namespace aisle::offers
