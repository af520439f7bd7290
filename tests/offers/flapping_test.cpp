#include "made.hpp"
#include "shop.hpp"

// Beacons flap: a tag seems to leave and come back every few seconds, and is one visit all the
// same.
namespace aisle::offers {
namespace {

using kit::at;

std::string enters(const std::string& zone, const std::string& more = "") {
    return R"({"type": "zone_enter", "zone": ")" + zone + "\"" + more + "}";
}

struct Flap {
    int in_s = 0;
    int out_s = 0;
    int times = 0;
};

// Offers made while tag 14 comes and goes, with a tick each second.
int offers_during(Shop& shop, const Flap& flap, const std::string& zone = "Z1", int from = 0) {
    int offers = 0;
    int second = from;
    const auto pass = [&](int seconds_long) {
        for (int i = 0; i < seconds_long; ++i) offers += made(shop.tick(at(seconds{second++})));
    };
    const auto tell = [&](bool open) {
        const Stamp now = at(seconds{second});
        offers += made(shop.commit(shop.engine->visit(visit_of("14", zone, now, open), now)));
    };
    for (int i = 0; i < flap.times; ++i) {
        tell(true);
        pass(flap.in_s);
        tell(false);
        pass(flap.out_s);
    }
    return offers;
}

const std::string kShort = R"("delivery": {"ttl_s": 1})";

TEST(Entering, PromptsAtOnce) {
    Shop shop{{campaign("c", enters("Z1"), kTenPercent)}};
    const Effects effects = shop.commit(shop.engine->visit(visit_of("14", "Z1", at()), at()));
    ASSERT_EQ(effects.offers.size(), 1U);
    EXPECT_EQ(effects.offers.front().eyes, "trolley 14");
    EXPECT_EQ(effects.offers.front().trigger, TriggerKind::ZoneEnter);
}

TEST(Entering, AnotherZoneIsNoneOfItsBusiness) {
    Shop shop{{campaign("c", enters("Z1"), kTenPercent)}};
    const Effects effects = shop.commit(shop.engine->visit(visit_of("14", "Z2", at()), at()));
    EXPECT_TRUE(effects.offers.empty());
    EXPECT_TRUE(effects.state.empty());
}

TEST(Entering, IsToldOnceOverAKill) {
    Shop shop{{campaign("c", enters("Z1", R"(, "rearm_s": 0)"), kTenPercent, kShort)}};
    shop.commit(shop.engine->visit(visit_of("14", "Z1", at()), at()));
    shop.engine = shop.restored();
    EXPECT_TRUE(
        shop.commit(shop.engine->visit(visit_of("14", "Z1", at()), at(seconds{2}))).offers.empty());
}

TEST(Flapping, EveryFewSecondsBringsExactlyOneOfferOnEntering) {
    Shop shop{{campaign("c", enters("Z1", R"(, "rearm_s": 0)"), kTenPercent, kShort)}};
    EXPECT_EQ(offers_during(shop, {.in_s = 4, .out_s = 3, .times = 200}), 1);
}

TEST(Flapping, EveryFewSecondsBringsExactlyOneOfferOnDwelling) {
    Shop shop{{campaign("c", dwell("Z1", 30), kTenPercent, kShort)}};
    EXPECT_EQ(offers_during(shop, {.in_s = 5, .out_s = 3, .times = 200}), 1);
}

TEST(Flapping, BetweenTwoZonesBringsOneOfferForEach) {
    Shop shop{{campaign("a", enters("Z1", R"(, "rearm_s": 0)"), kTenPercent, kShort),
               campaign("b", enters("Z2", R"(, "rearm_s": 0)"), kTenPercent, kShort)}};
    int offers = 0;
    for (int i = 0; i < 50; ++i) {
        offers += offers_during(shop, {.in_s = 4, .times = 1}, "Z1", 8 * i);
        offers += offers_during(shop, {.in_s = 4, .times = 1}, "Z2", 8 * i + 4);
    }
    EXPECT_EQ(offers, 2);
}

// AltBeacon's issue 27: exit and entry every few minutes.
TEST(Flapping, EveryFewMinutesIsHeldByTheRearming) {
    Shop shop{{campaign("c", enters("Z1"), kTenPercent, kShort)}};
    EXPECT_EQ(offers_during(shop, {.in_s = 60, .out_s = 120, .times = 9}), 1);
}

TEST(Flapping, CountsOnlyTheTimeInTheZoneAsDwell) {
    Shop shop{{campaign("c", dwell("Z1", 30), kTenPercent)}};
    EXPECT_EQ(offers_during(shop, {.in_s = 5, .out_s = 20, .times = 5}), 0);
    EXPECT_EQ(offers_during(shop, {.in_s = 6, .times = 1}, "Z1", 125), 1);
}

TEST(Flapping, EndsWhereTheTagIsAwayForLongerThanTheGap) {
    Shop shop{{campaign("c", dwell("Z1", 30), kTenPercent)}};
    EXPECT_EQ(offers_during(shop, {.in_s = 20, .out_s = 61, .times = 4}), 0);
}

TEST(Flapping, IsKnownAfterAKill) {
    Shop shop{{campaign("c", dwell("Z1", 30), kTenPercent)}};
    EXPECT_EQ(offers_during(shop, {.in_s = 20, .out_s = 5, .times = 1}), 0);
    shop.engine = shop.restored();
    EXPECT_EQ(offers_during(shop, {.in_s = 11, .times = 1}, "Z1", 25), 1);
}

TEST(Flapping, NeverPassesTheCapOfCards) {
    Shop shop{{campaign("c", enters("Z1", R"(, "rearm_s": 0)"), kTenPercent,
                        R"("delivery": {"max_cards": 3})")}};
    int offers = 0;
    for (int i = 0; i < 30; ++i) {
        const auto entered = shop.engine->visit(visit_of(std::to_string(i), "Z1", at()), at());
        offers += made(shop.commit(entered));
    }
    EXPECT_EQ(offers, 3);
}

}  // namespace
}  // namespace aisle::offers
