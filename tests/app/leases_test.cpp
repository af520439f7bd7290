#include <random>

#include "downlink_world.hpp"

// Money that belongs to the whole chain: what a shop spends never passes what it was leased.
namespace aisle::app {
namespace {

using Words = std::vector<std::string>;

// 10.00 off from 100.00 on, out of 5,000.00 that all shops share.
const std::string kLeased =
    R"("experiment": {"holdout": 0}, "limits": {"budget_fen": 500000, "store_lease": "auto"})";

std::vector<std::string> leased() { return {campaign("c", kOnBasket, kLeased)}; }

Words whats(DownWorld& world) {
    Words words;
    for (const auto& move : world.lease_moves())
        words.push_back(move.what + " " + std::to_string(move.amount.minor()));
    return words;
}

Sale paid(const std::string& key, const BasketDecision& decision, std::int64_t seq) {
    Sale sale = draft(190'00, seq);
    sale.vendor_id = key;
    for (const PricedOffer& offer : decision.offers)
        sale.discounts.push_back(
            {.line = 0, .offer = offer.offer.value, .kind = "offer", .amount = offer.amount});
    return sale;
}

TEST(Leases, WithoutOneNothingIsOffered) {
    DownWorld world{leased()};
    EXPECT_TRUE(world.shop.decide("b1", 200'00).offers.empty());
    const auto withheld = world.shop.journal("withheld");
    ASSERT_FALSE(withheld.empty());
    EXPECT_NE(withheld.back().find("no_lease"), std::string::npos);
}

TEST(Leases, AreAskedForAndSpent) {
    DownWorld world{leased()};
    world.pass(seconds{2});
    EXPECT_EQ(whats(world), Words{"lease_request 20000"});
    world.lease("c", 25'00);
    EXPECT_EQ(world.result().status, "done");
    EXPECT_EQ(world.shop.decide("b1", 200'00).saved, Money::minor(10'00));
    EXPECT_EQ(world.shop.decide("b2", 200'00).saved, Money::minor(10'00));
    EXPECT_TRUE(world.shop.decide("b3", 200'00).offers.empty());  // 5.00 are left
    EXPECT_EQ(world.lease_of("c").reserved, Money::minor(20'00));
}

TEST(Leases, AreToppedUpWhenTheyRunLow) {
    DownWorld world{leased()};
    world.pass(seconds{2});
    world.lease("c", 200'00);
    world.pass(std::chrono::minutes{11});
    EXPECT_EQ(whats(world), (Words{"lease_request 20000", "lease_granted 20000"}));
    for (int i = 0; i < 11; ++i) world.shop.decide("b" + std::to_string(i), 200'00);
    world.pass(seconds{2});
    EXPECT_EQ(whats(world).back(), "lease_request 11000");
    world.pass(std::chrono::minutes{5});
    EXPECT_EQ(std::ranges::count(whats(world), "lease_request 11000"), 1);
}

TEST(Leases, AreTakenOnceWhoeverBringsThem) {
    DownWorld world{leased()};
    const wire::LeaseGrant grant{.lease = "l-1",
                                 .campaign = CampaignId{"c"},
                                 .amount = Money::minor(50'00),
                                 .until = kit::kNoon + std::chrono::hours{5}};
    world.command(grant);
    world.command(grant);
    EXPECT_EQ(world.lease_of("c").granted, Money::minor(50'00));
    EXPECT_EQ(world.result().detail, "held already");
}

TEST(Leases, OfAnotherEpochAreRefused) {
    DownWorld world{leased()};
    world.command(wire::LeaseGrant{.lease = "l-1",
                                   .campaign = CampaignId{"c"},
                                   .amount = Money::minor(50'00),
                                   .until = kit::kNoon + std::chrono::hours{5},
                                   .epoch = "00000000000000bb"});
    EXPECT_EQ(world.result().status, "refused");
    EXPECT_EQ(world.lease_of("c").granted, Money{});
}

TEST(Leases, GiveBackTheirRestWhenTheyAreOver) {
    DownWorld world{leased()};
    world.lease("c", 50'00, std::chrono::hours{1});
    const BasketDecision kept = world.shop.decide("b1", 200'00);
    ASSERT_EQ(kept.offers.size(), 1U);
    world.shop.clock.advance(std::chrono::minutes{59});
    world.shop.decide("b1", 200'00);  // its reservation lives on
    world.pass(seconds{70});
    EXPECT_EQ(world.lease_of("c").returned, Money::minor(40'00));
    EXPECT_TRUE(world.shop.decide("b2", 200'00).offers.empty());
    // What was promised before is still honoured; what was not used follows.
    EXPECT_EQ(world.lease_of("c").reserved, Money::minor(10'00));
    world.pass(std::chrono::minutes{16});
    EXPECT_EQ(world.lease_of("c").returned, Money::minor(50'00));
}

TEST(Leases, AreGivenBackWhenTheyAreRecalled) {
    DownWorld world{leased()};
    world.lease("c", 50'00);
    world.shop.decide("b1", 200'00);
    world.command(wire::LeaseRecall{.campaign = CampaignId{"c"}, .reason = "elsewhere"});
    EXPECT_EQ(whats(world).back(), "lease_returned 4000");
    EXPECT_TRUE(world.shop.decide("b2", 200'00).offers.empty());
}

TEST(Leases, AWrongClockEndsNone) {
    DownWorld world{leased()};
    world.lease("c", 50'00, std::chrono::hours{1});
    Stamp wrong = kit::at(std::chrono::hours{24 * 30});
    wrong.quality = ClockQuality::None;
    world.shop.clock.set(wrong);
    world.pass(seconds{2});
    EXPECT_EQ(world.lease_of("c").returned, Money{});
}

TEST(Leases, ANewEpochBeginsWithoutThem) {
    DownWorld world{leased()};
    world.lease("c", 50'00);
    ASSERT_EQ(world.shop.decide("b1", 200'00).offers.size(), 1U);
    world.down->epoch("00000000000000bb");
    world.shop.settle();
    EXPECT_EQ(world.lease_of("c").left, Money{});
    EXPECT_EQ(world.lease_of("c").reserved, Money{});
    EXPECT_TRUE(world.shop.decide("b2", 200'00).offers.empty());
}

TEST(Leases, AreForgottenByAnAgentThatComesUpInAnotherEpoch) {
    const Folder folder;
    {
        DownWorld world{leased(), &folder};
        world.lease("c", 50'00);
    }
    DownWorld world{leased(), &folder, kit::at(seconds{60}), "00000000000000bb"};
    EXPECT_TRUE(world.shop.decide("b1", 200'00).offers.empty());
}

// Three shops without a way to HQ, tills that take what they get, and power that goes: together
// they never spend more than HQ has granted and they have not given back.
TEST(Leases, GreedyTillsOfThreeShopsNeverPassWhatWasGranted) {
    std::mt19937 random{20261122};
    Money granted;
    Money spent;
    for (int shop = 0; shop < 3; ++shop) {
        const Folder folder;
        const std::int64_t lease_fen = 100'00 + 1'00 * static_cast<std::int64_t>(random() % 97);
        granted += Money::minor(lease_fen);
        std::int64_t seq = 1;
        for (int life = 0; life < 3; ++life) {
            DownWorld world{leased(), &folder, kit::at(seconds{life * 1'000})};
            world.commands = 100 * life;
            if (life == 0) world.lease("c", lease_fen);
            for (int i = 0; i < 12; ++i) {
                const std::string key = std::to_string(life) + "-" + std::to_string(i);
                const BasketDecision decision = world.shop.decide(key, 200'00);
                if (random() % 3 != 0) (void)world.shop.sell(paid(key, decision, seq++));
                if (random() % 4 == 0) (void)world.shop.decide(key, 200'00, {}, true);
                const offers::LeaseStatus now = world.lease_of("c");
                ASSERT_LE(now.spent + now.reserved, now.granted - now.returned);
            }
            if (life == 2) spent += world.lease_of("c").spent;
        }
    }
    EXPECT_GT(spent, Money{});
    EXPECT_LE(spent, granted);
}

}  // namespace
}  // namespace aisle::app
