#include "shop.hpp"

// Staff stop a campaign in this shop.
namespace aisle::offers {
namespace {

const CampaignId kC{"c"};

std::string text_with(int version) {
    return campaign("c", kSeen, kTenOffHundred, R"("version": )" + std::to_string(version));
}

void stop(Shop& shop, bool stopped = true) {
    Acted acted = stopped ? shop.engine->stop(kC, "lin", kit::at())
                          : shop.engine->resume(kC, "boss", kit::at());
    EXPECT_EQ(acted.verdict, Verdict::Done);
    shop.commit(std::move(acted.effects));
}

TEST(StopHere, EndsNewOffersAtOnceAndSaysWhy) {
    Shop shop{{text_with(1)}};
    stop(shop);
    EXPECT_EQ(reason_of(shop.see(kit::at(seconds{1}))), "stopped_here");
    EXPECT_EQ(shop.status().paused, kStoppedHere);
}

TEST(StopHere, LeavesLiveOffersAsTheyAre) {
    Shop shop{{text_with(1)}};
    const Offer offer = shop.seen(kit::at());
    stop(shop);
    EXPECT_EQ(shop.act(offer.id, OfferAction::Accept, "lin", kit::at(seconds{2})).verdict,
              Verdict::Done);
}

TEST(StopHere, TellsWhoDidIt) {
    Shop shop{{text_with(1)}};
    const Acted acted = shop.engine->stop(kC, "lin", kit::at());
    ASSERT_EQ(acted.effects.alarms.size(), 1U);
    EXPECT_EQ(acted.effects.alarms.front().kind, "campaign.stop");
    EXPECT_EQ(acted.effects.alarms.front().detail, "by lin");
}

TEST(StopHere, SurvivesARestart) {
    Shop shop{{text_with(1)}};
    stop(shop);
    shop.engine = shop.restored();
    EXPECT_EQ(reason_of(shop.see(kit::at(seconds{1}))), "stopped_here");
}

TEST(StopHere, IsLiftedByAnotherVersion) {
    Shop shop{{text_with(1)}};
    stop(shop);
    shop.campaigns = set_of({text_with(2)});
    shop.engine->load(shop.campaigns);
    EXPECT_FALSE(shop.seen(kit::at(seconds{1})).id.empty());
}

TEST(StopHere, IsLiftedByWhoIsInCharge) {
    Shop shop{{text_with(1)}};
    stop(shop);
    stop(shop, false);
    EXPECT_FALSE(shop.seen(kit::at(seconds{1})).id.empty());
}

TEST(StopHere, ChangesNothingTheSecondTime) {
    Shop shop{{text_with(1)}};
    EXPECT_EQ(shop.engine->resume(kC, "boss", kit::at()).verdict, Verdict::Same);
    stop(shop);
    const Acted again = shop.engine->stop(kC, "lin", kit::at());
    EXPECT_EQ(again.verdict, Verdict::Same);
    EXPECT_TRUE(again.effects.state.empty());
    EXPECT_EQ(shop.engine->stop(CampaignId{"x"}, "lin", kit::at()).verdict, Verdict::Unknown);
}

TEST(StopHere, IsNotLiftedByWhoAsks) {
    Shop shop{{campaign("c", kBasket, kTenOffHundred)}};
    stop(shop);
    EXPECT_TRUE(shop.ask(basket_of({200'00}), kit::at(seconds{1})).answer.offers.empty());
}

TEST(CampaignStatus, TellsWhoWasPromptedBesideWhoWasLeftAlone) {
    Shop shop{
        {campaign("c", kBasket, kTenOffHundred,
                  R"("experiment": {"holdout": 0, "arms": [["control", 0.5], ["A", 0.5]]})")}};
    for (int i = 0; i < 40; ++i) shop.ask(basket_of({200'00}, "b" + std::to_string(i)), kit::at());
    const CampaignStatus status = shop.status();
    EXPECT_EQ(status.prompted.exposed + status.left_alone.exposed, 40);
    EXPECT_GT(status.prompted.exposed, 5);
    EXPECT_GT(status.left_alone.exposed, 5);
}

}  // namespace
}  // namespace aisle::offers
