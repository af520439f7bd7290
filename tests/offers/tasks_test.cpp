#include "sales.hpp"

// What is neither money nor goods: tasks for staff, words, extra points at other triggers.
namespace aisle::offers {
namespace {

using kit::at;

const std::string kHelp = R"({"type": "service_task", "task": "fitting room"})";

TEST(ServiceTask, IsOpenTakenAndDone) {
    Shop shop{{campaign("c", kSeen, kHelp)}};
    const Offer task = shop.seen(at());
    EXPECT_EQ(task.action, "service_task");
    EXPECT_EQ(task.value, Money{});
    EXPECT_TRUE(task.code.empty());
    EXPECT_EQ(shop.act(task.id, OfferAction::Redeem, "li", at()).verdict, Verdict::Illegal);
    EXPECT_EQ(shop.act(task.id, OfferAction::Accept, "li", at()).verdict, Verdict::Done);
    EXPECT_EQ(shop.act(task.id, OfferAction::Accept, "wu", at()).verdict, Verdict::Taken);
    const Acted done = shop.act(task.id, OfferAction::Redeem, "li", at());
    EXPECT_EQ(done.verdict, Verdict::Done);
    EXPECT_EQ(done.effects.redemptions.front().amount, Money{});
}

TEST(ServiceTask, ExpiresWhereNobodyTakesIt) {
    Shop shop{{campaign("c", kSeen, kHelp, R"("delivery": {"ttl_s": 60})")}};
    const Offer task = shop.seen(at());
    EXPECT_EQ(shop.tick(at(seconds{60})).outcomes.front().state, OfferState::Expired);
    EXPECT_EQ(shop.act(task.id, OfferAction::Accept, "li", at(seconds{61})).verdict,
              Verdict::Expired);
}

TEST(ServiceTask, IsNotInferredFromASmallDiscount) {
    Shop shop{{campaign("c", kSeen, kHelp)}};
    shop.seen(at());
    EXPECT_TRUE(shop.sell(of_ada(discounted(200'00, 50)), at(seconds{61})).redemptions.empty());
}

TEST(Message, StandsInTheTillsAnswerAndCostsNothing) {
    Shop shop{{campaign("c", kBasket, R"({"type": "message"})",
                        R"("delivery": {"titles": {"en": "Thank you"}})")}};
    const auto answer = shop.ask(basket_of({100}), at()).answer;
    ASSERT_EQ(answer.offers.size(), 1U);
    EXPECT_EQ(answer.offers.front().title.at("en"), "Thank you");
    EXPECT_EQ(answer.offers.front().amount, Money{});
    EXPECT_TRUE(answer.offers.front().code.empty());
}

TEST(Points, OfASaleAreWorkedOutFromItsLines) {
    Shop shop{
        {campaign("c", kAfterSale, R"({"type": "points_multiplier", "bp": 30000, "per": 100})")}};
    const Effects effects = shop.sell(of_ada(kit::sale_of(5'000)), at());
    ASSERT_EQ(effects.offers.size(), 1U);
    EXPECT_EQ(effects.offers.front().points, 100);
    const OfferId offer = effects.offers.front().id;
    shop.act(offer, OfferAction::Accept, "li", at());
    const Acted done = shop.act(offer, OfferAction::Redeem, "li", at());
    ASSERT_EQ(done.effects.points.size(), 1U);
    EXPECT_EQ(done.effects.points.front().points, 100);
    EXPECT_EQ(done.effects.points.front().member, kAda);
}

}  // namespace
}  // namespace aisle::offers
