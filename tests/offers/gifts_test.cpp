#include <random>

#include "sales.hpp"

// Gifts: their stock, and one of several.
namespace aisle::offers {
namespace {

using kit::at;

const std::string kMug = R"({"type": "gift", "sku": "MUG", "worth": 300})";
const std::string kChoice = R"({"type": "gift_choice", "skus": ["MUG", "CUP"], "worth": 300})";

struct Stocked : Shop {
    explicit Stocked(std::int64_t mugs, const std::string& action = kMug,
                     const std::string& trigger = kBasket)
        : Shop{{campaign("c", trigger, action)}} {
        around.shop.set("stock.MUG", mugs);
        around.shop.set("stock.CUP", std::int64_t{1});
    }
    bool gives(const std::string& basket) {
        return !ask(basket_of({1'000}, basket), at()).answer.offers.empty();
    }
    Effects pays(const std::string& basket, std::int64_t seq) {
        Sale sale = kit::sale_of(1'000, seq);
        sale.vendor_id = basket;
        return sell(sale, at());
    }
};

TEST(GiftStock, IsReservedWithTheOffer) {
    Stocked shop{2};
    EXPECT_TRUE(shop.gives("b1"));
    EXPECT_TRUE(shop.gives("b2"));
    EXPECT_FALSE(shop.gives("b3"));
    shop.commit(shop.engine->cancel_basket("b1", at()));
    EXPECT_TRUE(shop.gives("b3"));
}

TEST(GiftStock, ThatWasGivenIsGoneBeforeTheFactSaysSo) {
    Stocked shop{1};
    ASSERT_TRUE(shop.gives("b1"));
    EXPECT_EQ(shop.pays("b1", 1).redemptions.front().gift_sku, "MUG");
    EXPECT_FALSE(shop.gives("b2"));
    shop.around.shop.set("stock.MUG", std::int64_t{0});  // now it does
    EXPECT_FALSE(shop.gives("b3"));
    shop.around.shop.set("stock.MUG", std::int64_t{1});  // delivered
    EXPECT_TRUE(shop.gives("b4"));
}

TEST(GiftStock, IsStillKnownAfterARestart) {
    Stocked shop{2};
    shop.gives("b1");
    shop.pays("b1", 1);
    shop.gives("b2");
    shop.engine = shop.restored();
    EXPECT_FALSE(shop.gives("b3"));
}

TEST(GiftStock, ThatNobodyCountsIsNotLookedAt) {
    Shop shop{{campaign("c", kBasket, kMug)}};
    EXPECT_FALSE(shop.ask(basket_of({1'000}), at()).answer.offers.empty());
}

TEST(GiftStock, OfAPromptIsReservedToo) {
    Stocked shop{0, kMug, kSeen};
    EXPECT_EQ(reason_of(shop.see(at())), "out_of_stock");
}

TEST(GiftStock, IsNeverBelowZeroWhateverHappens) {
    std::mt19937_64 random{11};
    for (int round = 0; round < 20; ++round) {
        std::int64_t stock = static_cast<std::int64_t>(random() % 4), given = 0;
        Stocked shop{stock};
        for (int i = 0; i < 60; ++i) {
            const std::string key = "b" + std::to_string(random() % 6);
            const auto move = random() % 4;
            if (move < 2) shop.gives(key);
            if (move == 2)
                for (const Redemption& one :
                     shop.pays(key, std::int64_t{100} * round + i).redemptions)
                    given += one.gift_sku == "MUG";
            if (move == 3 && random() % 2) shop.engine = shop.restored();
            if (random() % 10 == 0) shop.around.shop.set("stock.MUG", stock - given);
            ASSERT_LE(given, stock);
        }
    }
}

TEST(GiftChoice, OffersWhatIsThere) {
    Stocked shop{0, kChoice};
    const auto answer = shop.ask(basket_of({1'000}), at()).answer;
    ASSERT_EQ(answer.offers.size(), 1U);
    EXPECT_EQ(answer.offers.front().gift_choices, std::vector<std::string>{"CUP"});
}

TEST(GiftChoice, HoldsOneOfEachUntilItIsMade) {
    Stocked shop{1, kChoice};
    Basket first = basket_of({1'000}, "b1");
    EXPECT_EQ(shop.ask(first, at()).answer.offers.front().gift_choices.size(), 2U);
    EXPECT_FALSE(shop.gives("b2"));
    first.gifts["c"] = "MUG";
    EXPECT_EQ(shop.ask(first, at()).answer.offers.front().gift_sku, "MUG");
    EXPECT_EQ(shop.ask(basket_of({1'000}, "b2"), at()).answer.offers.front().gift_choices,
              std::vector<std::string>{"CUP"});
}

TEST(GiftChoice, IsReadOffTheReceipt) {
    Stocked shop{1, kChoice};
    shop.gives("b1");
    Sale sale = kit::sale_of(1'000);
    sale.vendor_id = "b1";
    sale.lines.push_back({.n = 2,
                          .sku = "CUP",
                          .qty_milli = 1'000,
                          .gross = Money::minor(300),
                          .discount = Money::minor(300)});
    EXPECT_EQ(shop.sell(sale, at()).redemptions.front().gift_sku, "CUP");
}

TEST(GiftChoice, IsMadeWhenStaffTakeItUp) {
    Stocked shop{1, kChoice, kSeen};
    const Offer offer = shop.seen(at());
    const auto act = [&](OfferAction action, const std::string& choice) {
        Acted acted = shop.engine->act(
            {.offer = offer.id, .action = action, .by = "li", .reason = {}, .choice = choice},
            at());
        shop.commit(acted.effects);
        return acted.verdict;
    };
    EXPECT_EQ(act(OfferAction::Accept, "TEA"), Verdict::Illegal);
    EXPECT_EQ(act(OfferAction::Accept, ""), Verdict::Done);
    EXPECT_EQ(act(OfferAction::Redeem, ""), Verdict::Illegal);
    EXPECT_EQ(act(OfferAction::Redeem, "CUP"), Verdict::Done);
}

}  // namespace
}  // namespace aisle::offers
