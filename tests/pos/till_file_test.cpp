#include "drivers/pos/till_file.hpp"

#include <gtest/gtest.h>

#include "drivers/pos/decimal_text.hpp"
#include "poslog_samples.hpp"

namespace aisle::pos {
namespace {

std::string utf16(const std::string& text, bool big) {
    std::string out = big ? "\xfe\xff" : "\xff\xfe";
    for (const char c : text) {
        out += big ? '\0' : c;
        out += big ? c : '\0';
    }
    return out;
}

TEST(TillFile, ReadsEachTransactionWithItsByteRange) {
    const std::string bytes = document(plain_sale("1") + plain_sale("2"));
    const auto file = read(bytes);
    ASSERT_EQ(file.sales.size(), 2U);
    for (const auto& sale : file.sales) {
        const auto cut = bytes.substr(sale.range.from, sale.range.to - sale.range.from);
        EXPECT_TRUE(cut.starts_with("<Transaction>"));
        EXPECT_TRUE(cut.ends_with("</Transaction>"));
        EXPECT_EQ(sale.draft.lineage.byte_from, static_cast<std::int64_t>(sale.range.from));
    }
    EXPECT_TRUE(file.complete);
}

TEST(TillFile, ReadsWhatStandsBehindAPoisonedTransaction) {
    for (const std::string poison :
         {"<Transaction><a></b></Transaction>", "<Transaction><Unclosed>",
          "<Transaction a=\"<\"></Transaction>", "<Transaction>\xff</Transaction>",
          "<Transaction/>", "<Transaction><![CDATA[x]]></Transaction>"}) {
        const auto file = read(document(plain_sale("1") + poison + plain_sale("2")));
        EXPECT_EQ(file.sales.size(), 2U) << poison;
    }
}

TEST(TillFile, ReadsConcatenatedDocuments) {
    const auto file = read(document(plain_sale("1")) + document(plain_sale("2")));
    EXPECT_EQ(file.sales.size(), 2U);
    EXPECT_TRUE(file.complete);
    EXPECT_TRUE(file.rejects.empty());
}

TEST(TillFile, LeavesATransactionInACommentAlone) {
    EXPECT_TRUE(read(document("<!-- " + plain_sale() + " -->")).sales.empty());
}

TEST(TillFile, CallsADocumentWhoseRootNeverClosedIncomplete) {
    std::string bytes = document(plain_sale());
    bytes.resize(bytes.find("</POSLog>"));
    const auto file = read(bytes);
    EXPECT_FALSE(file.complete);
    EXPECT_EQ(file.sales.size(), 1U);
    EXPECT_EQ(file.rejects.at(0).reason, "incomplete");
}

// What was cut must never become another sale: only those that were whole, and then exactly as they
// are.
TEST(TillFile, AcceptsNoWrongSaleFromAnyTruncation) {
    const std::vector<std::string> documents{
        document(plain_sale("1") + plain_sale("22")),
        document(transaction(
            sold({.inside = "<RetailPriceModifier><Amount>1.00</Amount></RetailPriceModifier>"}) +
            paid("20.00", "Cash", "<TenderChange><Amount>7.50</Amount></TenderChange>") +
            total("12.50"))),
        document("<Transaction>" + header("7") +
                 "<ControlTransaction><NoSale/></ControlTransaction></Transaction>"),
        document(transaction(item("Return", {}) + total("-12.50"))) + document(plain_sale("3"))};
    for (const auto& bytes : documents) {
        const auto whole = read(bytes);
        for (std::size_t n = 0; n < bytes.size(); ++n) {
            const auto file = read(bytes.substr(0, n));
            ASSERT_LE(file.sales.size(), whole.sales.size()) << n;
            for (std::size_t i = 0; i < file.sales.size(); ++i) {
                EXPECT_EQ(clean(file.sales[i].draft).total, clean(whole.sales[i].draft).total) << n;
                EXPECT_EQ(file.sales[i].raw, whole.sales[i].raw) << n;
            }
            const bool only_blanks_lost = bytes.find_first_not_of('\n', n) == std::string::npos;
            if (only_blanks_lost || file.sales.size() == whole.sales.size()) continue;
            const bool at_a_seam = file.complete && file.rejects.empty() && !file.sales.empty();
            EXPECT_TRUE(at_a_seam || !file.complete) << n;
        }
    }
}

TEST(TillFile, ReadsUtf16OfBothKindsWithRangesOfTheFile) {
    for (const bool big : {false, true}) {
        const std::string text = document(plain_sale());
        const std::string bytes = utf16(text, big);
        const auto file = read(bytes);
        ASSERT_EQ(file.sales.size(), 1U);
        EXPECT_EQ(file.sales[0].range.from, 2 + 2 * text.find("<Transaction>"));
    }
}

TEST(TillFile, ReadsADeclaredGbk) {
    std::string bytes = document(plain_sale());
    bytes.replace(bytes.find("UTF-8"), 5, "GBK");
    bytes.replace(bytes.find("green  tea"), 10, "\xb2\xe8");  // tea
    EXPECT_EQ(read(bytes).sales.at(0).draft.lines.at(0).text, "茶");
}

TEST(TillFile, RefusesBytesThatAreNotWhatTheySay) {
    std::string bytes = document(plain_sale("1") + plain_sale("2"));
    bytes.replace(bytes.find("green  tea"), 2, "\xc3\x28");
    const auto file = read(bytes);
    EXPECT_EQ(file.rejects.at(0).reason, "encoding");
    EXPECT_EQ(file.sales.size(), 1U);
}

TEST(TillFile, PassesOverPaddingAfterALossOfPower) {
    const auto file = read(document(plain_sale()) + std::string(4096, '\0'));
    EXPECT_TRUE(file.complete);
    EXPECT_EQ(file.sales.size(), 1U);
    EXPECT_TRUE(file.rejects.empty());
}

TEST(TillFile, RefusesADocumentType) {
    const auto file = read("<!DOCTYPE a [<!ENTITY b \"c\">]>" + document(plain_sale()));
    EXPECT_TRUE(file.sales.empty());
    EXPECT_EQ(file.rejects.at(0).reason, "doctype");
}

TEST(TillFile, ReadsJsonLines) {
    const auto file = read(posted_sale("1") + "\n\n" + posted_sale("2") + "\n{\"source\":1}\n");
    EXPECT_EQ(file.sales.size(), 2U);
    ASSERT_EQ(file.rejects.size(), 1U);
    EXPECT_EQ(file.rejects[0].detail, "source: not a text");
}

TEST(TillFile, CallsACutJsonLineIncomplete) {
    const std::string bytes = posted_sale("1") + "\n" + posted_sale("2");
    const auto file = read(bytes.substr(0, bytes.size() - 5));
    EXPECT_EQ(file.sales.size(), 1U);
    EXPECT_EQ(file.rejects.at(0).reason, "incomplete");
    EXPECT_FALSE(file.complete);
}

TEST(TillFile, RefusesWhatIsNeitherXmlNorJson) {
    const auto file = read("date;till;total\n1;2;3\n");
    EXPECT_EQ(file.rejects.at(0).reason, "format");
}

TEST(TillFile, SaysWhichFormatsItDoesNotReadYet) {
    for (const char* format : {"csv", "escpos", "tlog4690"}) {
        EXPECT_NE(till_format_from(format).error().detail.find("not read by this version"),
                  std::string::npos);
    }
    EXPECT_EQ(till_format_from("jsonl").value(), TillFormat::Jsonl);
}

TEST(TillFile, TakesTheVendorsNameOfTheShopForOurs) {
    auto settings = shop();
    settings.store = StoreId{"s-0009"};
    EXPECT_EQ(read_till_file(settings, document(plain_sale())).sales.at(0).draft.store.value,
              "s-0001");
    settings.vendor_store = "s-0001";
    EXPECT_EQ(read_till_file(settings, document(plain_sale())).sales.at(0).draft.store.value,
              "s-0009");
}

TEST(TillFile, GivesASaleOneIdAndOneContentByFileAndByHttp) {
    const auto by_file = read(document(plain_sale()));
    const auto by_http = read(posted_sale() + "\n");
    const auto one = store_intake().sale({by_file.sales.at(0).draft, ""}, kit::at());
    const auto other = store_intake().sale({by_http.sales.at(0).draft, ""}, kit::at());
    EXPECT_EQ(std::get<intake::CleanSale>(one).sale.sale,
              std::get<intake::CleanSale>(other).sale.sale);
    EXPECT_EQ(std::get<intake::CleanSale>(one).digest, std::get<intake::CleanSale>(other).digest);
}

TEST(DecimalText, ReadsDecimalsExactly) {
    EXPECT_EQ(exact_units("-12.340", 2), -1234);
    EXPECT_EQ(exact_units("0.12000", 2), 12);
    EXPECT_EQ(exact_units("7", 2), 700);
    EXPECT_EQ(exact_units(".5", 2), 50);
    EXPECT_EQ(exact_units("123456789012.34", 2), 12345678901234);
}

TEST(DecimalText, RefusesWhatIsNoExactDecimal) {
    for (const char* text : {"", "-", ".", "1.005", "1e3", "1,5", " 1", "1 ", "0.1234567", "0x1",
                             "1.2.3", "1234567890123456789012345"}) {
        EXPECT_FALSE(exact_units(text, 2)) << text;
    }
}

TEST(DecimalText, RoundsQuantitiesHalfAwayFromZero) {
    EXPECT_EQ(rounded_units("0.6545", 3), 655);
    EXPECT_EQ(rounded_units("-0.6545", 3), -655);
}

}  // namespace
}  // namespace aisle::pos
