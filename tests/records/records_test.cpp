#include <gtest/gtest.h>

#include <cmath>

#include "agent/records/floor_records.hpp"
#include "agent/records/ledger_records.hpp"
#include "agent/records/names.hpp"
#include "agent/records/offer_records.hpp"
#include "tests/kit/builders.hpp"

namespace aisle::records {
namespace {

Offer full_offer() {
    Offer offer;
    offer.id = OfferId{"0123456789abcdef0123456789abcdef"};
    offer.campaign = CampaignId{"tea-50"};
    offer.campaign_version = 3;
    offer.action = "spend_tiers";
    offer.title = {{"en", "10 off 100"}, {"zh-CN", "满100减10"}};
    offer.value = Money::minor(1000);
    offer.trigger = TriggerKind::ZoneDwell;
    offer.member = MemberKey{"m"};
    offer.tier = "gold";
    offer.lifecycle = "active";
    offer.eyes = "trolley 14";
    offer.zone = ZoneId{"tea"};
    offer.till = TillId{"2"};
    offer.basket = "b-1";
    offer.reasons = {{"dwell_s", "92"}};
    offer.code = "2900000000018";
    offer.skus = {"S1", "S2"};
    offer.state = OfferState::Accepted;
    offer.revision = 2;
    offer.made = kit::at();
    offer.expires = {.set = kit::at(), .wait = milliseconds{600'000}};
    offer.by = "tablet-1";
    offer.decline_reason = "none";
    offer.decline_reasons = {"busy", "has_it"};
    offer.ghost = true;
    offer.decision = {.id = "d",
                      .trigger = TriggerKind::ZoneDwell,
                      .context = R"({"now":"x"})",
                      .campaign_set = "abcd",
                      .winner = CampaignId{"tea-50"},
                      .counts = {{"cap", 2}},
                      .nearest = {{CampaignId{"milk"}, "cap"}},
                      .at = kit::at()};
    return offer;
}

TEST(OfferRecords, GiveTheSameBytesAfterThereAndBack) {
    const std::string bytes = offer_json(full_offer());
    const auto back = offer_from_json(bytes);
    ASSERT_TRUE(back) << back.error().detail;
    EXPECT_EQ(offer_json(*back), bytes);
    EXPECT_EQ(back->title.at("zh-CN"), "满100减10");
    EXPECT_EQ(back->decision.nearest[0].reason, "cap");
    EXPECT_EQ(back->expires, full_offer().expires);
    EXPECT_EQ(back->decline_reasons, full_offer().decline_reasons);
}

TEST(OfferRecords, LeaveOutAListOfDeclineReasonsThatIsEmpty) {
    Offer offer = full_offer();
    offer.decline_reasons.clear();
    EXPECT_EQ(offer_json(offer).find("decline_reasons"), std::string::npos);
    EXPECT_TRUE(offer_from_json(offer_json(offer))->decline_reasons.empty());
}

TEST(OfferRecords, AreRevisionsOfOneEvent) {
    const Record record = offer_record(full_offer(), kit::at());
    EXPECT_EQ(record.stream, Stream::Offers);
    EXPECT_EQ(record.event_id, full_offer().id.value);
    EXPECT_EQ(record.revision, 2);
    EXPECT_EQ(record.digest.size(), 16U);
}

TEST(OfferRecords, KeepAGhostApartFromAnOffer) {
    const Record record = withheld_record(full_offer(), kit::at());
    EXPECT_EQ(record.kind, "withheld");
    EXPECT_NE(record.body.find(R"("reason":"holdout")"), std::string::npos);
}

TEST(OfferRecords, KeepTheReasonsOfADecisionNobodyWon) {
    const Record record = withheld_record(full_offer().decision, kit::at());
    EXPECT_EQ(record.event_id, "d");
    EXPECT_NE(record.body.find(R"("counts":{"cap":2})"), std::string::npos);
}

TEST(OfferRecords, TellWhoSawAnOfferAndHowItEnded) {
    EXPECT_NE(exposure_record(full_offer(), "tablet-2", kit::at()).body.find(R"("by":"tablet-2")"),
              std::string::npos);
    EXPECT_NE(outcome_record(full_offer(), kit::at()).body.find(R"("state":"accepted")"),
              std::string::npos);
}

TEST(OfferRecords, ReadATransitionAsItWas) {
    const StageTransition made{.member = MemberKey{"m"},
                               .from = LifecycleStage::AtRisk,
                               .to = LifecycleStage::WonBack,
                               .at = kit::at()};
    const auto back = transition_from_json(transition_record(made).body);
    ASSERT_TRUE(back);
    EXPECT_EQ(back->from, made.from);
    EXPECT_EQ(back->to, made.to);
    EXPECT_EQ(back->at, made.at);
}

TEST(LedgerRecords, ReadARedemptionAsItWas) {
    const Redemption made{.offer = OfferId{"o"},
                          .campaign = CampaignId{"c"},
                          .proof = RedemptionProof::Inferred,
                          .amount = Money::minor(5),
                          .sale = SaleId{"s"},
                          .by = "x",
                          .member = MemberKey{"m"},
                          .at = kit::at()};
    const Record record = redemption_record(made);
    const auto back = redemption_from_json(record.body);
    ASSERT_TRUE(back);
    EXPECT_EQ(record.event_id, "o");
    EXPECT_EQ(redemption_record(*back).body, record.body);
    EXPECT_EQ(back->proof, made.proof);
}

TEST(LedgerRecords, ReadABudgetMoveAsItWas) {
    const BudgetMove made{.campaign = CampaignId{"c"},
                          .move = "reserve",
                          .offer = OfferId{"o"},
                          .amount = Money::minor(5),
                          .left = Money::minor(95),
                          .at = kit::at()};
    const auto back = budget_from_json(budget_record(made).body);
    ASSERT_TRUE(back);
    EXPECT_EQ(back->left, made.left);
    EXPECT_EQ(budget_record(*back).body, budget_record(made).body);
}

TEST(LedgerRecords, ReadConsentAuditAndClockAsTheyWere) {
    const Record consent =
        consent_record({MemberKey{"m"}, "marketing.personal", true, "v1", "s", kit::at()});
    EXPECT_EQ(consent_record(*consent_from_json(consent.body)).body, consent.body);
    const Record audit = audit_record({4, "staff-1", "offer.redeem", "o", "", "ff", kit::at()});
    EXPECT_EQ(audit_record(*audit_from_json(audit.body)).body, audit.body);
    const Record clock = clock_record({milliseconds{-90}, ClockQuality::Rtc, "ntp", kit::at()});
    EXPECT_EQ(clock_record(*clock_from_json(clock.body)).body, clock.body);
    EXPECT_EQ(clock.stream, Stream::Ledger);
}

TEST(FloorRecords, ReadAMinuteAsItWas) {
    const FootfallMinute made{.door = DoorId{"front"},
                              .start = kit::kNoon,
                              .in = 3,
                              .out = 2,
                              .occupancy = 9,
                              .clamped = 1,
                              .blind_s = 60,
                              .counts = false};
    const Record record = footfall_minute_record(made, kit::at());
    EXPECT_EQ(record.stream, Stream::Footfall);
    EXPECT_EQ(footfall_minute_record(*footfall_minute_from_json(record.body), kit::at()).body,
              record.body);
    EXPECT_FALSE(footfall_minute_from_json(record.body)->counts);
}

TEST(FloorRecords, ReadAZoneVisitAsItWas) {
    const ZoneVisit made{.tag = TagKey{"t"},
                         .bearer = TagBearer::Member,
                         .label = "l",
                         .member = MemberKey{"m"},
                         .zone = ZoneId{"z"},
                         .entered = kit::kNoon,
                         .left = kit::kNoon + seconds{9},
                         .entered_mono = MonoTime{seconds{1}},
                         .left_mono = MonoTime{seconds{10}},
                         .open = false,
                         .confidence_permille = 800};
    const Record record = zone_visit_record(made, kit::at());
    EXPECT_EQ(zone_visit_record(*zone_visit_from_json(record.body), kit::at()).body, record.body);
}

TEST(FloorRecords, LeaveOutHealthThatIsNoNumber) {
    const Record record = health_record({{"rss_mb", 12}, {"load", 0.5}, {"bad", NAN}}, kit::at());
    EXPECT_EQ(record.stream, Stream::Health);
    EXPECT_EQ(*health_from_json(record.body), (HealthNumbers{{"rss_mb", 12}, {"load", 0.5}}));
    EXPECT_NE(record.body.find("\"rss_mb\":12}"), std::string::npos);
}

TEST(FloorRecords, KeepSingleCrossingsLocal) {
    const Record record = crossing_record(
        {DoorId{"d"}, Direction::Out, 2, kit::kNoon, MonoTime{seconds{4}}}, kit::at());
    EXPECT_EQ(record.stream, Stream::Local);
    EXPECT_EQ(crossing_record(*crossing_from_json(record.body), kit::at()).body, record.body);
}

TEST(FloorRecords, NameACountByItsSourceAndId) {
    const CountReading made{.source = "xovis",
                            .id = "p1",
                            .door = DoorId{"d"},
                            .from = kit::kNoon,
                            .to = kit::kNoon + minutes{1},
                            .in = 4,
                            .out = 5};
    const Record record = count_record(made, kit::at());
    EXPECT_EQ(record.event_id, "xovis|p1");
    EXPECT_EQ(count_record(*count_from_json(record.body), kit::at()).body, record.body);
}

TEST(FloorRecords, ReadBlindnessAsItWas) {
    const Record record =
        blindness_record({DoorId{"d"}, kit::kNoon, kit::kNoon + seconds{5}, "lost"}, kit::at());
    EXPECT_EQ(blindness_record(*blindness_from_json(record.body), kit::at()).body, record.body);
}

TEST(ReferenceRecords, ReadEachKindOfRowAsItWas) {
    const std::vector<ReferenceRow> rows{
        MemberRow{"m", {"vip"}, "gold", {{"marketing.personal", {kit::kNoon, "v2", false}}}},
        ProductRow{"S1", "04006381333931", "tea", "b", Money::minor(900), Money::minor(400)},
        TagRow{"t", TagBearer::Staff, "Staff 3", "m"},
        FactRow{"rain", 0.25, kit::kNoon, kit::kNoon + minutes{5}},
        FactRow{"open", true, {}, {}},
        FactRow{"n", std::int64_t{7}, {}, {}},
        FactRow{"sky", std::string{"grey"}, {}, {}}};
    for (const auto& row : rows) {
        const Record record = reference_record(row, kit::at());
        const auto back = reference_from_json(record.kind, record.body);
        ASSERT_TRUE(back) << record.body;
        EXPECT_EQ(reference_record(*back, kit::at()).body, record.body);
        EXPECT_EQ(record.stream, Stream::Local);
        EXPECT_FALSE(record.event_id.empty());
    }
}

TEST(ReferenceRecords, RefuseAKindThatIsNotTheirs) {
    EXPECT_FALSE(reference_from_json("sale", "{}"));
}

TEST(Names, ReadTheWordsTheyWrite) {
    EXPECT_EQ(from_text<TenderKind>(to_text(TenderKind::WechatPay)), TenderKind::WechatPay);
    EXPECT_EQ(from_text<SaleStatus>("post_voided"), SaleStatus::PostVoided);
    EXPECT_EQ(from_text<LifecycleStage>(aisle::to_text(LifecycleStage::AtRisk)),
              LifecycleStage::AtRisk);
    EXPECT_FALSE(from_text<OfferAction>("Accept"));
}

}  // namespace
}  // namespace aisle::records
