#include "agent/offers/codes.hpp"

#include <set>

#include "sales.hpp"

namespace aisle::offers {
namespace {

using kit::at;

Codes codes_of(const std::string& prefix, const std::string& key = "k") {
    auto made = Codes::make({.prefix = prefix, .key = key});
    if (!made) std::abort();
    return std::move(*made);
}

TEST(CodeRange, HasAsManyCodesAsThereAreDigitsLeft) {
    EXPECT_EQ(codes_of("29").size(), 10'000'000'000U);
    EXPECT_EQ(codes_of("299").size(), 1'000'000'000U);
    EXPECT_EQ(codes_of("299999").size(), 1'000'000U);
}

TEST(CodeRange, RefusesPrefixesAndKeysByName) {
    for (const char* prefix : {"", "2", "2999999", "29a", "-29", " 29"}) {
        const auto made = Codes::make({.prefix = prefix, .key = "k"});
        ASSERT_FALSE(made) << prefix;
        EXPECT_EQ(made.error(), denied("the prefix of one-time codes must be 2 to 6 digits"));
    }
    EXPECT_EQ(Codes::make({.prefix = "29", .key = ""}).error(),
              denied("the key of one-time codes is missing"));
}

TEST(Permutation, RepeatsNothingInSamplesFromOneEndOfASmallRangeToTheOther) {
    const Codes codes = codes_of("123456");
    std::vector<bool> met(codes.size());
    // Twenty thousand of a million: drawn at random they would meet two hundred times.
    for (std::uint64_t i = 0; i < codes.size(); i += 50) {
        const auto number = std::stoull(codes.at(i).substr(6, 6));
        ASSERT_LT(number, met.size());
        ASSERT_FALSE(met[number]) << "sequence " << i;
        met[number] = true;
    }
}

TEST(Permutation, BeginsAgainBehindTheLastNumber) {
    const Codes codes = codes_of("123456");
    EXPECT_EQ(codes.at(codes.size()), codes.at(0));
    EXPECT_EQ(codes.at(codes.size() + 17), codes.at(17));
    EXPECT_NE(codes.at(codes.size() - 1), codes.at(0));
}

TEST(Permutation, HidesTheSequence) {
    const Codes codes = codes_of("29");
    int rising = 0;
    for (std::uint64_t i = 0; i < 1'000; ++i) rising += codes.at(i) < codes.at(i + 1);
    EXPECT_GT(rising, 400);
    EXPECT_LT(rising, 600);
}

TEST(Permutation, IsAnotherOneForEachKeyAndPrefix) {
    int same = 0;
    const Codes one = codes_of("299", "one"), two = codes_of("299", "two");
    for (std::uint64_t i = 0; i < 1'000; ++i) same += one.at(i) == two.at(i);
    EXPECT_EQ(same, 0);
}

TEST(CheckDigit, IsThatOfKnownNumbers) {
    // Printed on goods that anybody can buy.
    for (const char* ean : {"4006381333931", "5901234123457", "9780306406157", "0000000000000"})
        EXPECT_EQ(ean13_check_digit(std::string{ean}.substr(0, 12)), ean[12]) << ean;
}

TEST(CheckDigit, NoticesEveryWrongDigit) {
    const Codes codes = codes_of("299");
    const std::string code = codes.at(3);
    for (std::size_t i = 0; i < code.size(); ++i) {
        for (char digit = '0'; digit <= '9'; ++digit) {
            std::string wrong = code;
            wrong[i] = digit;
            EXPECT_EQ(codes.well_formed(wrong), wrong == code) << wrong;
        }
    }
}

TEST(WellFormed, WantsThirteenDigitsOfTheRange) {
    const Codes codes = codes_of("299");
    const std::string code = codes.at(0);
    EXPECT_TRUE(codes.well_formed(code));
    EXPECT_FALSE(codes.well_formed(""));
    EXPECT_FALSE(codes.well_formed(code + "0"));
    EXPECT_FALSE(codes.well_formed(code.substr(0, 12)));
    EXPECT_FALSE(codes.well_formed("29x" + code.substr(3)));
    EXPECT_FALSE(codes.well_formed(codes_of("298").at(0)));
}

TEST(Codes, OfOneStoreGoOnAfterARestart) {
    Shop shop{{campaign("c", kBasket, kTenPercent)}};
    std::set<std::string> given;
    for (int i = 0; i < 40; ++i) {
        if (i % 7 == 3) shop.engine = shop.restored();
        const auto asked = shop.ask(basket_of({500}, "b" + std::to_string(i)), at()).answer;
        ASSERT_EQ(asked.offers.size(), 1U);
        EXPECT_TRUE(given.insert(asked.offers.front().code).second) << i;
    }
}

// A shop in which Ada's code has been used at till 3, in sale s-9.
struct Used : Shop {
    Used() : Shop{{campaign("c", kSeen, kTenOffHundred)}}, offer{seen(at())} {
        commit(*engine->redeem_code(
            {.code = offer.code, .till = TillId{"3"}, .by = "cashier", .sale = SaleId{"s-9"}},
            at(seconds{5})));
    }
    std::string again() {
        const auto used = engine->redeem_code({.code = offer.code, .till = TillId{"4"}, .by = "x"},
                                              at(seconds{9}));
        return used ? "redeemed" : used.error().detail;
    }
    Offer offer;
};

TEST(SecondUse, NamesTimeTillAndSaleOfTheFirst) {
    EXPECT_EQ(Used{}.again(), "used at 2026-06-12T04:00:05.000Z, till 3, sale s-9");
}

TEST(SecondUse, ChangesNothing) {
    Used shop;
    const auto before = shop.engine->rows().size();
    const auto status = shop.status();
    shop.again();
    EXPECT_EQ(shop.engine->rows().size(), before);
    EXPECT_EQ(shop.status().redemptions, status.redemptions);
}

TEST(SecondUse, OfACodeThatStaffHaveRedeemedNamesWhoDidIt) {
    Shop shop{{campaign("c", kSeen, kTenOffHundred)}};
    const Offer offer = shop.seen(at());
    shop.act(offer.id, OfferAction::Accept, "li", at(seconds{1}));
    shop.act(offer.id, OfferAction::Redeem, "li", at(seconds{2}));
    const auto used =
        shop.engine->redeem_code({.code = offer.code, .till = TillId{"4"}}, at(seconds{9}));
    EXPECT_EQ(used.error().detail, "used at 2026-06-12T04:00:02.000Z, by li");
}

TEST(SecondUse, OfADeclinedOfferSaysWhenThatWas) {
    Shop shop{{campaign("c", kSeen, kTenOffHundred)}};
    const Offer offer = shop.seen(at());
    shop.act(offer.id, OfferAction::Decline, "li", at(seconds{2}), "busy");
    const auto used =
        shop.engine->redeem_code({.code = offer.code, .till = TillId{"4"}}, at(seconds{9}));
    EXPECT_EQ(used.error().detail, "declined at 2026-06-12T04:00:02.000Z");
}

TEST(CodeUse, TakesTheAmountThatTheTillReallyTookOff) {
    Shop shop{{campaign("c", kSeen, kTenOffHundred)}};
    const Offer offer = shop.seen(at());
    const auto effects = shop.engine->redeem_code(
        {.code = offer.code, .till = TillId{"3"}, .by = "cashier", .amount = Money::minor(700)},
        at());
    ASSERT_TRUE(effects);
    ASSERT_EQ(effects->redemptions.size(), 1U);
    EXPECT_EQ(effects->redemptions.front().amount, Money::minor(700));
    EXPECT_EQ(effects->redemptions.front().member, kAda);
}

TEST(CodeUse, TakesAnOfferThatNobodyHasAcceptedAndOneThatIsPresented) {
    for (const int steps : {0, 1, 2}) {
        Shop shop{{campaign("c", kSeen, kTenOffHundred)}};
        const Offer offer = shop.seen(at());
        if (steps > 0) shop.act(offer.id, OfferAction::Accept, "li", at());
        if (steps > 1) shop.act(offer.id, OfferAction::Present, "li", at());
        EXPECT_TRUE(shop.engine->redeem_code({.code = offer.code, .till = TillId{"3"}}, at()))
            << steps;
    }
}

// The refusals of two receipts of till 1 that name a code which was redeemed without a sale.
std::vector<std::string> refused(Shop& shop, const std::string& code) {
    std::vector<std::string> reasons;
    for (const std::int64_t seq : {1, 2})
        for (const Refusal& refusal : shop.sell(naming(code, 10'00, seq), at(seconds{60})).refusals)
            reasons.push_back(refusal.sale.value.back() + refusal.reason);
    return reasons;
}

TEST(Receipts, OfACodeThatTheSameTillHasRedeemedAreItsFirstUse) {
    Shop shop{{campaign("c", kSeen, kTenOffHundred)}};
    const Offer offer = shop.seen(at());
    shop.commit(*shop.engine->redeem_code({.code = offer.code, .till = TillId{"1"}}, at()));
    const std::string first = kit::sale_of(1).sale.value;
    EXPECT_EQ(refused(shop, offer.code),
              std::vector{"2used at 2026-06-12T04:00:00.000Z, till 1, sale " + first});
}

TEST(Receipts, OfACodeThatStaffHaveRedeemedAreItsFirstUse) {
    Shop shop{{campaign("c", kSeen, kTenOffHundred)}};
    const Offer offer = shop.seen(at());
    shop.act(offer.id, OfferAction::Accept, "li", at());
    shop.act(offer.id, OfferAction::Redeem, "li", at());
    shop.engine = shop.restored();
    EXPECT_EQ(refused(shop, offer.code).size(), 1U);
    EXPECT_EQ(shop.status().redemptions, 1);
}

TEST(Receipts, OfACodeThatAnotherTillHasRedeemedAreSecondUses) {
    Shop shop{{campaign("c", kSeen, kTenOffHundred)}};
    const Offer offer = shop.seen(at());
    shop.commit(*shop.engine->redeem_code({.code = offer.code, .till = TillId{"9"}}, at()));
    EXPECT_EQ(refused(shop, offer.code),
              (std::vector<std::string>{"1used at 2026-06-12T04:00:00.000Z, till 9",
                                        "2used at 2026-06-12T04:00:00.000Z, till 9"}));
}

TEST(Receipts, ThatAreKnownNowAreKnownAfterARestart) {
    Shop shop{{campaign("c", kSeen, kTenOffHundred)}};
    const Offer offer = shop.seen(at());
    shop.commit(*shop.engine->redeem_code({.code = offer.code, .till = TillId{"1"}}, at()));
    const Sale sale = naming(offer.code, 10'00);
    shop.sell(sale, at(seconds{60}));
    shop.engine = shop.restored();
    EXPECT_EQ(shop.sell(naming(offer.code, 10'00, 2), at(seconds{61})).refusals.size(), 1U);
}

}  // namespace
}  // namespace aisle::offers
