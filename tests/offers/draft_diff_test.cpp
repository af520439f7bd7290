#include "agent/offers/draft_diff.hpp"

#include "shop.hpp"

// What another set would have made of decisions that an engine has made.
namespace aisle::offers {
namespace {

struct Past {
    explicit Past(const std::vector<std::string>& campaigns) : shop{campaigns} {}
    void basket(const std::string& key, std::int64_t amount, int at_s, MemberKey who = {}) {
        Basket basket = basket_of({amount}, key);
        basket.member = std::move(who);
        keep(shop.ask(basket, kit::at(seconds{at_s})).effects);
    }
    void seen(int at_s) { keep(shop.see(kit::at(seconds{at_s}))); }
    void keep(const Effects& effects) {
        for (const Decision& decision : effects.withheld) stored.push_back(decision);
        for (const Offer& offer : effects.offers)
            if (offer.revision == 1 && (stored.empty() || stored.back().id != offer.decision.id))
                stored.push_back(offer.decision);
    }
    [[nodiscard]] DraftDiff under(const CampaignSet& draft) const {
        DraftDiff diff{draft};
        for (const Decision& decision : stored) EXPECT_TRUE(diff.take(*shop.campaigns, decision));
        return diff;
    }

    Shop shop;
    std::vector<Decision> stored;
};

const std::string kTwentyOffHundred = R"({"type": "spend_tiers", "tiers": [[10000, 2000]]})";
const std::string kTwentyOffTwo = R"({"type": "spend_tiers", "tiers": [[20000, 2000]]})";

DraftChange change(const DraftDiff& diff, const std::string& id) {
    const auto at = diff.campaigns().find(CampaignId{id});
    return at == diff.campaigns().end() ? DraftChange{} : at->second;
}

TEST(DraftDiff, ChangesNothingUnderTheSameSet) {
    Past past{{campaign("c", kBasket, kTenOffHundred, R"("limits": {"budget_fen": 2500})")}};
    for (int i = 0; i < 5; ++i) past.basket("b" + std::to_string(i), 200'00, i);
    const DraftDiff diff = past.under(*past.shop.campaigns);
    EXPECT_EQ(diff.decisions(), 5);
    EXPECT_EQ(diff.changed(), 0);
    EXPECT_EQ(change(diff, "c").kind, DraftChange::Kind::Same);
    EXPECT_EQ(change(diff, "c").before.offers, 2);
    EXPECT_EQ(change(diff, "c").after.offers, 2);
}

TEST(DraftDiff, TellsWhatIsLostAndWhatIsWorthMore) {
    Past past{{campaign("c", kBasket, kTenOffHundred)}};
    past.basket("b1", 150'00, 0);
    past.basket("b2", 250'00, 1);
    const auto draft = set_of({campaign("c", kBasket, kTwentyOffTwo)});
    const DraftDiff diff = past.under(*draft);
    const DraftChange c = change(diff, "c");
    EXPECT_EQ(c.kind, DraftChange::Kind::Changed);
    EXPECT_EQ(c.lost, 1);
    EXPECT_EQ(c.revalued, 1);
    EXPECT_EQ(c.before.value, Money::minor(2'000));
    EXPECT_EQ(c.after.value, Money::minor(2'000));
    EXPECT_EQ(diff.changed(), 2);
}

TEST(DraftDiff, TellsWhatANewCampaignTakesFromAnother) {
    Past past{{campaign("old", kSeen, kTenOffHundred)}};
    past.seen(0);
    const auto draft =
        set_of({campaign("old", kSeen, kTenOffHundred),
                campaign("new", kSeen, kTwentyOffHundred, R"("stack": {"priority": 9})")});
    const DraftDiff diff = past.under(*draft);
    EXPECT_EQ(change(diff, "new").won, 1);
    EXPECT_EQ(change(diff, "new").kind, DraftChange::Kind::New);
    EXPECT_EQ(change(diff, "old").lost, 1);
}

TEST(DraftDiff, TellsWhatACampaignThatIsGoneHadGiven) {
    Past past{{campaign("c", kBasket, kTenOffHundred)}};
    past.basket("b1", 200'00, 0);
    const auto draft = set_of({});
    const DraftDiff diff = past.under(*draft);
    EXPECT_EQ(change(diff, "c").kind, DraftChange::Kind::Gone);
    EXPECT_EQ(change(diff, "c").lost, 1);
}

TEST(DraftDiff, RunsTheBudgetOfAChangedCampaignForward) {
    Past past{{campaign("c", kBasket, kTenOffHundred)}};
    for (int i = 0; i < 5; ++i) past.basket("b" + std::to_string(i), 200'00, i);
    const auto draft =
        set_of({campaign("c", kBasket, kTenOffHundred, R"("limits": {"budget_fen": 3000})")});
    const DraftChange c = change(past.under(*draft), "c");
    EXPECT_EQ(c.before.offers, 5);
    EXPECT_EQ(c.after.offers, 3);
    EXPECT_EQ(c.after.value, Money::minor(3'000));
}

TEST(DraftDiff, GivesBackWhatABasketHeldWhenItIsAskedAboutAgain) {
    Past past{{campaign("c", kBasket, kTenOffHundred)}};
    for (int i = 0; i < 4; ++i) past.basket("b1", 200'00, i);
    const auto draft =
        set_of({campaign("c", kBasket, kTenOffHundred, R"("limits": {"budget_fen": 1000})")});
    EXPECT_EQ(change(past.under(*draft), "c").after.offers, 4);
}

TEST(DraftDiff, RunsTheCapOfAChangedCampaignForward) {
    Past past{{campaign("c", kBasket, kTenOffHundred)}};
    for (int i = 0; i < 4; ++i) past.basket("b" + std::to_string(i), 200'00, i, kAda);
    past.basket("late", 200'00, 90'000, kAda);
    const auto draft = set_of({campaign(
        "c", kBasket, kTenOffHundred, R"("limits": {"per_customer": [{"n": 2, "per": "P1D"}]})")});
    EXPECT_EQ(change(past.under(*draft), "c").after.offers, 3);
}

TEST(DraftDiff, RunsRedemptionsAndRearmingForward) {
    Past past{{campaign("c", kSeen, kTenOffHundred), campaign("d", kBasket, kTenOffHundred)}};
    past.seen(0);
    past.shop.tick(kit::at(seconds{2'000}));
    past.seen(2'000);
    for (int i = 0; i < 3; ++i) past.basket("b" + std::to_string(i), 200'00, 2'001 + i);
    const auto draft =
        set_of({campaign("c", R"({"type": "member_seen", "rearm_s": 7200})", kTenOffHundred),
                campaign("d", kBasket, kTenOffHundred, R"("limits": {"redemptions": 1})")});
    const DraftDiff diff = past.under(*draft);
    EXPECT_EQ(change(diff, "c").before.offers, 2);
    EXPECT_EQ(change(diff, "c").after.offers, 1);
    EXPECT_EQ(change(diff, "d").after.offers, 1);
}

TEST(DraftDiff, LeavesOutADecisionThatDoesNotTellItsLimits) {
    Past past{{campaign("c", kBasket, kTenOffHundred)}};
    past.basket("b1", 200'00, 0);
    past.stored.front().context.replace(past.stored.front().context.find(R"("v":2,)"), 6, "");
    DraftDiff diff{*past.shop.campaigns};
    EXPECT_FALSE(diff.take(*past.shop.campaigns, past.stored.front()));
    EXPECT_EQ(diff.decisions(), 0);
}

}  // namespace
}  // namespace aisle::offers
