#include "agent/offers/abuse.hpp"

#include "sales.hpp"

// What is flagged and what is not, kind by kind and on the edges.
namespace aisle::offers {
namespace {

using kit::at;
constexpr std::chrono::hours kHour{1};
constexpr std::chrono::hours kDay{24};
const TillId kFirst{"1"};

Sale receipt(int seq, milliseconds when, const std::string& member = "",
             const std::string& till = "1") {
    Sale sale = kit::sale_of(110'00, seq);
    sale.sale = SaleId{"s" + std::to_string(seq)};
    sale.till = TillId{till};
    sale.member = member;
    sale.lines.front().sku = "RICE";
    sale.ended_at = at(when).wall;
    return sale;
}

// Sales with and without redemptions, and what was flagged.
struct Watched {
    AbuseWatch watch{AbuseSettings{}};
    int n = 0;
    std::vector<AbuseFlag> flags;

    void collect() {
        for (AbuseFlag& flag : watch.take_flags()) flags.push_back(std::move(flag));
    }
    void sell(milliseconds when, const std::string& member = "", const std::string& till = "1",
              bool staff = false) {
        watch.sold(receipt(++n, when, member, till), staff, at(when));
        collect();
    }
    Redeemed redemption(const Sale& sale) const {
        return {.offer = OfferId{"o" + std::to_string(n)},
                .code = "code" + std::to_string(n),
                .campaign = CampaignId{"c"},
                .member = MemberKey{sale.member},
                .till = sale.till,
                .by = "till",
                .sale = sale.sale,
                .spend = Money::minor(105'00),
                .thresholds = {Money::minor(100'00)}};
    }
    // A receipt that has redeemed an offer, just over its threshold or `spend`.
    Sale redeem(milliseconds when, const std::string& member = "", std::int64_t spend = 105'00,
                const std::string& gift = "", const std::string& till = "1") {
        Sale sale = receipt(++n, when, member, till);
        if (spend > sale.total.minor()) {
            SaleLine more = sale.lines.front();
            more.sku = "OIL";
            more.gross = more.net = Money::minor(spend) - sale.total;
            sale.lines.push_back(more);
            sale.total = Money::minor(spend);
        }
        Redeemed what = redemption(sale);
        what.spend = Money::minor(spend);
        what.gift_sku = gift;
        watch.redeemed(what, at(when));
        watch.sold(sale, false, at(when));
        collect();
        return sale;
    }
    void bring_back(const Sale& sale, milliseconds when, const std::vector<std::string>& skus) {
        Sale back = sale;
        back.type = SaleType::Return;
        back.ended_at = at(when).wall;
        back.lines.clear();
        for (const std::string& sku : skus) {
            const auto bought = std::ranges::find(sale.lines, sku, &SaleLine::sku);
            SaleLine line;  // a gift was for nothing
            if (bought != sale.lines.end()) line = *bought;
            line.sku = sku;
            line.qty_milli = -1'000;
            line.gross = line.net = -line.gross;
            back.lines.push_back(line);
        }
        watch.sold(back, false, at(when));
        collect();
    }
    void tick(milliseconds when) {
        watch.tick(at(when));
        collect();
    }
    [[nodiscard]] std::int64_t flagged(AbuseKind kind) const {
        return std::ranges::count(flags, kind, &AbuseFlag::kind);
    }
};

TEST(OwnCard, IsFlaggedOnItsEighthReceiptOfADayAndNotAgainThatDay) {
    Watched shop;
    for (int i = 0; i < 7; ++i) shop.sell(i * kHour, "ada");
    EXPECT_EQ(shop.flagged(AbuseKind::OwnCard), 0);
    for (int i = 7; i < 12; ++i) shop.sell(i * kHour, "ada");
    ASSERT_EQ(shop.flagged(AbuseKind::OwnCard), 1);
    EXPECT_EQ(shop.flags.front().member.value, "ada");
    EXPECT_EQ(shop.flags.front().count, 8);
    EXPECT_EQ(shop.flags.front().till, kFirst);
}

TEST(OwnCard, IsNotFlaggedForAsManyReceiptsOfSeveralDays) {
    Watched shop;
    for (int i = 0; i < 16; ++i) shop.sell(i * 4 * kHour, "ada");
    EXPECT_TRUE(shop.flags.empty());
}

TEST(OwnCard, IsFlaggedInARushAtOneTill) {
    Watched shop;
    for (int i = 0; i < 5; ++i) shop.sell(i * minutes{5}, "ada");
    EXPECT_EQ(shop.flagged(AbuseKind::OwnCard), 1);
    Watched other;
    for (int i = 0; i < 5; ++i) other.sell(i * minutes{5}, "ada", std::to_string(i % 2));
    EXPECT_TRUE(other.flags.empty());
}

TEST(OwnCard, OfStaffIsFlaggedAtTwoThirdsOfIt) {
    Watched shop;
    for (int i = 0; i < 5; ++i) shop.sell(i * kHour, "li", "1", true);
    EXPECT_EQ(shop.flagged(AbuseKind::OwnCard), 0);
    shop.sell(5 * kHour, "li", "1", true);
    EXPECT_EQ(shop.flagged(AbuseKind::OwnCard), 1);
}

TEST(OwnCard, GoesByTheTillsTimesWhenADayComesInOneFile) {
    Watched shop;
    for (int i = 0; i < 12; ++i) {
        const Sale sale = receipt(i, -i * 2 * kDay, "ada");
        shop.watch.sold(sale, false, at());
    }
    shop.collect();
    EXPECT_TRUE(shop.flags.empty());
}

TEST(SplitBaskets, OfOneCardAreFlaggedFromTheThird) {
    Watched shop;
    shop.redeem(minutes{0}, "ada");
    shop.redeem(minutes{2}, "ada");
    EXPECT_TRUE(shop.flags.empty());
    shop.redeem(minutes{4}, "ada");
    ASSERT_EQ(shop.flagged(AbuseKind::SplitBaskets), 1);
    EXPECT_EQ(shop.flags.front().campaign.value, "c");
}

TEST(SplitBaskets, AreNoneWhereTheyAreFarOverTheThreshold) {
    Watched shop;
    for (int i = 0; i < 3; ++i) shop.redeem(i * minutes{2}, "ada", 116'00);
    EXPECT_EQ(shop.flagged(AbuseKind::SplitBaskets), 0);
    for (int i = 10; i < 13; ++i) shop.redeem(i * minutes{2}, "bea", 115'00);
    EXPECT_EQ(shop.flagged(AbuseKind::SplitBaskets), 1);
}

TEST(SplitBaskets, AreNoneOverAnAfternoon) {
    Watched shop;
    for (int i = 0; i < 5; ++i) shop.redeem(i * minutes{16}, "ada");
    EXPECT_EQ(shop.flagged(AbuseKind::SplitBaskets), 0);
}

TEST(SplitBaskets, WithoutACardAreJudgedByHowUsualTheyAre) {
    const auto in_a_row = [](int usual, int run) {
        Watched shop;
        for (int i = 0; i < 400; ++i) {
            if (i % 20 < usual)
                shop.redeem(i * minutes{20}, "", 105'00, "", "2");
            else
                shop.sell(i * minutes{20}, "", "2");
        }
        for (int i = 0; i < run; ++i) shop.redeem(i * minutes{1});
        return shop.flagged(AbuseKind::SplitBaskets);
    };
    EXPECT_EQ(in_a_row(1, 4), 0);
    EXPECT_EQ(in_a_row(1, 8), 1);
    EXPECT_EQ(in_a_row(8, 8), 0);
}

TEST(SplitBaskets, WithoutACardAreInterruptedByAnybodyElse) {
    Watched shop;
    for (int i = 0; i < 300; ++i) shop.sell(i * minutes{20}, "", "2");
    for (int i = 0; i < 12; ++i) {
        shop.redeem(i * minutes{1});
        if (i % 3 == 2) shop.sell(i * minutes{1});
    }
    EXPECT_EQ(shop.flagged(AbuseKind::SplitBaskets), 0);
}

TEST(GiftKept, IsFlaggedHalfAnHourAfterTheGoodsWentBackWithoutIt) {
    Watched shop;
    const Sale sale = shop.redeem(kHour, "", 105'00, "CUP");
    shop.bring_back(sale, 2 * kHour, {"RICE"});
    shop.tick(2 * kHour + minutes{29});
    EXPECT_TRUE(shop.flags.empty());
    shop.tick(2 * kHour + minutes{30});
    ASSERT_EQ(shop.flagged(AbuseKind::GiftKept), 1);
    shop.tick(3 * kHour);
    EXPECT_EQ(shop.flagged(AbuseKind::GiftKept), 1);
}

TEST(GiftKept, IsNotFlaggedWhereTheGiftComesBackTooOrFollows) {
    Watched shop;
    const Sale first = shop.redeem(kHour, "ada", 105'00, "CUP");
    shop.bring_back(first, 2 * kHour, {"RICE", "CUP"});
    const Sale second = shop.redeem(3 * kHour, "bea", 105'00, "CUP");
    shop.bring_back(second, 4 * kHour, {"RICE"});
    shop.bring_back(second, 4 * kHour + minutes{20}, {"CUP"});
    shop.tick(6 * kHour);
    EXPECT_TRUE(shop.flags.empty());
}

TEST(GiftKept, IsFlaggedAfterARestartInBetween) {
    Watched shop;
    const Sale sale = shop.redeem(kHour, "", 105'00, "CUP");
    shop.bring_back(sale, 2 * kHour, {"RICE"});
    AbuseWatch again{AbuseSettings{}};
    for (const std::string& key : shop.watch.keys()) again.restore_row(key, shop.watch.row(key));
    again.tick(at(3 * kHour));
    EXPECT_EQ(again.take_flags().size(), 1U);
}

TEST(GiftKept, IsNotFlaggedWhereTheGoodsWereBoughtOnAnotherReceipt) {
    Watched shop;
    shop.redeem(kHour, "ada", 105'00, "CUP");
    Sale other = receipt(77, kHour, "ada");
    other.lines.front().gross = other.lines.front().net = Money::minor(99'00);
    shop.bring_back(other, 2 * kHour, {"RICE"});
    shop.tick(4 * kHour);
    EXPECT_TRUE(shop.flags.empty());
}

TEST(RedeemThenRefund, OfOneCardIsFlaggedFromTheThirdInAWeek) {
    Watched shop;
    for (int i = 0; i < 3; ++i) {
        const Sale sale = shop.redeem(i * 30 * kHour, "ada");
        EXPECT_EQ(shop.flagged(AbuseKind::RedeemThenRefund), 0);
        shop.bring_back(sale, i * 30 * kHour + kHour, {"RICE"});
    }
    EXPECT_EQ(shop.flagged(AbuseKind::RedeemThenRefund), 1);
}

TEST(RedeemThenRefund, IsNoneWhereTheThresholdStillHolds) {
    Watched shop;
    for (int i = 0; i < 5; ++i) {
        const Sale sale = shop.redeem(i * kHour, "ada", 300'00);
        shop.bring_back(sale, i * kHour + minutes{10}, {"RICE"});
    }
    EXPECT_EQ(shop.flagged(AbuseKind::RedeemThenRefund), 0);
}

TEST(RedeemThenRefund, OfATillIsJudgedBesideTheOthers) {
    Watched shop;
    for (int i = 0; i < 300; ++i) {
        const Sale sale = shop.redeem(i * minutes{10}, "", 300'00, "", "2");
        if (i % 50 == 0) shop.bring_back(sale, i * minutes{10} + minutes{1}, {"RICE", "OIL"});
    }
    EXPECT_TRUE(shop.flags.empty());
    for (int i = 0; i < 12; ++i) {
        const Sale sale = shop.redeem(50 * kHour + i * minutes{20}, "", 300'00);
        shop.bring_back(sale, 50 * kHour + i * minutes{20} + minutes{1}, {"RICE", "OIL"});
    }
    ASSERT_GE(shop.flagged(AbuseKind::RedeemThenRefund), 1);
    EXPECT_EQ(shop.flags.front().till, kFirst);
    EXPECT_GT(shop.flags.front().expected, 0);
    EXPECT_LT(shop.flags.front().p, 1e-4);
}

// Six days of two tills at noon, thirty receipts each, a third of them redeemed.
void six_days(Watched& shop) {
    for (int day = 0; day < 6; ++day)
        for (int i = 0; i < 60; ++i) {
            const auto when = day * kDay + i * minutes{1};
            if (i % 6 < 2)
                shop.redeem(when, "", 300'00, "", std::to_string(1 + i % 2));
            else
                shop.sell(when, "", std::to_string(1 + i % 2));
        }
    shop.tick(6 * kDay - kHour);
}

TEST(RedemptionSpike, OfOneTillIsFlagged) {
    Watched shop;
    six_days(shop);
    EXPECT_TRUE(shop.flags.empty());
    for (int i = 0; i < 60; ++i) {
        shop.sell(6 * kDay + i * minutes{1}, "", std::to_string(1 + i % 2));
        Redeemed forged = shop.redemption(receipt(shop.n, at().wall - at().wall));
        forged.offer = OfferId{"f" + std::to_string(i)};
        forged.sale = {};
        forged.till = kFirst;
        shop.watch.redeemed(forged, at(6 * kDay + i * minutes{1}));
    }
    shop.tick(6 * kDay + kHour);
    ASSERT_EQ(shop.flagged(AbuseKind::RedemptionSpike), 1);
    EXPECT_EQ(shop.flags.front().count, 60);
    EXPECT_EQ(shop.flags.front().till, kFirst);
}

TEST(RedemptionSpike, IsNoneOnADayOnWhichEverybodyComes) {
    Watched shop;
    six_days(shop);
    for (int i = 0; i < 600; ++i) {
        const auto when = 6 * kDay + i * seconds{6};
        if (i % 6 < 3)
            shop.redeem(when, "", 300'00, "", std::to_string(1 + i % 2));
        else
            shop.sell(when, "", std::to_string(1 + i % 2));
    }
    shop.tick(6 * kDay + 2 * kHour);
    EXPECT_EQ(shop.flagged(AbuseKind::RedemptionSpike), 0);
}

TEST(RedemptionSpike, IsNotJudgedWhereNothingIsKnownToJudgeItBy) {
    Watched shop;
    for (int i = 0; i < 50; ++i) shop.redeem(i * minutes{1}, "", 300'00);
    shop.tick(2 * kHour);
    EXPECT_TRUE(shop.flags.empty());
}

TEST(AbuseRows, GiveTheSameWatchAgain) {
    Watched shop;
    six_days(shop);
    for (int i = 0; i < 7; ++i) shop.sell(6 * kDay + i * kHour, "ada");
    AbuseWatch again{AbuseSettings{}};
    for (const std::string& key : shop.watch.keys()) again.restore_row(key, shop.watch.row(key));
    EXPECT_EQ(again.keys().size(), shop.watch.keys().size());
    for (const std::string& key : again.keys()) EXPECT_EQ(again.row(key), shop.watch.row(key));
    again.sold(receipt(999, 6 * kDay + 7 * kHour, "ada"), false, at(6 * kDay + 7 * kHour));
    EXPECT_EQ(again.take_flags().size(), 1U);
}

TEST(AbuseRows, ThatItDidNotWriteAreRefused) {
    for (const char* const key : {"used/x", "till/x", "card/x", "began", "what/x", "x"}) {
        AbuseWatch watch{AbuseSettings{}};
        EXPECT_THROW(watch.restore_row(key, "nonsense"), std::exception) << key;
    }
}

TEST(AbuseErasure, LeavesNothingOfAMember) {
    Watched shop;
    shop.redeem(minutes{0}, "adaadaada");
    for (int i = 1; i < 5; ++i) shop.sell(i * kHour, "adaadaada");
    shop.watch.erase(MemberKey{"adaadaada"});
    for (const std::string& key : shop.watch.keys()) {
        EXPECT_EQ(key.find("adaadaada"), std::string::npos);
        EXPECT_EQ(shop.watch.row(key).find("adaadaada"), std::string::npos);
    }
}

TEST(AbuseWatch, ForgetsRedemptionsAfterThirtyDays) {
    Watched shop;
    shop.redeem(minutes{0});
    shop.tick(31 * kDay);
    EXPECT_TRUE(std::ranges::none_of(shop.watch.keys(),
                                     [](const auto& key) { return key.starts_with("used/"); }));
}

TEST(AbuseWatch, ForgetsCardsThatNobodyHasShown) {
    Watched shop;
    for (int i = 0; i < 4; ++i) shop.sell(i * kHour, "ada");
    EXPECT_EQ(std::ranges::count(shop.watch.keys(), std::string{"card/ada"}), 1);
    EXPECT_FALSE(shop.watch.take_marks().empty());
    shop.tick(3 * kDay);
    EXPECT_EQ(std::ranges::count(shop.watch.keys(), std::string{"card/ada"}), 0);
    EXPECT_TRUE(shop.watch.take_marks().contains("card/ada"));
    EXPECT_EQ(shop.watch.row("card/ada"), "");
}

// Through the engine: a gift of a real campaign whose goods go back.
TEST(Engine, TellsTheWatchOfItsRedemptions) {
    Shop shop{{campaign("c", kBasket,
                        R"({"type": "gift", "sku": "CUP", "min_spend": 5000, "worth": 900})")}};
    const BasketAnswer answer = shop.ask(basket_of({60'00}), at());
    Sale sale = kit::sale_of(60'00);
    sale.vendor_id = "b1";
    sale.lines.front().sku = "SKU1";
    EXPECT_EQ(shop.sell(sale, at(minutes{1})).redemptions.size(), 1U);
    Sale back = sale;
    back.sale = SaleId{"r"};
    back.type = SaleType::Return;
    back.vendor_id.clear();
    for (SaleLine& line : back.lines)
        line.qty_milli = -line.qty_milli, line.gross = -line.gross, line.net = -line.net;
    shop.sell(back, at(minutes{2}));
    shop.engine = shop.restored();
    const Effects later = shop.tick(at(kHour));
    ASSERT_EQ(later.flags.size(), 1U);
    EXPECT_EQ(later.flags.front().kind, AbuseKind::GiftKept);
    EXPECT_EQ(later.flags.front().campaign.value, "c");
}

}  // namespace
}  // namespace aisle::offers
