#include "agent/offers/closed_offers.hpp"

#include <gtest/gtest.h>

namespace aisle::offers {
namespace {

const std::string kDigits = "00112233445566778899aabbccddeeff";

Closed closed(const std::string& offer, std::uint64_t order) {
    return {.offer = OfferId{offer},
            .code = "2900000000" + std::to_string(order),
            .state = OfferState::Redeemed,
            .by = "林",
            .sale = SaleId{kDigits},
            .till = TillId{"till-2"},
            .at = WallTime{milliseconds{1'790'000'000'123}},
            .order = order};
}

TEST(ClosedOffers, GiveBackAllThatIsKnownOfOne) {
    ClosedOffers all;
    for (const std::string& id : {kDigits, std::string{"o-1"}}) {
        all.put(closed(id, 7));
        const auto found = all.find(OfferId{id});
        ASSERT_TRUE(found) << id;
        EXPECT_EQ(found->offer.value, id);
        EXPECT_EQ(found->code, "29000000007");
        EXPECT_EQ(found->state, OfferState::Redeemed);
        EXPECT_EQ(found->by, "林");
        EXPECT_EQ(found->sale.value, kDigits);
        EXPECT_EQ(found->till.value, "till-2");
        EXPECT_EQ(found->at, WallTime{milliseconds{1'790'000'000'123}});
        EXPECT_EQ(found->order, 7U);
        all.clear();
    }
    EXPECT_FALSE(all.find(OfferId{kDigits}));
}

TEST(ClosedOffers, AreFoundByTheirCodeToo) {
    ClosedOffers all;
    all.put(closed("o-1", 1));
    ASSERT_TRUE(all.under("29000000001"));
    EXPECT_EQ(all.named("29000000001")->offer.value, "o-1");
    EXPECT_EQ(all.named("o-1")->offer.value, "o-1");
    EXPECT_FALSE(all.under("o-1"));
    EXPECT_FALSE(all.named(""));
}

TEST(ClosedOffers, OfOneCodeTheLatestCountsInWhateverOrderTheyCome) {
    Closed early = closed("o-1", 1), late = closed("o-2", 2);
    early.code = late.code = "2912345678901";
    for (const bool late_first : {false, true}) {
        ClosedOffers all;
        all.put(late_first ? late : early);
        all.put(late_first ? early : late);
        EXPECT_EQ(all.under("2912345678901")->offer.value, "o-2");
        EXPECT_EQ(all.drop_oldest().value, "o-1");
        EXPECT_EQ(all.under("2912345678901")->offer.value, "o-2");
    }
}

TEST(ClosedOffers, MayLearnMoreOfOneLater) {
    ClosedOffers all;
    Closed one = closed("o-1", 1);
    one.sale = {};
    all.put(one);
    one.sale = SaleId{kDigits};
    all.put(one);
    EXPECT_EQ(all.size(), 1U);
    EXPECT_EQ(all.find(OfferId{"o-1"})->sale.value, kDigits);
}

TEST(ClosedOffers, TheOldestGoFirst) {
    ClosedOffers all;
    all.put(closed("o-2", 2)), all.put(closed(kDigits, 1)), all.put(closed("o-3", 3));
    EXPECT_EQ(all.ids(), (std::vector<OfferId>{OfferId{kDigits}, OfferId{"o-2"}, OfferId{"o-3"}}));
    EXPECT_EQ(all.drop_oldest().value, kDigits);
    EXPECT_FALSE(all.find(OfferId{kDigits}));
    EXPECT_FALSE(all.under("29000000001"));
    EXPECT_EQ(all.drop_oldest().value, "o-2");
    EXPECT_EQ(all.drop_oldest().value, "o-3");
    EXPECT_TRUE(all.drop_oldest().empty());
}

}  // namespace
}  // namespace aisle::offers
