#include "shop.hpp"

// How much a shop is disturbed at a time, and that one thing is told once.
namespace aisle::offers {
namespace {

using kit::at;
constexpr std::chrono::hours kHour{1};

struct BusyShop : Shop {
    BusyShop(const std::vector<std::string>& texts, LoadLimits limits) : Shop{texts} {
        Settings settings;
        settings.store = StoreId{"s-0001"};
        settings.codes.key = "a store's secret";
        settings.loads = limits;
        engine = std::move(*Engine::make(settings, around));
        engine->load(campaigns);
    }
    // What a trolley that has just come into the zone brings.
    std::string enters(const std::string& tag, const std::string& zone, const Stamp& now) {
        commit(engine->visit(visit_of(tag, zone, now), now));
        return reason_of(tick(now));
    }
};

const std::string kAisle = campaign("c", dwell("Z1", 0), kTenOffHundred);
const std::string kOther = campaign("d", dwell("Z2", 0), kTenOffHundred);

TEST(ZoneLoad, HoldsBackPromptsBeyondTheZonesLimit) {
    BusyShop shop{{kAisle, kOther}, {.zone_prompts = 2}};
    EXPECT_EQ(shop.enters("1", "Z1", at()), "offered");
    EXPECT_EQ(shop.enters("2", "Z1", at()), "offered");
    EXPECT_EQ(shop.enters("3", "Z1", at()), "zone_load");
    EXPECT_EQ(shop.enters("4", "Z2", at()), "offered");
}

TEST(ZoneLoad, IsFreeAgainWhenAnOfferHasEndedOrRunOut) {
    BusyShop shop{{kAisle}, {.zone_prompts = 1}};
    shop.enters("1", "Z1", at());
    const OfferId first = shop.engine->live().front().id;
    shop.act(first, OfferAction::Accept, "li", at());
    shop.act(first, OfferAction::Decline, "li", at());
    EXPECT_EQ(shop.enters("2", "Z1", at()), "offered");
    EXPECT_EQ(shop.enters("3", "Z1", at(seconds{899})), "zone_load");
    EXPECT_EQ(shop.enters("4", "Z1", at(seconds{900})), "offered");
}

TEST(ZoneLoad, OutlivesARestart) {
    BusyShop shop{{kAisle}, {.zone_prompts = 1}};
    shop.enters("1", "Z1", at());
    ASSERT_TRUE(shop.engine->restore(shop.committed()));
    EXPECT_EQ(shop.enters("2", "Z1", at()), "zone_load");
}

TEST(ZoneLoad, DoesNotCountGhosts) {
    BusyShop shop{
        {campaign("c", dwell("Z1", 0), kTenOffHundred, R"("experiment": {"holdout": 1})")},
        {.zone_prompts = 1}};
    shop.enters("1", "Z1", at());
    shop.commit(shop.engine->visit(visit_of("2", "Z1", at()), at()));
    const Effects second = shop.tick(at());
    ASSERT_EQ(second.offers.size(), 1U);
    EXPECT_TRUE(second.offers.front().ghost);
}

TEST(StaffLoad, LetsNobodyTakeUpMoreThanOneMayHold) {
    BusyShop shop{{kAisle, kOther}, {.staff_offers = 1}};
    shop.enters("1", "Z1", at());
    shop.enters("2", "Z2", at());
    const auto live = shop.engine->live();
    EXPECT_EQ(shop.act(live[0].id, OfferAction::Accept, "li", at()).verdict, Verdict::Done);
    EXPECT_EQ(shop.act(live[1].id, OfferAction::Accept, "li", at()).verdict, Verdict::Illegal);
    EXPECT_EQ(shop.act(live[1].id, OfferAction::Accept, "wang", at()).verdict, Verdict::Done);
    EXPECT_EQ(shop.act(live[0].id, OfferAction::Present, "li", at()).verdict, Verdict::Done);
    shop.act(live[0].id, OfferAction::Decline, "li", at());
    shop.enters("3", "Z1", at(seconds{1}));
    const OfferId newest = shop.engine->live().front().id;
    EXPECT_EQ(shop.act(newest, OfferAction::Accept, "li", at(seconds{1})).verdict, Verdict::Done);
}

TEST(StaffLoad, HoldsBackPromptsWhileEverybodyOnDutyIsBusy) {
    BusyShop shop{{kAisle}, {.staff_offers = 1}};
    shop.around.shop.set("ctx.staff_on_duty", std::int64_t{1});
    EXPECT_EQ(shop.enters("1", "Z1", at()), "offered");
    shop.act(shop.engine->live().front().id, OfferAction::Accept, "li", at());
    EXPECT_EQ(shop.enters("2", "Z1", at()), "staff_load");
    shop.around.shop.set("ctx.staff_on_duty", std::int64_t{2});
    EXPECT_EQ(shop.enters("3", "Z1", at()), "offered");
}

TEST(Queue, HoldsBackPromptsWhileItIsLonger) {
    BusyShop shop{{kAisle}, {.queue = 3}};
    shop.around.shop.set("ctx.queue", 3.5);
    EXPECT_EQ(shop.enters("1", "Z1", at()), "queue");
    shop.around.shop.set("ctx.queue", std::int64_t{3});
    EXPECT_EQ(shop.enters("2", "Z1", at()), "offered");
}

TEST(Queue, OfTheZoneCountsThereAlone) {
    BusyShop shop{{kAisle, kOther}, {.queue = 3}};
    shop.around.shop.set("ctx.queue.Z1", std::int64_t{4});
    EXPECT_EQ(shop.enters("1", "Z1", at()), "queue");
    EXPECT_EQ(shop.enters("2", "Z2", at()), "offered");
}

TEST(Queue, TheStricterOfCampaignAndShopHolds) {
    BusyShop shop{{campaign("c", dwell("Z1", 0), kTenOffHundred, R"("limits": {"queue_max": 0})")},
                  {.queue = 3}};
    shop.around.shop.set("ctx.queue", std::int64_t{1});
    EXPECT_EQ(shop.enters("1", "Z1", at()), "queue");
}

TEST(Queue, KeepsNobodyWhoAsksWaiting) {
    BusyShop shop{{campaign("c", kSeen, kTenOffHundred)}, {.queue = 1}};
    shop.around.shop.set("ctx.queue", std::int64_t{9});
    EXPECT_EQ(reason_of(shop.see(at())), "queue");
    EXPECT_EQ(reason_of(shop.see(at(), true)), "offered");
}

std::string about(const std::string& message) {
    return R"("delivery": {"ttl_s": 10, "message": ")" + message + R"(", "no_repeat": "PT2H"})";
}

// Ada is seen, and pays an hour later, in time and by a member's card.
std::string after_the_prompt(const std::string& receipt_message, milliseconds later) {
    Shop shop{{campaign("tablet", kSeen, kTenOffHundred, about("snacks")),
               campaign("receipt", kAfterSale, kTenOffHundred, about(receipt_message))}};
    shop.see(at());
    shop.tick(at(later));
    Sale sale = kit::sale_of(200'00);
    sale.member = kAda.value;
    return reason_of(shop.sell(sale, at(later)));
}

TEST(Repeats, OfAMessageAreSuppressedOnTheOtherChannel) {
    EXPECT_EQ(after_the_prompt("snacks", kHour), "told_elsewhere");
}

TEST(Repeats, OfAnotherMessageAreNone) { EXPECT_EQ(after_the_prompt("milk", kHour), "offered"); }

TEST(Repeats, AreAllowedAgainAfterTheirTime) {
    EXPECT_EQ(after_the_prompt("snacks", 2 * kHour), "offered");
}

TEST(Repeats, NeverKeepAnEntitlementFromWhoAsks) {
    Shop shop{{campaign("tablet", kSeen, kTenOffHundred, about("snacks")),
               campaign("till", kBasket, kTenOffHundred, about("snacks"))}};
    shop.see(at());
    Basket basket = basket_of({200'00});
    basket.member = kAda;
    EXPECT_EQ(shop.ask(basket, at()).answer.offers.size(), 1U);
}

TEST(Repeats, AreKnownAfterARestart) {
    Shop shop{{campaign("tablet", kSeen, kTenOffHundred, about("snacks")),
               campaign("receipt", kAfterSale, kTenOffHundred, about("snacks"))}};
    shop.see(at());
    shop.engine = shop.restored();
    Sale sale = kit::sale_of(200'00);
    sale.member = kAda.value;
    EXPECT_EQ(reason_of(shop.sell(sale, at(kHour))), "told_elsewhere");
}

TEST(QuietHours, SwallowAPromptThatWasDelayedIntoThem) {
    Shop shop{{campaign("c", dwell("Z1", 0), kTenOffHundred,
                        R"("limits": {"quiet": ["12:10", "13:00"]}, "experiment": {"holdout": 0,
                           "arms": [{"name": "late", "weight": 1, "delay_s": 900}]})")}};
    shop.commit(shop.engine->visit(visit_of("1", "Z1", at()), at()));
    EXPECT_TRUE(shop.tick(at()).offers.empty());
    const Effects due = shop.tick(at(seconds{900}));
    ASSERT_EQ(due.offers.size(), 1U);
    EXPECT_EQ(due.offers.front().state, OfferState::Expired);
}

TEST(QuietHours, HoldWhereNobodyKnowsTheTime) {
    Shop shop{{campaign("c", kSeen, kTenOffHundred, R"("limits": {"quiet": ["21:30", "09:00"]})")}};
    Stamp lost = at();
    lost.quality = ClockQuality::None;
    EXPECT_EQ(reason_of(shop.see(lost)), "quiet_hours");
    EXPECT_EQ(reason_of(shop.see(lost, true)), "offered");
    lost.quality = ClockQuality::Rtc;
    EXPECT_EQ(reason_of(shop.see(lost)), "duplicate_live");
}

}  // namespace
}  // namespace aisle::offers
