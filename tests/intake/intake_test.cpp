#include "agent/intake/intake.hpp"

#include <gtest/gtest.h>

#include "readings.hpp"

namespace aisle::intake {
namespace {

TEST(Intake, NamesASaleByItsSourceStoreTillDayAndNumber) {
    const Sale sale = good(draft_of(1000, 42));
    EXPECT_EQ(sale.key, "till|s-0001|1|2026-06-12|42");
    EXPECT_EQ(sale.sale.value, sha256_hex(sale.key).substr(0, 32));
}

TEST(Intake, NamesASaleByTheVendorsOwnIdWhereThereIsOne) {
    Sale draft = draft_of(1000);
    draft.vendor_id = "A-77";
    EXPECT_EQ(good(draft).key, "till|A-77");
}

TEST(Intake, TurnsAMemberIntoAPseudonymWithItsKey) {
    Sale draft = draft_of(1000);
    draft.member = "6917 0001-22";
    const Sale sale = good(draft);
    EXPECT_EQ(sale.member, Intake{settings_of_s1()}.pseudonym("6917000122").value);
    EXPECT_EQ(sale.member.size(), 32U);
    EXPECT_EQ(sale.member_key, "k1");
}

TEST(Intake, LeavesAnAnonymousSaleAnonymous) {
    const Sale sale = good(draft_of(1000));
    EXPECT_EQ(sale.member, "");
    EXPECT_EQ(sale.member_key, "");
}

TEST(Intake, GivesOtherPseudonymsUnderAnotherStoresKey) {
    IntakeSettings other = settings_of_s1();
    other.key.bytes.fill(8);
    EXPECT_NE(Intake{other}.pseudonym("1").value, Intake{settings_of_s1()}.pseudonym("1").value);
}

TEST(Intake, KnowsAMemberWhateverCaseItsIdIsWrittenIn) {
    const Intake intake{settings_of_s1()};
    EXPECT_EQ(intake.pseudonym(" ab-12 "), intake.pseudonym("AB12"));
}

TEST(Intake, PutsASaleOfAnotherStoreAside) {
    Sale draft = draft_of(1000);
    draft.store = StoreId{"s-0002"};
    EXPECT_EQ(reason(draft), "unknown_store");
}

TEST(Intake, PutsAForeignCurrencyAside) {
    Sale draft = draft_of(1000);
    draft.currency = "USD";
    EXPECT_EQ(reason(draft), "currency");
}

TEST(Intake, GivesASaleWithoutACurrencyTheStores) {
    Sale draft = draft_of(1000);
    draft.currency.clear();
    EXPECT_EQ(good(draft).currency, "CNY");
}

TEST(Intake, PutsASaleWithoutATimeAside) {
    Sale draft = draft_of(1000);
    draft.ended_at = {};
    EXPECT_EQ(reason(draft), "schema");
}

TEST(Intake, PutsASaleWithoutATillAside) {
    Sale draft = draft_of(1000);
    draft.till = {};
    EXPECT_EQ(reason(draft), "schema");
}

TEST(Intake, RefusesABarInAPartOfTheKey) {
    Sale draft = draft_of(1000);
    draft.till = TillId{"1|2"};
    EXPECT_EQ(reason(draft), "schema");
}

TEST(Intake, DerivesTheBusinessDateOnlyWhereTheTillToldNone) {
    Sale draft = draft_of(1000);
    draft.business_date = Date{};
    EXPECT_EQ(to_text(good(draft).business_date), "2026-06-12");
    draft.business_date = *parse_date("2026-06-11");
    EXPECT_EQ(to_text(good(draft).business_date), "2026-06-11");
}

TEST(Intake, CutsTheBusinessDayWhereItIsConfigured) {
    IntakeSettings settings = settings_of_s1();
    settings.business_day_cut = minutes{240};
    Sale draft = draft_of(1000);
    draft.business_date = Date{};
    draft.ended_at = kit::kNoon - std::chrono::hours{9};  // 03:00 in the shop
    const auto result = Intake{settings}.sale({draft, ""}, kit::at());
    EXPECT_EQ(to_text(std::get<CleanSale>(result).sale.business_date), "2026-06-11");
}

TEST(Intake, KeepsTrainingAndNoSaleByTheirNames) {
    Sale draft = draft_of(1000);
    draft.status = SaleStatus::Training;
    EXPECT_EQ(good(draft).status, SaleStatus::Training);
    Sale drawer = draft_of(0, 2);
    drawer.type = SaleType::NoSale;
    drawer.lines.clear();
    drawer.tenders.clear();
    EXPECT_EQ(good(drawer).type, SaleType::NoSale);
}

TEST(Intake, RefusesMoreLinesThanTheLimit) {
    Sale draft = draft_of(1000);
    draft.lines.resize(kSaleLinesMax + 1, draft.lines.front());
    EXPECT_EQ(reason(draft), "limit");
}

TEST(Intake, RefusesAnAmountBeyondTheGreatest) {
    Sale draft = draft_of(1000);
    draft.total = kMoneyMax + Money::minor(1);
    EXPECT_EQ(reason(draft), "limit");
}

TEST(Intake, CutsALongTextAtACharacter) {
    Sale draft = draft_of(1000);
    draft.lines[0].text.clear();
    for (int i = 0; i < 1000; ++i) draft.lines[0].text += "茶";
    EXPECT_EQ(good(draft).lines[0].text.size(), kTextBytesMax / 3 * 3);
}

TEST(Intake, GivesTheSameDigestWhateverWayTheSaleCame) {
    Sale by_file = draft_of(1000);
    by_file.lineage = {.driver = "poslog_dir/1", .origin = "a.xml", .byte_to = 99};
    Sale by_http = draft_of(1000);
    by_http.lineage = {.driver = "http_push/1"};
    EXPECT_EQ(digest(by_file), digest(by_http));
}

TEST(Intake, GivesAnotherDigestToAnotherContent) {
    Sale other = draft_of(1000);
    other.lines[0].text = "item of another name";
    EXPECT_NE(digest(draft_of(1000)), digest(other));
}

TEST(Intake, DigestsTheMaskedBytesForTheLineage) {
    const auto result = cleaned(draft_of(1000), "paid with 4111 1111 1111 1111");
    EXPECT_EQ(std::get<CleanSale>(result).sale.lineage.digest,
              sha256_hex("paid with PAN:visa:****1111"));
}

TEST(Intake, MasksACardNumberInALinesTextAndSaysSo) {
    Sale draft = draft_of(1000);
    draft.lines[0].text = "topup 4111111111111111";
    const Sale sale = good(draft);
    EXPECT_EQ(sale.lines[0].text, "topup PAN:visa:****1111");
    EXPECT_TRUE(fired(sale, "card_masked"));
}

TEST(Intake, MasksThePayloadOfWhatItPutsAside) {
    Sale draft = draft_of(1000);
    draft.store = StoreId{"s-0002"};
    const auto result = cleaned(draft, R"({"member":"Zhang San","note":"4111111111111111"})");
    EXPECT_EQ(std::get<Quarantined>(result).payload,
              R"({"member":"***** ***","note":"PAN:visa:****1111"})");
}

TEST(Intake, MasksAndDatesWhatADriverRejected) {
    RejectedReading reading;
    reading.item = {.source = "till",
                    .reason = "schema",
                    .detail = "Amount 4111111111111111",
                    .payload = "5500005555555559"};
    const auto item = Intake{settings_of_s1()}.rejected(reading, kit::at());
    EXPECT_EQ(item.payload, "PAN:mastercard:****5559");
    EXPECT_EQ(item.detail, "Amount PAN:visa:****1111");
    EXPECT_EQ(item.at, kit::at());
}

TEST(Intake, CutsAPayloadOnlyAfterMaskingIt) {
    RejectedReading reading;
    reading.item.payload = std::string(kQuarantinePayloadMax - 8, 'x') + "4111111111111111";
    const auto item = Intake{settings_of_s1()}.rejected(reading, kit::at());
    EXPECT_EQ(item.payload.size(), kQuarantinePayloadMax);
    EXPECT_EQ(item.payload.find("4111"), std::string::npos);
}

TEST(Intake, KeepsAStrangeReasonInTheDetail) {
    RejectedReading reading;
    reading.item.reason = "gremlins";
    const auto item = Intake{settings_of_s1()}.rejected(reading, kit::at());
    EXPECT_EQ(item.reason, "other");
    EXPECT_EQ(item.detail, "gremlins:");
}

TEST(Intake, LeavesNoRawIdInReferenceRows) {
    ReferenceReading reading{.source = "files", .file = "tags.jsonl"};
    reading.rows.push_back(MemberRow{.member = "1001", .tier = " gold "});
    reading.rows.push_back(TagRow{.tag = "AABB", .bearer = TagBearer::Member, .member = "1001"});
    const Intake intake{settings_of_s1()};
    const auto clean = intake.reference(reading);
    const auto& member = std::get<MemberRow>(clean.reading.rows[0]);
    const auto& tag = std::get<TagRow>(clean.reading.rows[1]);
    EXPECT_EQ(member.member, intake.pseudonym("1001").value);
    EXPECT_EQ(member.tier, "gold");
    EXPECT_EQ(tag.tag, intake.tag_pseudonym("aabb").value);
    EXPECT_EQ(tag.member, member.member);
}

TEST(Intake, LeavesOutAndCountsReferenceRowsWithoutAKey) {
    ReferenceReading reading;
    reading.rows.push_back(ProductRow{.sku = " "});
    reading.rows.push_back(FactRow{.key = "rain", .value = true});
    const auto clean = Intake{settings_of_s1()}.reference(reading);
    EXPECT_EQ(clean.left_out, 1U);
    EXPECT_EQ(clean.reading.rows.size(), 1U);
}

}  // namespace
}  // namespace aisle::intake
