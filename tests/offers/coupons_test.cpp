#include <set>

#include "sales.hpp"

// Coupons: handed out by one visit, good for another.
namespace aisle::offers {
namespace {

using kit::at;

Money fen(std::int64_t amount) { return Money::minor(amount); }
constexpr milliseconds kDay{86'400'000};

// A spend of 50.00 brings a coupon for 20 % off, good from tomorrow for two weeks.
const std::string kIssue =
    R"({"type": "coupon_issue", "campaign": "later", "min_spend": 5000, "after": "P1D", "valid": "P14D"})";
const std::string kLater =
    campaign("later", kBasket, R"({"type": "pct_off", "bp": 2000, "max": 9000})",
             R"("stack": {"group": "coupon"})");

struct CouponShop : Shop {
    explicit CouponShop(const std::vector<std::string>& more = {})
        : Shop{[&] {
              std::vector<std::string> all{campaign("issue", kBasket, kIssue), kLater};
              all.insert(all.end(), more.begin(), more.end());
              return all;
          }()} {}

    Sale sale_for(const std::string& basket, std::int64_t seq) const {
        Sale sale = kit::sale_of(1'000, seq);
        sale.vendor_id = basket;
        return sale;
    }
    // The code that a paid basket brought.
    std::string earned(std::int64_t seq = 1) {
        const std::string key = "first" + std::to_string(seq);
        const auto answer = ask(basket_of({6'000}, key), at()).answer;
        sell(sale_for(key, seq), at());
        return answer.offers.empty() ? "" : answer.offers.front().code;
    }
    BasketDecision shows(const std::string& code, const std::string& key, const Stamp& now,
                         const std::string& till = "2") {
        Basket basket = basket_of({1'000}, key);
        basket.codes = {code};
        basket.till = TillId{till};
        return ask(basket, now).answer;
    }
    std::string refused(const std::string& code, const Stamp& now, const std::string& till = "2") {
        const auto answer = shows(code, "x" + till, now, till);
        return answer.refused.empty() ? "" : answer.refused.front().reason;
    }
};

TEST(Coupons, AreToldWithTheTimeInWhichTheyAreGood) {
    CouponShop shop;
    const auto answer = shop.ask(basket_of({6'000}), at()).answer;
    ASSERT_EQ(answer.offers.size(), 1U);
    EXPECT_EQ(answer.offers.front().code.size(), 13U);
    EXPECT_EQ(answer.offers.front().code_from, at(kDay).wall);
    EXPECT_EQ(answer.offers.front().code_until, at(15 * kDay).wall);
    EXPECT_EQ(answer.saved, Money{});
}

TEST(Coupons, TakeOffWhatTheirCampaignSays) {
    CouponShop shop;
    const std::string code = shop.earned();
    const auto answer = shop.shows(code, "b2", at(2 * kDay));
    ASSERT_EQ(answer.offers.size(), 1U);
    EXPECT_EQ(answer.saved, fen(200));
    EXPECT_EQ(answer.offers.front().presented, code);
    EXPECT_TRUE(answer.refused.empty());
}

TEST(Coupons, AreNothingToABasketWithoutTheirCode) {
    CouponShop shop;
    shop.earned();
    EXPECT_TRUE(shop.ask(basket_of({1'000}, "b2"), at(2 * kDay)).answer.offers.empty());
}

TEST(Coupons, AreRefusedTheSecondTimeWhicheverTill) {
    CouponShop shop;
    const std::string code = shop.earned();
    shop.shows(code, "b2", at(2 * kDay), "1");
    EXPECT_EQ(shop.refused(code, at(2 * kDay), "3"), "other_basket");
    const Effects paid = shop.sell(shop.sale_for("b2", 9), at(2 * kDay));
    ASSERT_EQ(paid.redemptions.size(), 1U);
    EXPECT_EQ(paid.redemptions.front().amount, fen(200));
    EXPECT_TRUE(shop.refused(code, at(2 * kDay), "3").starts_with("used at 2026-06-14T04:00:00"));
    shop.engine = shop.restored();
    EXPECT_TRUE(shop.refused(code, at(2 * kDay), "3").starts_with("used at"));
}

TEST(Coupons, AreFreeAgainWhenTheirBasketIsNotPaid) {
    CouponShop shop;
    const std::string code = shop.earned();
    shop.shows(code, "b2", at(2 * kDay), "1");
    shop.commit(shop.engine->cancel_basket("b2", at(2 * kDay)));
    EXPECT_EQ(shop.shows(code, "b3", at(2 * kDay), "3").saved, fen(200));
    // Asked again about the same basket it is the same answer.
    EXPECT_EQ(shop.shows(code, "b3", at(2 * kDay), "3").saved, fen(200));
}

TEST(Coupons, AreGoodFromTheirDayToTheirLast) {
    CouponShop shop;
    const std::string code = shop.earned();
    EXPECT_EQ(shop.refused(code, at(kDay - milliseconds{1})), "not_yet");
    EXPECT_EQ(shop.refused(code, at(kDay)), "");
    shop.commit(shop.engine->cancel_basket("x2", at(kDay)));
    EXPECT_EQ(shop.refused(code, at(15 * kDay)), "expired");
}

TEST(Coupons, AreWorthNothingBeforeTheirBasketIsPaid) {
    CouponShop shop;
    const std::string code = shop.ask(basket_of({6'000}), at()).answer.offers.front().code;
    EXPECT_EQ(shop.refused(code, at(2 * milliseconds{1'000})), "not_yet");
    shop.commit(shop.engine->cancel_basket("b1", at()));
    EXPECT_NE(shop.refused(code, at(2 * kDay)), "");
}

TEST(Coupons, OutliveRestartsAndClocksThatJump) {
    CouponShop shop;
    const std::string code = shop.earned();
    shop.engine = shop.restored();
    // Another boot whose clock nobody has set: the whole time starts again, and nothing is lost.
    Stamp wrong = at(300 * kDay);
    wrong.boot = 2, wrong.mono = {}, wrong.quality = ClockQuality::None;
    shop.tick(wrong);
    EXPECT_EQ(shop.refused(code, wrong), "not_yet");
    Stamp later = wrong;
    later.mono += 2 * kDay;
    EXPECT_EQ(shop.shows(code, "b2", later).saved, fen(200));
}

TEST(Coupons, MayBeNamedByAReceiptThatNobodyAskedAbout) {
    CouponShop shop;
    const std::string code = shop.earned();
    const Effects effects = shop.sell(naming(code, 500, 5), at(2 * kDay));
    ASSERT_EQ(effects.redemptions.size(), 1U);
    EXPECT_EQ(effects.redemptions.front().proof, RedemptionProof::Code);
    EXPECT_EQ(effects.redemptions.front().campaign, CampaignId{"later"});
    EXPECT_EQ(shop.sell(naming(code, 500, 6), at(2 * kDay)).refusals.size(), 1U);
}

TEST(Coupons, ThatAReceiptNamesTooEarlyAreRefusedAndKept) {
    CouponShop shop;
    const std::string code = shop.earned();
    const Effects early = shop.sell(naming(code, 500, 5), at());
    EXPECT_TRUE(early.redemptions.empty());
    ASSERT_EQ(early.refusals.size(), 1U);
    EXPECT_EQ(early.refusals.front().reason, "not_yet");
    EXPECT_EQ(shop.shows(code, "b2", at(2 * kDay)).saved, fen(200));
}

TEST(Coupons, SayWhyTheirCampaignDoesNotTakeThem) {
    CouponShop shop{{campaign("front", kBasket, kTenPercent,
                              R"("when": {"basket.total_minor": {"$lt": 5000}}, )"
                              R"("stack": {"exclusive": true, "priority": 9})")}};
    EXPECT_EQ(shop.refused(shop.earned(), at(2 * kDay)), "exclusive");
}

TEST(Coupons, OneOfAnOrderUnlessTheCampaignTakesMore) {
    CouponShop shop;
    Basket basket = basket_of({1'000}, "b9");
    basket.codes = {shop.earned(1), shop.earned(2)};
    ASSERT_NE(basket.codes[0], basket.codes[1]);
    const auto answer = shop.ask(basket, at(2 * kDay)).answer;
    EXPECT_EQ(answer.saved, fen(200));
    ASSERT_EQ(answer.refused.size(), 1U);
    EXPECT_EQ(answer.refused.front().reason, "order_limit");
}

TEST(Coupons, AreForgottenWhenTheyAreOver) {
    CouponShop shop;
    const std::string code = shop.earned();
    EXPECT_TRUE(shop.disk.contains("coupon/" + code));
    shop.tick(at(16 * kDay));
    EXPECT_FALSE(shop.disk.contains("coupon/" + code));
}

TEST(WrongCodes, LockATillForAWhileAndNoOther) {
    CouponShop shop;
    const std::string good = shop.earned();
    for (int i = 0; i < kWrongCodesMax; ++i)
        EXPECT_EQ(shop.refused("299000000000" + std::to_string(i), at(2 * kDay)), "unknown");
    EXPECT_EQ(shop.refused(good, at(2 * kDay)), "locked");
    EXPECT_EQ(shop.refused(good, at(2 * kDay), "3"), "");
    shop.commit(shop.engine->cancel_basket("x3", at(2 * kDay)));
    EXPECT_EQ(shop.refused(good, at(2 * kDay + kWrongCodesFor)), "");
}

TEST(WrongCodes, OfARightFormAreStillUnknown) {
    CouponShop shop;
    shop.earned();
    auto codes = Codes::make({.key = "somebody else's"});
    ASSERT_TRUE(codes);
    int met = 0;
    for (std::uint64_t i = 0; i < 9; ++i)
        met += shop.refused(codes->at(i), at(2 * kDay)) != "unknown";
    EXPECT_EQ(met, 0);
}

}  // namespace
}  // namespace aisle::offers
