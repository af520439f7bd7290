#include <gtest/gtest.h>

#include <random>

#include "agent/intake/card_number.hpp"
#include "agent/intake/field_scan.hpp"
#include "agent/intake/mask.hpp"

namespace aisle::intake {
namespace {

constexpr const char* kVisa = "4111111111111111";

struct Shape {
    const char* text;
    const char* masked;
};

TEST(MaskShapes, AreThoseThatCardsArePrintedIn) {
    for (const auto& [text, masked] :
         {Shape{"4111 1111 1111 1111", "PAN:visa:****1111"},
          Shape{"4111-1111-1111-1111", "PAN:visa:****1111"},
          Shape{"4111-1111 1111-1111", "PAN:visa:****1111"},
          Shape{"3782 822463 10005", "PAN:amex:****0005"},
          Shape{"411111111 1111111", "411111111 1111111"},
          Shape{"4111  1111  1111  1111", "4111  1111  1111  1111"},
          Shape{"4111.1111.1111.1111", "4111.1111.1111.1111"},
          Shape{"41 11 11 11 11 11 11 11", "41 11 11 11 11 11 11 11"}}) {
        EXPECT_EQ(mask_text(text).text, masked) << text;
    }
}

TEST(MaskShapes, MayStandAnywhereInAText) {
    const std::string masked = "PAN:visa:****1111";
    const std::string visa = kVisa;
    EXPECT_EQ(mask_text(visa).text, masked);
    EXPECT_EQ(mask_text("no." + visa + ".").text, "no." + masked + ".");
    EXPECT_EQ(mask_text("卡" + visa + "号").text, "卡" + masked + "号");
    EXPECT_EQ(mask_text(visa + "\n" + visa).text, masked + "\n" + masked);
    EXPECT_EQ(mask_text(visa + " " + visa).cards, 2);
    EXPECT_EQ(mask_text("1 2 3 " + visa + " 4 5").text, "1 2 3 " + masked + " 4 5");
}

TEST(MaskShapes, LeaveNumbersThatAreNoCardsAlone) {
    for (const char* text : {"", "2026-06-12 12:00:00", "6901234567892 2", "total 1234567890123.45",
                             "4111111111111112", "+86 138 0013 8000", "201511121602084680006",
                             "0000000000000000", "1.23 4.56 7.89 0.12 3.45"}) {
        EXPECT_EQ(mask_text(text).text, text);
        EXPECT_EQ(mask_text(text).cards, 0) << text;
    }
}

TEST(MaskTracks, AreDroppedWithAllTheyHold) {
    for (const auto& [text, masked] :
         {Shape{"%B4111111111111111^DOE/JOHN^25121010000?", "[track dropped]?"},
          Shape{"%b4111111111111111^DOE^2512", "[track dropped]"},
          Shape{";4111111111111111=25121010000?x", "[track dropped]x"},
          Shape{";4111111111111112=2512", "[track dropped]"},
          Shape{"4111111111111111=2512,9", "[track dropped],9"},
          Shape{"%B4111111111111111^DOE\nnext", "[track dropped]\nnext"}}) {
        const auto result = mask_text(text);
        EXPECT_EQ(result.tracks, 1) << text;
        EXPECT_EQ(result.text, masked) << text;
    }
}

TEST(MaskTracks, BehindOtherDigitsAreDroppedToo) {
    const auto masked = mask_text("2 4111111111111111=25121010000 b");
    EXPECT_EQ(masked.text, "2 [track dropped] b");
    EXPECT_EQ(masked.tracks, 1);
}

TEST(MaskTracks, NeedThirteenToNineteenDigitsAndTheirSeparator) {
    for (const char* text : {"%", ";", "%B", "%B4111111111111112", ";123456789012=1",
                             ";12345678901234567890=1", "%B123^A", "a=b;c=1"}) {
        EXPECT_EQ(mask_text(text).tracks, 0) << text;
        EXPECT_EQ(mask_text(text).text, text);
    }
}

struct Sort {
    const char* name;
    FieldSort sort;
};

TEST(FieldSorts, AreToldByTheName) {
    for (const auto& [name, sort] : {Sort{"POSItemID", FieldSort::Code},
                                     Sort{"arts:ItemID", FieldSort::Code},
                                     Sort{"GTIN", FieldSort::Code},
                                     Sort{"sku", FieldSort::Code},
                                     Sort{"vendor_id", FieldSort::Code},
                                     Sort{"SequenceNumber", FieldSort::Code},
                                     Sort{"PAN", FieldSort::Secret},
                                     Sort{"a:CardNumber", FieldSort::Secret},
                                     Sort{"card_number", FieldSort::Secret},
                                     Sort{"CVV", FieldSort::Secret},
                                     Sort{"Track2Data", FieldSort::Secret},
                                     Sort{"SignatureImage", FieldSort::Secret},
                                     Sort{"LoyaltyID", FieldSort::Secret},
                                     Sort{"customerUid", FieldSort::Secret},
                                     Sort{"OperatorName", FieldSort::Secret},
                                     Sort{"EmailAddress", FieldSort::Secret},
                                     Sort{"Amount", FieldSort::Free},
                                     Sort{"Description", FieldSort::Free},
                                     Sort{"", FieldSort::Free},
                                     Sort{"PANX", FieldSort::Free},
                                     Sort{":", FieldSort::Free}}) {
        EXPECT_EQ(field_sort(name), sort) << name;
    }
}

TEST(FieldSpans, CoverTheBytesFromEndToEnd) {
    const std::string alphabet = "<>\"'=/:{}[], \\!?ab1-\n";
    std::mt19937_64 random{20261121};
    for (int round = 0; round < 2000; ++round) {
        std::string bytes;
        for (std::uint64_t n = random() % 60; n > 0; --n) {
            const auto kind = random() % 12;
            bytes += kind == 0   ? "<pan>"
                     : kind == 1 ? "\"member\":"
                                 : std::string{alphabet[random() % alphabet.size()]};
        }
        std::size_t at = 0;
        for (const auto& span : field_spans(bytes)) {
            EXPECT_EQ(span.from, at) << bytes;
            EXPECT_GT(span.to, span.from) << bytes;
            at = span.to;
        }
        EXPECT_EQ(at, bytes.size()) << bytes;
    }
}

TEST(MaskFields, StrikeOutAttributesHoweverTheyAreWritten) {
    for (const auto& [text, masked] :
         {Shape{R"(<A CardNumber="123"/>)", R"(<A CardNumber="***"/>)"},
          Shape{R"(<A CardNumber='12"3' b="4"/>)", R"(<A CardNumber='**"*' b="4"/>)"},
          Shape{R"(<A CardNumber = "123"/>)", R"(<A CardNumber = "***"/>)"},
          Shape{"<A b=\"1\"\n  a:Phone=\n\"138\">5</A>", "<A b=\"1\"\n  a:Phone=\n\"***\">5</A>"},
          Shape{R"(<A ItemID="4111111111111111"/>)", R"(<A ItemID="4111111111111111"/>)"},
          Shape{R"(<A b="4111111111111111"/>)", R"(<A b="PAN:visa:****1111"/>)"}}) {
        EXPECT_EQ(mask_bytes(text).text, masked) << text;
    }
}

TEST(MaskFields, StrikeOutTheValuesOfJsonKeys) {
    for (const auto& [text, masked] :
         {Shape{R"({"phone":"138 0013"})", R"({"phone":"*** ****"})"},
          Shape{R"({"phone" : "1"})", R"({"phone" : "*"})"},
          Shape{R"({"phone":138,"n":5})", R"({"phone":***,"n":5})"},
          Shape{R"({"phone":null})", R"({"phone":****})"},
          Shape{R"({"email":"a\"b","n":"c"})", R"({"email":"*\"*","n":"c"})"},
          Shape{R"({"member":{"id":"4111111111111111"}})",
                R"({"member":{"id":"PAN:visa:****1111"}})"},
          Shape{R"({"phone":"13)", R"({"phone":"**)"}, Shape{R"({"phone":)", R"({"phone":)"}}) {
        EXPECT_EQ(mask_bytes(text).text, masked) << text;
    }
}

TEST(MaskFields, StrikeOutLettersOfEveryScript) {
    EXPECT_EQ(mask_bytes("<CustomerName>Li 李</CustomerName>").text,
              "<CustomerName>** ***</CustomerName>");
}

TEST(MaskFields, EndWithTheirElement) {
    EXPECT_EQ(mask_bytes("<Phone>138</Phone>138<A>138").text, "<Phone>***</Phone>138<A>138");
}

TEST(MaskFields, StrikeOutAFieldThatIsCut) {
    EXPECT_EQ(mask_bytes("<AccountNumber>123").text, "<AccountNumber>***");
    EXPECT_EQ(mask_bytes("<A AccountNumber=\"123").text, "<A AccountNumber=\"***");
    EXPECT_EQ(mask_bytes("<svg><path d=\"M1").text.find("M1"), std::string::npos);
}

TEST(MaskFields, AreReadInBrokenDocumentsToo) {
    EXPECT_EQ(mask_bytes("</x><<Phone>1</x>{\"phone\":\"1\"").text,
              "</x><<Phone>*</x>{\"phone\":\"*\"");
}

// Whatever surrounds a card, its digits do not survive where no code field claims them.
TEST(MaskFields, LeaveNoCardInAnyFreePlace) {
    std::mt19937_64 random{7};
    const std::vector<std::string> before{"",  "<A>",  "<A b=\"", "{\"n\":", "{\"n\":\"", "\xff",
                                          "x", "<!--", "1 ",      "%",       ";",         "&#"};
    const std::vector<std::string> behind{"",  "</A>", "\"/>", "}",  "\"}",
                                          "?", "=",    "^",    " 1", "\n"};
    for (int round = 0; round < 2000; ++round) {
        std::string pan = "4";
        while (pan.size() < 15) pan += static_cast<char>('0' + random() % 10);
        pan += '0';
        while (!luhn_checks(pan)) ++pan.back();
        const std::string bytes =
            before[random() % before.size()] + pan + behind[random() % behind.size()];
        EXPECT_EQ(mask_bytes(bytes).text.find(pan.substr(0, 12)), std::string::npos) << bytes;
    }
}

}  // namespace
}  // namespace aisle::intake
