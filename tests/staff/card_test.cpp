#include "agent/staff/card.hpp"

#include <gtest/gtest.h>

#include "fakes.hpp"
#include "tests/kit/builders.hpp"

namespace aisle::staff {
namespace {

TEST(HandleOf, IsTheEndOfThePseudonymInCapitals) {
    EXPECT_EQ(handle_of(MemberKey{std::string{kMemberKey}}), "#7F3A");
    EXPECT_EQ(handle_of(MemberKey{"ab"}), "#AB");
    EXPECT_EQ(handle_of(MemberKey{}), "");
}

TEST(IsLive, HoldsUntilAnOfferIsFinished) {
    EXPECT_TRUE(is_live(OfferState::Offered));
    EXPECT_TRUE(is_live(OfferState::Accepted));
    EXPECT_TRUE(is_live(OfferState::Presented));
    EXPECT_FALSE(is_live(OfferState::Redeemed));
    EXPECT_FALSE(is_live(OfferState::Declined));
    EXPECT_FALSE(is_live(OfferState::Expired));
}

TEST(CardOf, HoldsNoPseudonymAndNoDecision) {
    Offer offer = offer_of(1, kit::at());
    offer.member = MemberKey{std::string{kMemberKey}};
    offer.decision.id = "d-secret";
    offer.decision.context = "ctx-secret";
    const std::string text = boost::json::serialize(card_of(offer, kit::at()));
    EXPECT_EQ(text.find(kMemberKey), std::string::npos);
    EXPECT_EQ(text.find("secret"), std::string::npos);
    EXPECT_NE(text.find("#7F3A"), std::string::npos);
}

TEST(CardOf, SaysWhenItEndsOnTheMonotonicClock) {
    const Offer offer = offer_of(1, kit::at());
    const auto card = card_of(offer, kit::at(seconds{60}));
    EXPECT_EQ(card.at("ends").as_int64(), milliseconds_of(kit::at(minutes{15}).mono));
    EXPECT_EQ(card.at("wait_ms").as_int64(), 900'000);
}

TEST(CardOf, EndsOnThisBootsClockWhenItWasMadeInAnother) {
    const Offer offer = offer_of(1, kit::at());
    Stamp rebooted = kit::at(minutes{5});
    rebooted.boot = 2;
    rebooted.mono = MonoTime{seconds{20}};
    EXPECT_EQ(card_of(offer, rebooted).at("ends").as_int64(), 20'000 + 600'000);
}

TEST(CardOf, ShowsReasonsAndTitlesAsTheyAre) {
    Offer offer = offer_of(1, kit::at());
    offer.reasons = {{"dwell_s", "92"}, {"zone", "snacks"}};
    const auto card = card_of(offer, kit::at());
    EXPECT_EQ(card.at("reasons").as_array().size(), 2U);
    EXPECT_EQ(card.at("reasons").at(0).at("key").as_string(), "dwell_s");
    EXPECT_EQ(card.at("title").at("zh-CN").as_string(), "满 99 减 10");
    EXPECT_EQ(card.at("value").as_int64(), 1000);
}

TEST(CardOf, HoldsTheCampaignsOwnDeclineReasonsInTheirOrder) {
    Offer offer = offer_of(1, kit::at());
    EXPECT_TRUE(card_of(offer, kit::at()).at("decline_reasons").as_array().empty());
    offer.decline_reasons = {"no_dog", "busy"};
    const auto card = card_of(offer, kit::at());
    ASSERT_EQ(card.at("decline_reasons").as_array().size(), 2U);
    EXPECT_EQ(card.at("decline_reasons").at(0).as_string(), "no_dog");
}

TEST(CardOf, NamesStatesAndTriggersAsDocumented) {
    Offer offer = offer_of(1, kit::at());
    offer.state = OfferState::Presented;
    offer.trigger = TriggerKind::ZoneDwell;
    EXPECT_EQ(card_of(offer, kit::at()).at("state").as_string(), "presented");
    EXPECT_EQ(card_of(offer, kit::at()).at("trigger").as_string(), "zone_dwell");
    EXPECT_EQ(to_text(OfferState::Redeemed), "redeemed");
    EXPECT_EQ(to_text(OfferState::Declined), "declined");
    EXPECT_EQ(to_text(OfferState::Expired), "expired");
    EXPECT_EQ(to_text(TriggerKind::MemberSeen), "member_seen");
    EXPECT_EQ(to_text(TriggerKind::Basket), "basket");
    EXPECT_EQ(to_text(TriggerKind::ZoneEnter), "zone_enter");
    EXPECT_EQ(to_text(TriggerKind::Occupancy), "occupancy");
    EXPECT_EQ(to_text(TriggerKind::Footfall), "footfall");
    EXPECT_EQ(to_text(TriggerKind::Time), "time");
    EXPECT_EQ(to_text(TriggerKind::Weather), "weather");
    EXPECT_EQ(to_text(TriggerKind::Stock), "stock");
}

TEST(ProfileOf, ShowsWhatFollowsFromPurchasesUnderAHandle) {
    CustomerCard customer;
    customer.member = MemberKey{std::string{kMemberKey}};
    customer.known = true;
    customer.tier = "gold";
    customer.stage = LifecycleStage::AtRisk;
    customer.spent = Money::minor(12345);
    customer.last = {{.at = kit::kNoon, .total = Money::minor(999), .lines = 3}};
    customer.consent = {{"marketing.personal", {.granted = false}}};
    const auto profile = profile_of(customer);
    EXPECT_EQ(profile.at("handle").as_string(), "#7F3A");
    EXPECT_EQ(profile.at("lifecycle").as_string(), "at_risk");
    EXPECT_EQ(profile.at("spent").as_int64(), 12345);
    EXPECT_EQ(profile.at("last").at(0).at("total").as_int64(), 999);
    EXPECT_FALSE(profile.at("consent").at("marketing.personal").as_bool());
    EXPECT_EQ(boost::json::serialize(profile).find(kMemberKey), std::string::npos);
}

TEST(ProfileOf, NamesTheThreeCategoriesThatAreBoughtMost) {
    CustomerCard customer;
    customer.categories = {{"bread", 1}, {"milk", 9}, {"tea", 4}, {"wine", 2}};
    const auto favourites = profile_of(customer).at("favourites").as_array();
    ASSERT_EQ(favourites.size(), 3U);
    EXPECT_EQ(favourites[0].as_string(), "milk");
    EXPECT_EQ(favourites[2].as_string(), "wine");
}

TEST(TodayOf, HasNoConversionWhileItIsUnknown) {
    Today today{.business_date = Date{std::chrono::year{2026} / 6 / 12}};
    EXPECT_TRUE(today_of(today).at("conversion_permille").is_null());
    today.conversion_permille = 311;
    EXPECT_EQ(today_of(today).at("conversion_permille").as_int64(), 311);
    EXPECT_EQ(today_of(today).at("business_date").as_string(), "2026-06-12");
}

TEST(StatusOf, TellsEachSourceAndWhenItWasLastHeard) {
    ShopStatus status;
    status.sources = {{.name = "door", .driver = "counter", .up = true, .last = kit::kNoon},
                      {.name = "camera", .detail = "no such file"}};
    const auto json = status_of(status);
    EXPECT_EQ(json.at("sources").at(0).at("last").as_string(), to_rfc3339(kit::kNoon));
    EXPECT_TRUE(json.at("sources").at(1).at("last").is_null());
    EXPECT_EQ(json.at("sources").at(1).at("detail").as_string(), "no such file");
}

}  // namespace
}  // namespace aisle::staff
