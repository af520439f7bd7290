#include "sales.hpp"

// A kill in the middle of everything: what was committed is enough to go on.
namespace aisle::offers {
namespace {

using kit::at;

void kill(Shop& shop) { shop.engine = shop.restored(); }

TEST(Killed, BetweenADwellAndItsThresholdStillPrompts) {
    Shop shop{{campaign("c", dwell("Z1", 30), kTenOffHundred)}};
    shop.commit(shop.engine->visit(visit_of("14", "Z1", at()), at()));
    shop.tick(at(seconds{20}));
    kill(shop);
    const Effects effects = shop.tick(at(seconds{30}));
    ASSERT_EQ(effects.offers.size(), 1U);
    EXPECT_EQ(effects.offers.front().eyes, "trolley 14");
}

TEST(Killed, AfterADwellDoesNotPromptAgain) {
    Shop shop{{campaign("c", dwell("Z1", 30), kTenOffHundred)}};
    shop.commit(shop.engine->visit(visit_of("14", "Z1", at()), at()));
    shop.tick(at(seconds{30}));
    kill(shop);
    EXPECT_TRUE(shop.tick(at(seconds{31})).offers.empty());
}

TEST(Killed, InADwellOverARebootCountsByTheWallClock) {
    Shop shop{{campaign("c", dwell("Z1", 30), kTenOffHundred)}};
    shop.commit(shop.engine->visit(visit_of("14", "Z1", at()), at()));
    Stamp rebooted = at(seconds{29});
    rebooted.boot = 2;
    rebooted.mono = MonoTime{seconds{7}};
    kill(shop);
    EXPECT_TRUE(shop.tick(rebooted).offers.empty());
    rebooted.wall += seconds{1};
    EXPECT_EQ(shop.tick(rebooted).offers.size(), 1U);
}

TEST(Killed, InADwellWithoutAGoodClockStartsItAgain) {
    Shop shop{{campaign("c", dwell("Z1", 30), kTenOffHundred)}};
    shop.commit(shop.engine->visit(visit_of("14", "Z1", at()), at()));
    Stamp rebooted = at(seconds{3'600});
    rebooted.boot = 2;
    rebooted.mono = MonoTime{seconds{7}};
    rebooted.quality = ClockQuality::None;
    kill(shop);
    EXPECT_TRUE(shop.tick(rebooted).offers.empty());
    rebooted.mono += seconds{30};
    EXPECT_EQ(shop.tick(rebooted).offers.size(), 1U);
}

TEST(Killed, WithAcceptedOffersKnowsWhoHasThem) {
    Shop shop{{campaign("c", kSeen, kTenOffHundred)}};
    const Offer offer = shop.seen(at());
    shop.act(offer.id, OfferAction::Accept, "li", at());
    kill(shop);
    const auto live = shop.engine->live();
    ASSERT_EQ(live.size(), 1U);
    EXPECT_EQ(live.front().by, "li");
    EXPECT_EQ(live.front().state, OfferState::Accepted);
    EXPECT_EQ(shop.act(offer.id, OfferAction::Present, "wang", at()).verdict, Verdict::Taken);
}

TEST(Killed, WithABasketOpenRedeemsItByItsKey) {
    Shop shop{{campaign("c", kBasket, kTenOffHundred, R"("limits": {"budget_fen": 1000})")}};
    shop.ask(basket_of({200'00}), at());
    kill(shop);
    EXPECT_EQ(shop.status().reserved, Money::minor(10'00));
    EXPECT_EQ(shop.sell(naming("b1", 10'00), at(seconds{60})).redemptions.size(), 1U);
    EXPECT_EQ(shop.status().spent, Money::minor(10'00));
    EXPECT_EQ(shop.status().left, Money{});
}

TEST(Killed, WithABasketOpenReplacesItAndDoesNotReserveTwice) {
    Shop shop{{campaign("c", kBasket, kTenOffHundred, R"("limits": {"budget_fen": 1000})")}};
    shop.ask(basket_of({200'00}), at());
    kill(shop);
    EXPECT_EQ(shop.ask(basket_of({200'00}), at(seconds{1})).answer.offers.size(), 1U);
    EXPECT_EQ(shop.status().reserved, Money::minor(10'00));
}

TEST(Killed, BeforeTheCommitForgetsTheOfferAltogether) {
    Shop shop{{campaign("c", kSeen, kTenOffHundred, R"("limits": {"budget_fen": 1000})")}};
    const Effects lost = shop.engine->member_seen(kAda, false, at());
    ASSERT_EQ(lost.offers.size(), 1U);
    kill(shop);
    EXPECT_EQ(shop.engine->find(lost.offers.front().id), nullptr);
    EXPECT_EQ(shop.status().left, Money::minor(10'00));
    EXPECT_EQ(reason_of(shop.see(at(seconds{1}))), "offered");
}

TEST(Killed, NeverGivesAnIdOrACodeTwice) {
    Shop shop{{campaign("c", kBasket, kTenPercent)}};
    std::set<std::string> ids, codes;
    for (int i = 0; i < 60; ++i) {
        const auto asked = shop.ask(basket_of({500}, "b" + std::to_string(i)), at()).answer;
        ASSERT_TRUE(ids.insert(asked.offers.front().offer.value).second);
        ASSERT_TRUE(ids.insert(asked.decision).second);
        ASSERT_TRUE(codes.insert(asked.offers.front().code).second);
        if (i % 5 == 0) kill(shop);
    }
}

TEST(Killed, KeepsEveryNumberOfACampaign) {
    Shop shop{{campaign("c", kSeen, kTenOffHundred,
                        R"("limits": {"budget_fen": 9000}, "delivery": {"ttl_s": 5})")}};
    for (int i = 0; i < 3; ++i) {
        const Offer offer = shop.seen(at(seconds{10 * i}));
        if (i == 0) shop.act(offer.id, OfferAction::Accept, "li", at());
        if (i == 0) shop.act(offer.id, OfferAction::Redeem, "li", at());
        if (i == 1) shop.tick(at(seconds{15}));
    }
    const auto before = shop.status();
    kill(shop);
    const auto after = shop.status();
    EXPECT_EQ(before.spent, after.spent);
    EXPECT_EQ(before.reserved, after.reserved);
    EXPECT_EQ(before.left, after.left);
    EXPECT_EQ(before.redemptions, after.redemptions);
    EXPECT_EQ(before.offered, after.offered);
    EXPECT_EQ(before.live, after.live);
    EXPECT_EQ(after.offered, 3);
    EXPECT_EQ(after.live, 1);
}

TEST(Killed, KeepsEveryFieldOfAnOffer) {
    Shop shop{
        {campaign("c", dwell("Z1", 5),
                  R"({"type": "pct_off", "scope": {"sku": ["A", "B"]}, "bp": 500, "max": 900})",
                  R"("delivery": {"titles": {"zh-CN": "九五折"}, "decline_reasons": ["busy"]})")}};
    ZoneVisit visit = visit_of("14", "Z1", at());
    visit.member = kAda;
    shop.commit(shop.engine->visit(visit, at()));
    const Offer was = shop.tick(at(seconds{5})).offers.front();
    kill(shop);
    const Offer is = *shop.engine->find(was.id);
    EXPECT_EQ(is.title, was.title);
    EXPECT_EQ(is.member, kAda);
    EXPECT_EQ(is.tier, "gold");
    EXPECT_EQ(is.lifecycle, "at_risk");
    EXPECT_EQ(is.eyes, "trolley 14");
    EXPECT_EQ(is.zone, ZoneId{"Z1"});
    EXPECT_EQ(is.value, Money::minor(900));
    EXPECT_EQ(is.code, was.code);
    EXPECT_EQ(is.skus, was.skus);
    EXPECT_EQ(is.made, was.made);
    EXPECT_EQ(is.expires, was.expires);
    EXPECT_EQ(is.reasons.size(), was.reasons.size());
    EXPECT_EQ(is.decision.id, was.decision.id);
    EXPECT_EQ(is.decision.context, was.decision.context);
    EXPECT_EQ(is.decision.counts, was.decision.counts);
}

TEST(Killed, KeepsGhostsGhosts) {
    Shop shop{{campaign("c", kSeen, kTenOffHundred, R"("experiment": {"holdout": 1.0})")}};
    const Offer ghost = shop.seen(at());
    kill(shop);
    EXPECT_TRUE(shop.engine->find(ghost.id)->ghost);
    EXPECT_TRUE(shop.engine->live().empty());
    EXPECT_EQ(reason_of(shop.see(at(seconds{1}), true)), "offered");
}

TEST(Rows, OfAnEngineThatHasDoneNothingAreNone) {
    Shop shop{{campaign("c", kSeen, kTenOffHundred)}};
    EXPECT_TRUE(shop.engine->rows().empty());
    EXPECT_TRUE(shop.engine->restore({}));
}

TEST(Rows, AreAllOfThisRoomAndInOrderOfKey) {
    Shop shop{{campaign("a", kSeen, kTenOffHundred), campaign("b", kBasket, kTenPercent)}};
    shop.see(at());
    shop.ask(basket_of({500}), at());
    const auto rows = shop.engine->rows();
    EXPECT_TRUE(std::ranges::is_sorted(rows, {}, &StateChange::key));
    for (const StateChange& row : rows) EXPECT_EQ(row.room, kRoom);
    EXPECT_GE(rows.size(), 6U);
}

TEST(Rows, ThatAreEmptyMeanThatTheRowIsGone) {
    Shop shop{{campaign("c", kSeen, kTenOffHundred)}};
    const std::vector<StateChange> rows{{"offers", "offer/x", ""}, {"offers", "sequence", "7 3"}};
    EXPECT_TRUE(shop.engine->restore(rows));
    EXPECT_EQ(shop.engine->rows().size(), 1U);
}

TEST(Rows, ReplaceWhatTheEngineHadBefore) {
    Shop one{{campaign("c", kSeen, kTenOffHundred)}}, two{{campaign("c", kSeen, kTenOffHundred)}};
    one.see(at());
    two.around.add_member(MemberKey{"bea"});
    two.commit(two.engine->member_seen(MemberKey{"bea"}, false, at()));
    ASSERT_TRUE(two.engine->restore(one.committed()));
    EXPECT_EQ(two.engine->live().front().member, kAda);
    EXPECT_EQ(two.engine->live().size(), 1U);
}

TEST(Rows, ThatAreBadNameTheirKindAndNoMember) {
    Shop shop{{campaign("c", kSeen, kTenOffHundred)}};
    const std::vector<StateChange> rows{{"offers", "subject/" + kAda.value, "{"}};
    const auto status = shop.engine->restore(rows);
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().detail, "a row of the offers cannot be read: subject");
}

TEST(Rows, OfASequenceMustBeTwoNumbers) {
    Shop shop{{campaign("c", kSeen, kTenOffHundred)}};
    for (const char* bytes : {"1", "1 ", " 1 2", "1 2 3", "a b", "1,2", "-1 2"}) {
        const std::vector<StateChange> rows{{"offers", "sequence", bytes}};
        EXPECT_FALSE(shop.engine->restore(rows)) << bytes;
    }
}

// What a shop remembers of kClosedKept offers that have ended, `oldest` before all others.
std::vector<StateChange> closed_rows(const StateChange& oldest) {
    std::vector<StateChange> rows{oldest};
    for (std::size_t i = 1; i < kClosedKept; ++i) {
        const std::string id = "closed" + std::to_string(i);
        rows.push_back({std::string{kRoom}, "closed/" + id,
                        R"({"offer":")" + id + R"(","state":"expired","at_ms":0,"order":)" +
                            std::to_string(1'000 + i) + "}"});
    }
    return rows;
}

TEST(Closed, OffersAreRememberedOnlyUpToTheirBound) {
    Shop shop{{campaign("c", kBasket, kTenPercent)}};
    const auto first = shop.ask(basket_of({500}), at()).answer.offers.front();
    shop.commit(shop.engine->cancel_basket("b1", at()));
    const std::string key = "closed/" + first.offer.value;
    auto rows = closed_rows({std::string{kRoom}, key, shop.disk.at(key)});
    rows.push_back({std::string{kRoom}, "sequence", "90000 1"});
    ASSERT_TRUE(shop.engine->restore(rows));
    const auto again = [&] {
        return shop.engine->redeem_code({.code = first.code, .till = TillId{"1"}}, at())
            .error()
            .detail;
    };
    EXPECT_TRUE(again().starts_with("declined at"));
    shop.engine->basket(basket_of({500}), at());
    const Effects effects = shop.engine->cancel_basket("b1", at());
    EXPECT_EQ(again(), "unknown code");
    // Its row goes too.
    const auto gone = std::ranges::find(effects.state, key, &StateChange::key);
    ASSERT_NE(gone, effects.state.end());
    EXPECT_TRUE(gone->bytes.empty());
}

}  // namespace
}  // namespace aisle::offers
