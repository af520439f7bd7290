#include <gtest/gtest.h>

#include "drivers/pos/poslog_parser.hpp"
#include "poslog_samples.hpp"

namespace aisle::pos {
namespace {

// A transaction whose header is `head` and whose body is one sale.
std::string headed(const std::string& head) {
    return "<Transaction>" + head + "<RetailTransaction>" + sold() +
           "</RetailTransaction></Transaction>";
}

Sale draft_of(const std::string& xml) {
    const auto file = read(document(xml));
    EXPECT_EQ(file.sales.size(), 1U) << (file.rejects.empty() ? "" : file.rejects[0].detail);
    return file.sales.empty() ? Sale{} : file.sales[0].draft;
}

std::string refusal(const std::string& xml) {
    const auto file = read(document(xml));
    return file.rejects.size() == 1 && file.sales.empty() ? file.rejects[0].detail : "accepted";
}

const std::string kTill = element("WorkstationID", "3");
const std::string kSeq = element("SequenceNumber", "114");
const std::string kEnd = element("EndDateTime", "2026-06-12T12:00:00");

struct TimeCase {
    const char* text;
    const char* utc;
};

// The shop's wall is eight hours ahead.
TEST(PoslogTimes, WithoutAnOffsetAreOfTheShopsWall) {
    for (const auto& [text, utc] :
         {TimeCase{"2026-06-12T12:00:00", "2026-06-12T04:00:00.000Z"},
          TimeCase{"2026-06-12T07:59:59", "2026-06-11T23:59:59.000Z"},
          TimeCase{"2026-06-12T12:00:00.125", "2026-06-12T04:00:00.125Z"},
          TimeCase{"2026-06-12T12:00:00Z", "2026-06-12T12:00:00.000Z"},
          TimeCase{"2026-06-12T12:00:00+02:00", "2026-06-12T10:00:00.000Z"},
          TimeCase{"2026-06-12T12:00:00-05:30", "2026-06-12T17:30:00.000Z"}}) {
        const Sale draft = draft_of(headed(kTill + kSeq + element("EndDateTime", text)));
        EXPECT_EQ(to_rfc3339(draft.ended_at), utc) << text;
    }
}

TEST(PoslogTimes, AreUtcWhereNoZoneIsGiven) {
    auto settings = shop();
    settings.zone = nullptr;
    const auto file = read_till_file(settings, document(plain_sale()));
    EXPECT_EQ(to_rfc3339(file.sales.at(0).draft.ended_at), "2026-06-12T12:00:00.000Z");
}

TEST(PoslogTimes, AreTheEndBeforeTheLogBeforeTheBeginning) {
    const std::string begin = element("BeginDateTime", "2026-06-12T10:00:00Z");
    const std::string log = element("POSLogDateTime", "2026-06-12T11:00:00Z");
    const std::string end = element("EndDateTime", "2026-06-12T12:00:00Z");
    const auto hour = [](const std::string& head) {
        return to_rfc3339(draft_of(headed(kTill + kSeq + head)).ended_at).substr(11, 2);
    };
    EXPECT_EQ(hour(begin + log + end), "12");
    EXPECT_EQ(hour(begin + log), "11");
    EXPECT_EQ(hour(begin), "10");
}

TEST(PoslogTimes, AreNeededAndMustBeTimes) {
    EXPECT_EQ(refusal(headed(kTill + kSeq)), "EndDateTime: missing");
    for (const char* text : {"noon", "2026-06-12", "2026-02-30T12:00:00", "2026-06-12T24:00:00"}) {
        EXPECT_EQ(refusal(headed(kTill + kSeq + element("EndDateTime", text))),
                  "EndDateTime: no time")
            << text;
    }
}

TEST(PoslogDays, AreTheFirstTenCharacters) {
    for (const char* day : {"2026-06-11", "2026-06-11T00:00:00", "2026-06-11+08:00"}) {
        const Sale draft = draft_of(headed(kTill + kSeq + kEnd + element("BusinessDayDate", day)));
        EXPECT_EQ(to_text(draft.business_date), "2026-06-11") << day;
    }
}

TEST(PoslogDays, MayBeAbsentButNotWrong) {
    EXPECT_FALSE(draft_of(headed(kTill + kSeq + kEnd)).business_date.ok());
    for (const char* day : {"2026-13-01", "12.06.2026", "2026-6-1"}) {
        EXPECT_EQ(refusal(headed(kTill + kSeq + kEnd + element("BusinessDayDate", day))),
                  "BusinessDayDate: no date")
            << day;
    }
}

TEST(PoslogNumbers, AreWholeAndNotNegative) {
    EXPECT_EQ(draft_of(headed(kTill + element("SequenceNumber", "0") + kEnd)).seq, 0);
    EXPECT_EQ(draft_of(headed(kTill + element("SequenceNumber", "007") + kEnd)).seq, 7);
    for (const char* seq : {"", "A7", "-7", "7.0", "1234567890123456789"}) {
        EXPECT_EQ(refusal(headed(kTill + element("SequenceNumber", seq) + kEnd)),
                  "SequenceNumber: no number")
            << seq;
    }
}

TEST(PoslogNumbers, MayBeAnIdOfTheVendor) {
    const Sale draft = draft_of(headed(kTill + element("TransactionID", "T-9") + kEnd));
    EXPECT_EQ(draft.vendor_id, "T-9");
    EXPECT_EQ(draft.seq, 0);
}

TEST(PoslogNumbers, GiveWayToTheVendorsIdWhereThereIsNoTill) {
    const Sale draft = draft_of(headed(kSeq + element("TransactionID", "T-9") + kEnd));
    EXPECT_EQ(draft.vendor_id, "T-9");
    EXPECT_EQ(refusal(headed(kSeq + kEnd)), "WorkstationID: missing");
}

TEST(PoslogStores, AreTakenAsTold) {
    const std::string head = kTill + kSeq + kEnd;
    EXPECT_EQ(draft_of(headed(element("RetailStoreID", " 9 ") + head)).store.value, "9");
    EXPECT_EQ(draft_of(headed("<BusinessUnit>" + element("UnitID", "8") + "</BusinessUnit>" + head))
                  .store.value,
              "8");
}

TEST(PoslogCurrencies, MayStandInManyPlaces) {
    const std::string head = kTill + kSeq + kEnd;
    const std::string tail = "<RetailTransaction>" + sold() + "</RetailTransaction></Transaction>";
    EXPECT_EQ(draft_of("<Transaction CurrencyCode=\"EUR\">" + head + tail).currency, "EUR");
    EXPECT_EQ(draft_of("<Transaction>" + element("CurrencyCode", "EUR") + head + tail).currency,
              "EUR");
    EXPECT_EQ(draft_of("<Transaction>" + head + "<RetailTransaction CurrencyCode=\"EUR\">" +
                       sold() + "</RetailTransaction></Transaction>")
                  .currency,
              "EUR");
    EXPECT_EQ(draft_of("<Transaction>" + head + tail).currency, "CNY") << "the source's own";
}

struct StatusCase {
    const char* on_transaction;
    const char* on_retail;
    SaleStatus status;
};

TEST(PoslogStatuses, AreReadFromFlagsAndWords) {
    for (const auto& [outer, inner, status] :
         {StatusCase{"", "", SaleStatus::Completed},
          StatusCase{"", " TransactionStatus=\"Finished\"", SaleStatus::Completed},
          StatusCase{"", " TransactionStatus=\"Canceled\"", SaleStatus::Cancelled},
          StatusCase{"", " TransactionStatus=\"Cancelled\"", SaleStatus::Cancelled},
          StatusCase{"", " TransactionStatus=\"Suspended\"", SaleStatus::Suspended},
          StatusCase{"", " TransactionStatus=\"SuspendedRetrieved\"", SaleStatus::Suspended},
          StatusCase{"", " TransactionStatus=\"SuspendedDeleted\"", SaleStatus::Suspended},
          StatusCase{"", " TransactionStatus=\"PostVoided\"", SaleStatus::PostVoided},
          StatusCase{"", " TransactionStatus=\"TransactionVoided\"", SaleStatus::PostVoided},
          StatusCase{" TransactionStatus=\"Canceled\"", "", SaleStatus::Cancelled},
          StatusCase{" TransactionStatus=\"Canceled\"", " TransactionStatus=\"PostVoided\"",
                     SaleStatus::PostVoided},
          StatusCase{" CancelFlag=\"1\"", "", SaleStatus::Cancelled},
          StatusCase{" TrainingModeFlag=\"true\" CancelFlag=\"true\"", "", SaleStatus::Training},
          StatusCase{" CancelFlag=\"true\" SuspendFlag=\"true\"", "", SaleStatus::Cancelled},
          StatusCase{" OfflineFlag=\"true\"", "", SaleStatus::Completed}}) {
        const Sale draft = draft_of("<Transaction" + std::string{outer} + ">" + header("1") +
                                    "<RetailTransaction" + inner + ">" + sold() +
                                    "</RetailTransaction></Transaction>");
        EXPECT_EQ(draft.status, status) << outer << inner;
    }
}

TEST(PoslogTypes, AreVoidWhereALinkSaysSo) {
    const auto linked = [](const std::string& reason) {
        return draft_of(transaction(sold() + "<TransactionLink ReasonCode=\"" + reason +
                                    "\"><SequenceNumber>9</SequenceNumber></TransactionLink>"))
            .type;
    };
    EXPECT_EQ(linked("Voided"), SaleType::Void);
    EXPECT_EQ(linked("Resume"), SaleType::Sale);
    EXPECT_EQ(linked("Return"), SaleType::Sale);
}

TEST(PoslogTypes, AreVoidWhereThePostVoidStandsInside) {
    EXPECT_EQ(draft_of(transaction(sold() + "<PostVoidTransaction/>")).type, SaleType::Void);
}

TEST(PoslogTypes, OfControlsAreToldApart) {
    const auto type = [](const std::string& body) {
        return draft_of("<Transaction>" + header("1") + body + "</Transaction>").type;
    };
    EXPECT_EQ(type("<VoidTransaction/>"), SaleType::Void);
    EXPECT_EQ(type("<ControlTransaction><ApplicationEvent>NoSale</ApplicationEvent>"
                   "</ControlTransaction>"),
              SaleType::NoSale);
    EXPECT_EQ(type("<ControlTransaction><ApplicationEvent>SignOn</ApplicationEvent>"
                   "</ControlTransaction>"),
              SaleType::Control);
    EXPECT_EQ(type("<InventoryControlTransaction/>"), SaleType::Control);
}

struct MemberCase {
    const char* xml;
    const char* member;
};

TEST(PoslogMembers, AreTheFirstIdThatIsMoreThanZeros) {
    for (const auto& [xml, member] :
         {MemberCase{"<LoyaltyID>0078</LoyaltyID>", "0078"},
          MemberCase{"<a><b><LoyaltyAccountID>5</LoyaltyAccountID></b></a>", "5"},
          MemberCase{"<CustomerID>C1</CustomerID>", "C1"},
          MemberCase{"<Customer><AlternateID>X</AlternateID></Customer>", "X"},
          MemberCase{"<LoyaltyID>0000</LoyaltyID><CustomerID>C2</CustomerID>", "C2"},
          MemberCase{"<CustomerID>C3</CustomerID><LoyaltyID>L3</LoyaltyID>", "L3"},
          MemberCase{"<LoyaltyID></LoyaltyID>", ""}, MemberCase{"<LoyaltyID>0</LoyaltyID>", ""},
          MemberCase{"", ""}}) {
        EXPECT_EQ(draft_of(transaction(sold() + xml)).member, member) << xml;
    }
}

TEST(PoslogParser, RefusesARecordAboveItsSize) {
    const TillProfile* profile = find_profile("generic");
    const auto result = parse_poslog(std::string(kTillRecordBytesMax + 1, ' '), {profile});
    ASSERT_TRUE(std::holds_alternative<Refusal>(result));
    EXPECT_EQ(std::get<Refusal>(result).reason, "limit");
}

TEST(PoslogParser, RefusesTypesAndEntitiesInAnyCase) {
    const TillProfile* profile = find_profile("generic");
    for (const char* xml :
         {"<!DOCTYPE a><Transaction/>", "<!doctype a><Transaction/>",
          "<Transaction><!Entity a \"b\"></Transaction>", "<Transaction><!ENTITY"}) {
        const auto result = parse_poslog(xml, {profile});
        ASSERT_TRUE(std::holds_alternative<Refusal>(result)) << xml;
        EXPECT_EQ(std::get<Refusal>(result).reason, "doctype") << xml;
    }
}

TEST(PoslogParser, SaysThatXmlIsNotWellFormed) {
    const TillProfile* profile = find_profile("generic");
    for (const char* xml : {"", "<Transaction>", "<Transaction></Sale>", "<Transaction a=b/>"}) {
        const auto result = parse_poslog(xml, {profile});
        ASSERT_TRUE(std::holds_alternative<Refusal>(result)) << xml;
        EXPECT_EQ(std::get<Refusal>(result).reason, "schema") << xml;
        EXPECT_TRUE(std::get<Refusal>(result).detail.starts_with("not well-formed")) << xml;
    }
}

TEST(PoslogParser, TellsNoContentInARefusal) {
    const auto file =
        read(document(transaction(sold({.amount = "secret-4711"}) + total("secret-4712"))));
    EXPECT_EQ(file.rejects.at(0).detail.find("secret"), std::string::npos);
}

TEST(PoslogParser, ReadsElementsJustAboveTheGreatestDepth) {
    const auto nested = [](int depth) {
        std::string xml;
        for (int i = 0; i < depth; ++i) xml += "<a>";
        for (int i = 0; i < depth; ++i) xml += "</a>";
        return read(document(transaction(sold() + xml)));
    };
    EXPECT_EQ(nested(kTillDepthMax - 3).sales.size(), 1U);
    EXPECT_EQ(nested(kTillDepthMax).rejects.at(0).reason, "limit");
}

TEST(TillProfiles, AreFoundByTheirNames) {
    for (const auto name : profile_names()) {
        ASSERT_NE(find_profile(name), nullptr) << name;
        EXPECT_EQ(find_profile(name)->name, name);
    }
    EXPECT_EQ(find_profile(""), nullptr);
    EXPECT_EQ(find_profile("NCR"), nullptr);
}

TEST(TillProfiles, DifferInHowTheyTakeBack) {
    EXPECT_EQ(find_profile("generic")->voids, VoidStyle::Flagged);
    EXPECT_EQ(find_profile("ncr")->voids, VoidStyle::Negative);
}

}  // namespace
}  // namespace aisle::pos
