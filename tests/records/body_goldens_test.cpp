#include <gtest/gtest.h>

#include "agent/records/exposure_record.hpp"
#include "agent/records/floor_records.hpp"
#include "agent/records/ledger_records.hpp"
#include "agent/records/offer_records.hpp"
#include "agent/records/sale_json.hpp"
#include "tests/kit/builders.hpp"

// The bytes that other programs rely on (docs/wire-format.md), written out once: journals that lie
// on disk and rows that HQ keeps must still be read after an update.
namespace aisle::records {
namespace {

const std::string kAt =
    R"({"boot":1,"mono":1000000000,"wall":"2026-06-12T04:00:00.000Z","clock":"ntp"})";

TEST(SaleBytes, AreThoseOfTheWireFormat) {
    Sale sale = kit::sale_of(1250, 7);
    sale.lineage.received = kit::kNoon;
    EXPECT_EQ(
        sale_json(sale),
        R"({"sale":"00000000000000000000000000000007","key":"till|s-0001|1|2026-06-12|7","revision":1,)"
        R"("source":"till","type":"sale","status":"completed","store":"s-0001","till":"1","seq":7,)"
        R"("business_date":"2026-06-12","ended_at":"2026-06-12T04:00:00.000Z","currency":"CNY",)"
        R"("minor_digits":2,"lines":[{"n":1,"kind":"sale","sku":"SKU1","gtin":"","text":"item",)"
        R"("qty_milli":1000,"unit":"ea","gross":1250,"discount":0,"net":1250,"void":false,)"
        R"("void_of":0}],"discounts":[],"tenders":[{"kind":"cash","amount":1250,"change":0}],)"
        R"("taxes":[],"rounding":0,"total":1250,"member":"","member_key":"",)"
        R"("reconciled":{"tenders":true,"lines":true,"off":0},)"
        R"("lineage":{"source":"","driver":"","profile":"","origin":"","from":0,"to":0,"digest":"",)"
        R"("received":"2026-06-12T04:00:00.000Z","rules":[]}})");
}

TEST(SaleBytes, HoldAVendorsIdBehindTheNumber) {
    Sale sale = kit::sale_of(1);
    EXPECT_EQ(sale_json(sale).find("vendor_id"), std::string::npos);
    sale.vendor_id = "A-1";
    EXPECT_NE(sale_json(sale).find(R"("seq":1,"vendor_id":"A-1","business_date")"),
              std::string::npos);
}

TEST(LedgerBytes, OfARedemption) {
    const Record record = redemption_record({.offer = OfferId{"o"},
                                             .campaign = CampaignId{"c"},
                                             .proof = RedemptionProof::Code,
                                             .amount = Money::minor(500),
                                             .sale = SaleId{"s"},
                                             .by = "till-2",
                                             .member = MemberKey{"m"},
                                             .at = kit::at()});
    EXPECT_EQ(record.body,
              R"({"offer":"o","campaign":"c","proof":"code","amount":500,"sale":"s","by":"till-2",)"
              R"("member":"m","at":)" +
                  kAt + "}");
    EXPECT_EQ(record.stream, Stream::Ledger);
    EXPECT_EQ(record.kind, "redemption");
    EXPECT_EQ(record.revision, 1);
    EXPECT_EQ(record.digest, content_digest(record.body));
}

TEST(LedgerBytes, OfABudgetMove) {
    const Record record = budget_record({.campaign = CampaignId{"c"},
                                         .move = "release",
                                         .offer = OfferId{"o"},
                                         .amount = Money::minor(-5),
                                         .left = Money::minor(95),
                                         .at = kit::at()});
    EXPECT_EQ(
        record.body,
        R"({"campaign":"c","move":"release","offer":"o","amount":-5,"left":95,"at":)" + kAt + "}");
    EXPECT_EQ(record.kind, "budget");
    EXPECT_TRUE(record.event_id.empty());
    EXPECT_TRUE(record.digest.empty());
}

TEST(LedgerBytes, OfConsentAuditAndClock) {
    EXPECT_EQ(
        consent_record({MemberKey{"m"}, "marketing.personal", false, "v2", "staff-1", kit::at()})
            .body,
        R"({"member":"m","purpose":"marketing.personal","granted":false,"version":"v2","by":"staff-1","at":)" +
            kAt + "}");
    EXPECT_EQ(
        audit_record({4, "uid-0", "config.reload", "", "ok", "ff", kit::at()}).body,
        R"({"n":4,"actor":"uid-0","action":"config.reload","subject":"","detail":"ok","chain":"ff","at":)" +
            kAt + "}");
    EXPECT_EQ(clock_record({milliseconds{-90}, ClockQuality::None, "hq", kit::at()}).body,
              R"({"boot":1,"offset_ms":-90,"error_ms":0,"source":"hq","before":"none","at":)" +
                  kAt + "}");
}

TEST(OfferBytes, OfATransitionAndAnExposureOfAGroup) {
    EXPECT_EQ(
        transition_record({MemberKey{"m"}, LifecycleStage::New, LifecycleStage::Active, kit::at()})
            .body,
        R"({"member":"m","from":"new","to":"active","at":)" + kAt + "}");
    const Record record = experiment_record({.campaign = CampaignId{"c"},
                                             .experiment = "x",
                                             .subject = "m",
                                             .arm = "holdout",
                                             .offer = OfferId{"o"},
                                             .at = kit::at()});
    EXPECT_EQ(record.body,
              R"({"campaign":"c","experiment":"x","subject":"m","arm":"holdout","offer":"o"})");
    EXPECT_EQ(record.kind, "experiment");
    EXPECT_EQ(record.stream, Stream::Offers);
    EXPECT_TRUE(record.event_id.empty());
    EXPECT_EQ(record.at, kit::at());
}

Offer small_offer() {
    Offer offer;
    offer.id = OfferId{"o"};
    offer.campaign = CampaignId{"c"};
    offer.campaign_version = 3;
    offer.trigger = TriggerKind::Basket;
    offer.member = MemberKey{"m"};
    offer.state = OfferState::Declined;
    offer.revision = 2;
    offer.by = "tablet-1";
    offer.decline_reason = "price";
    return offer;
}

TEST(OfferBytes, OfAnExposureAndAnOutcome) {
    const Record exposure = exposure_record(small_offer(), "tablet-2", kit::at());
    EXPECT_EQ(exposure.body,
              R"({"offer":"o","campaign":"c","campaign_version":3,"trigger":"basket","member":"m",)"
              R"("by":"tablet-2"})");
    EXPECT_EQ(exposure.kind, "exposure");
    const Record outcome = outcome_record(small_offer(), kit::at());
    EXPECT_EQ(outcome.body,
              R"({"offer":"o","campaign":"c","revision":2,"state":"declined","by":"tablet-1",)"
              R"("decline_reason":"price"})");
    EXPECT_EQ(outcome.kind, "outcome");
    for (const auto& record : {exposure, outcome}) {
        EXPECT_EQ(record.stream, Stream::Offers);
        EXPECT_TRUE(record.event_id.empty()) << "one offer has many of them";
        EXPECT_EQ(record.at, kit::at());
    }
}

TEST(OfferBytes, OfADecisionThatNobodyWon) {
    const Decision decision{.id = "d",
                            .trigger = TriggerKind::Sale,
                            .context = R"({"a":1})",
                            .campaign_set = "s",
                            .counts = {{"budget", 1}, {"cap", 2}},
                            .nearest = {{CampaignId{"c"}, "cap"}},
                            .at = kit::at()};
    EXPECT_EQ(
        withheld_record(decision, kit::at()).body,
        R"({"reason":"no_winner","decision":{"id":"d","trigger":"sale","context":"{\"a\":1}",)"
        R"("campaign_set":"s","winner":"","counts":{"budget":1,"cap":2},)"
        R"("nearest":[{"campaign":"c","reason":"cap"}],"at":)" +
            kAt + "}}");
}

TEST(FloorBytes, OfAMinuteACrossingAndBlindness) {
    const FootfallMinute minute{.door = DoorId{"front"},
                                .start = kit::kNoon,
                                .in = 3,
                                .out = 2,
                                .occupancy = 9,
                                .clamped = 1,
                                .blind_s = 60};
    EXPECT_EQ(footfall_minute_record(minute, kit::at()).body,
              R"({"door":"front","start":"2026-06-12T04:00:00.000Z","in":3,"out":2,"occupancy":9,)"
              R"("clamped":1,"blind_s":60,"counts":true})");
    EXPECT_EQ(
        crossing_record({DoorId{"d"}, Direction::In, 2, kit::kNoon, MonoTime{seconds{4}}}, {}).body,
        R"({"door":"d","direction":"in","n":2,"at":"2026-06-12T04:00:00.000Z","mono":4000000})");
    EXPECT_EQ(
        blindness_record({DoorId{"d"}, kit::kNoon, kit::kNoon + seconds{5}, "camera"}, {}).body,
        R"({"door":"d","from":"2026-06-12T04:00:00.000Z","to":"2026-06-12T04:00:05.000Z","reason":"camera"})");
}

TEST(FloorBytes, OfACountAndAVisit) {
    EXPECT_EQ(count_record({.source = "x",
                            .id = "7",
                            .door = DoorId{"d"},
                            .from = kit::kNoon,
                            .to = kit::kNoon,
                            .in = 4,
                            .out = 5},
                           {})
                  .body,
              R"({"source":"x","id":"7","door":"d","from":"2026-06-12T04:00:00.000Z",)"
              R"("to":"2026-06-12T04:00:00.000Z","in":4,"out":5})");
    EXPECT_EQ(zone_visit_record({.tag = TagKey{"t"},
                                 .bearer = TagBearer::Staff,
                                 .zone = ZoneId{"z"},
                                 .entered = kit::kNoon,
                                 .left = kit::kNoon,
                                 .entered_mono = MonoTime{microseconds{1}},
                                 .left_mono = MonoTime{microseconds{2}},
                                 .open = false,
                                 .confidence_permille = 800},
                                {})
                  .body,
              R"({"tag":"t","bearer":"staff","label":"","member":"","zone":"z",)"
              R"("entered":"2026-06-12T04:00:00.000Z","left":"2026-06-12T04:00:00.000Z",)"
              R"("entered_mono":1,"left_mono":2,"open":false,"confidence_permille":800})");
}

TEST(FloorBytes, OfACountWithoutAnIdHaveNoIdentity) {
    const Record record = count_record({.source = "x", .door = DoorId{"d"}}, kit::at());
    EXPECT_TRUE(record.event_id.empty());
    EXPECT_EQ(record.revision, 0);
    EXPECT_TRUE(record.digest.empty());
}

TEST(FloorBytes, OfHealthAreSortedAndWholeWhereTheyCan) {
    EXPECT_EQ(health_record({{"b", 2}, {"a", -1.5}, {"c", 9e15}, {"z", -0.0}}, {}).body,
              R"({"a":-1.5E0,"b":2,"c":9E15,"z":0})");
}

TEST(ReferenceBytes, OfEveryKind) {
    EXPECT_EQ(reference_record(MemberRow{.member = "m", .tags = {"vip"}, .tier = "gold"}, {}).body,
              R"({"member":"m","tags":["vip"],"tier":"gold","consent":{}})");
    EXPECT_EQ(reference_record(ProductRow{.sku = "S", .price = Money::minor(9)}, {}).body,
              R"({"sku":"S","gtin":"","category":"","brand":"","price":9,"cost":0})");
    EXPECT_EQ(reference_record(TagRow{.tag = "t", .bearer = TagBearer::Member}, {}).body,
              R"({"tag":"t","is":"member","label":"","member":""})");
    EXPECT_EQ(reference_record(FactRow{.key = "rain", .value = true}, {}).body,
              R"({"key":"rain","value":true})");
}

TEST(ReferenceBytes, NameAFactByItsKeyAndStart) {
    const FactRow always{.key = "rain", .value = true};
    FactRow from = always;
    from.valid_from = kit::kNoon;
    FactRow until = always;
    until.valid_to = kit::kNoon;
    EXPECT_EQ(reference_record(always, {}).event_id, "rain");
    EXPECT_EQ(reference_record(from, {}).event_id, "rain|2026-06-12T04:00:00.000Z");
    EXPECT_EQ(reference_record(until, {}).event_id, "rain");
}

// FNV-1a, 64 bits: the test vectors of its authors (Fowler, Noll, Vo).
TEST(ContentDigest, IsFnv1a) {
    EXPECT_EQ(content_digest(""), "cbf29ce484222325");
    EXPECT_EQ(content_digest("a"), "af63dc4c8601ec8c");
    EXPECT_EQ(content_digest("foobar"), "85944171f73967e8");
}

}  // namespace
}  // namespace aisle::records
