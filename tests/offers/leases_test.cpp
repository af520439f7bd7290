#include <random>

#include "shop.hpp"

// Money that is the whole chain's.
namespace aisle::offers {
namespace {

using kit::at;

const std::string kLeased = R"("limits": {"budget_fen": 100000, "store_lease": "auto"})";

struct LeasedShop : Shop {
    explicit LeasedShop(const std::string& parts = kLeased)
        : Shop{{campaign("c", kBasket, kTenOffHundred, parts)}} {}
    void grant(std::int64_t fen) {
        commit(engine->lease_granted(CampaignId{"c"}, Money::minor(fen), at()));
    }
    Money give_back(std::int64_t at_most) {
        auto back = engine->lease_returned(CampaignId{"c"}, Money::minor(at_most), at());
        commit(std::move(back.effects));
        return back.amount;
    }
    [[nodiscard]] LeaseStatus lease() const {
        const auto all = engine->leases();
        return all.empty() ? LeaseStatus{} : all.front();
    }
    // A basket of 120.00, worth 10.00 off.
    std::string tried(const std::string& key) {
        return reason_of(ask(basket_of({120'00}, key), at()).effects);
    }
};

TEST(LeasedCampaign, NeedsABudgetToBeLeasedFrom) {
    EXPECT_NE(
        fault_in(campaign("c", kBasket, kTenOffHundred, R"("limits": {"store_lease": "auto"})"))
            .find("limits.store_lease"),
        std::string::npos);
    EXPECT_NE(fault_in(campaign("c", kBasket, kTenOffHundred,
                                R"("limits": {"budget_fen": 1, "store_lease": "some"})"))
                  .find("limits.store_lease"),
              std::string::npos);
}

TEST(LeasedCampaign, OffersNothingWithoutALease) {
    LeasedShop shop;
    EXPECT_EQ(shop.tried("b1"), "no_lease");
    EXPECT_TRUE(shop.lease().wanted);
}

TEST(LeasedCampaign, OffersWhatItsLeaseCovers) {
    LeasedShop shop;
    shop.grant(25'00);
    EXPECT_EQ(shop.tried("b1"), "offered");
    EXPECT_EQ(shop.tried("b2"), "offered");
    EXPECT_EQ(shop.tried("b3"), "budget");
    EXPECT_EQ(shop.lease().reserved, Money::minor(20'00));
    EXPECT_EQ(shop.lease().left, Money::minor(5'00));
    shop.grant(10'00);
    EXPECT_EQ(shop.tried("b3"), "offered");
}

TEST(LeasedCampaign, ACampaignOfItsOwnBudgetNeedsNone) {
    LeasedShop shop{R"("limits": {"budget_fen": 100000, "store_lease": "none"})"};
    EXPECT_EQ(shop.tried("b1"), "offered");
    EXPECT_TRUE(shop.engine->leases().empty());
}

TEST(LeasedCampaign, GivesBackWhatIsFreeAndNoMore) {
    LeasedShop shop;
    shop.grant(30'00);
    shop.tried("b1");
    EXPECT_EQ(shop.give_back(5'00), Money::minor(5'00));
    EXPECT_EQ(shop.give_back(500'00), Money::minor(15'00));
    EXPECT_EQ(shop.give_back(500'00), Money{});
    EXPECT_EQ(shop.tried("b2"), "no_lease");
    shop.commit(shop.engine->cancel_basket("b1", at()));
    EXPECT_EQ(shop.give_back(500'00), Money::minor(10'00));
}

TEST(LeasedCampaign, KeepsItsLeaseOverARestart) {
    LeasedShop shop;
    shop.grant(30'00);
    shop.tried("b1");
    shop.give_back(5'00);
    const auto again = shop.restored();
    EXPECT_EQ(again->leases().front().left, shop.lease().left);
    EXPECT_EQ(again->leases().front().granted, Money::minor(30'00));
    EXPECT_EQ(again->rows().size(), shop.committed().size());
}

TEST(LeasedCampaign, WhatWasSpentBeforeTheFirstLeaseIsNotOfIt) {
    LeasedShop shop{R"("limits": {"budget_fen": 100000})"};
    const BasketAnswer before = shop.ask(basket_of({120'00}, "b1"), at());
    const CodeUse use{.code = before.answer.offers.at(0).code};
    const auto used = shop.engine->redeem_code(use, at());
    ASSERT_TRUE(used);
    shop.commit(*used);
    shop.engine->load(set_of({campaign("c", kBasket, kTenOffHundred, kLeased)}));
    shop.grant(10'00);
    EXPECT_EQ(shop.lease().spent, Money{});
    EXPECT_EQ(shop.tried("b2"), "offered");
    EXPECT_EQ(shop.tried("b3"), "no_lease");
}

TEST(LeasedCampaign, ANewEpochEndsLeasesAndCodes) {
    LeasedShop shop;
    shop.grant(30'00);
    const BasketAnswer answer = shop.ask(basket_of({120'00}, "b1"), at());
    const std::string code = answer.answer.offers.at(0).code;
    shop.commit(shop.engine->new_epoch(at()));
    EXPECT_EQ(shop.lease().left, Money{});
    EXPECT_EQ(shop.lease().reserved, Money{});
    EXPECT_FALSE(shop.engine->redeem_code({.code = code}, at()));
    EXPECT_EQ(shop.tried("b2"), "no_lease");
    shop.grant(10'00);
    EXPECT_EQ(shop.lease().granted, Money::minor(10'00));
    EXPECT_EQ(shop.tried("b3"), "offered");
}

// Grants, returns, baskets, payments, cancellations, restarts and expiries in any order.
TEST(LeasedCampaign, NeverPassesWhatItHolds) {
    for (unsigned seed = 1; seed <= 20; ++seed) {
        std::mt19937 random{seed};
        LeasedShop shop;
        Stamp now = at();
        std::vector<OfferId> open;
        for (int i = 0; i < 300; ++i) {
            now = at(seconds{i * 20});
            const std::string key = "b" + std::to_string(random() % 9);
            switch (random() % 7) {
                case 0:
                    shop.grant(static_cast<std::int64_t>(random() % 30'00) + 1);
                    break;
                case 1:
                    shop.give_back(static_cast<std::int64_t>(random() % 40'00));
                    break;
                case 2:
                    shop.commit(shop.engine->cancel_basket(key, now));
                    break;
                case 3:
                    if (!open.empty()) shop.act(open.back(), OfferAction::Redeem, "s", now);
                    break;
                case 4:
                    shop.engine = shop.restored();
                    shop.tick(now);
                    break;
                default:
                    for (const auto& offer : shop.ask(basket_of({150'00}, key), now).answer.offers)
                        open.push_back(offer.offer);
            }
            const LeaseStatus held = shop.lease();
            ASSERT_LE(held.spent + held.reserved, held.granted - held.returned)
                << "seed " << seed << " step " << i;
        }
    }
}

TEST(Erasure, EndsLiveOffersWithoutAName) {
    Shop shop{{campaign("c", kSeen, kTenOffHundred)}};
    ASSERT_FALSE(shop.seen(at()).id.empty());
    const Effects effects = shop.commit(shop.engine->erase(kAda, at()));
    ASSERT_EQ(effects.offers.size(), 1U);
    EXPECT_TRUE(effects.offers.front().member.empty());
    EXPECT_TRUE(shop.engine->live().empty());
    for (const StateChange& row : shop.committed()) {
        EXPECT_EQ(row.key.find(kAda.value), std::string::npos) << row.key;
        EXPECT_EQ(row.bytes.find(kAda.value), std::string::npos) << row.key;
    }
}

TEST(ConsentWithdrawn, TakesPromptsOffTheTabletsThatNobodyHasTakenUp) {
    Shop shop{{campaign("c", kSeen, kTenOffHundred)}};
    const Offer offer = shop.seen(at());
    shop.commit(shop.engine->consent_withdrawn(MemberKey{"somebody else"}, at()));
    EXPECT_EQ(shop.engine->live().size(), 1U);
    shop.commit(shop.engine->consent_withdrawn(kAda, at()));
    EXPECT_TRUE(shop.engine->live().empty());
}

TEST(ConsentWithdrawn, LeavesWhatStaffHasPromised) {
    Shop shop{{campaign("c", kSeen, kTenOffHundred)}};
    const Offer offer = shop.seen(at());
    shop.act(offer.id, OfferAction::Accept, "s-1", at());
    shop.commit(shop.engine->consent_withdrawn(kAda, at()));
    EXPECT_EQ(shop.engine->live().size(), 1U);
}

}  // namespace
}  // namespace aisle::offers
