#include "drivers/pos/xml_records.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace aisle::pos {
namespace {

using Sort = XmlRecord::Sort;

std::vector<XmlRecord> records_of(std::string_view text) {
    XmlRecords records{text};
    std::vector<XmlRecord> out;
    while (const auto record = records.next()) out.push_back(*record);
    return out;
}

std::vector<Sort> sorts_of(std::string_view text) {
    std::vector<Sort> out;
    for (const auto& record : records_of(text)) out.push_back(record.sort);
    return out;
}

TEST(XmlRecords, CutsExactlyAtTheTags) {
    const std::string_view text = "<L> <Transaction a='>'>x</Transaction > </L>";
    const auto records = records_of(text);
    ASSERT_EQ(records.size(), 1U);
    EXPECT_EQ(text.substr(records[0].from, records[0].to - records[0].from),
              "<Transaction a='>'>x</Transaction >");
}

TEST(XmlRecords, NeedsNoRootAroundTransactions) {
    EXPECT_EQ(sorts_of("<Transaction></Transaction><Transaction></Transaction>"),
              (std::vector{Sort::Whole, Sort::Whole}));
}

TEST(XmlRecords, IsNotFooledByNamesThatOnlyBeginAlike) {
    EXPECT_EQ(sorts_of("<L><TransactionLink></TransactionLink></L>"), std::vector<Sort>{});
    EXPECT_EQ(sorts_of("<L><Transaction><TransactionLink/></Transaction></L>"),
              std::vector{Sort::Whole});
}

TEST(XmlRecords, EndsARecordWhereTheNextBegins) {
    EXPECT_EQ(sorts_of("<L><Transaction><a><Transaction></Transaction></L>"),
              (std::vector{Sort::Broken, Sort::Whole}));
}

TEST(XmlRecords, LooksForNoTagsInsideCdataAndComments) {
    EXPECT_EQ(
        sorts_of(
            "<L><Transaction><![CDATA[</Transaction>]]><!-- <Transaction> --></Transaction></L>"),
        std::vector{Sort::Whole});
}

TEST(XmlRecords, TellsAnUnfinishedRecordFromAnUnfinishedDocument) {
    const auto inside = records_of("<L><Transaction><a>");
    ASSERT_EQ(inside.size(), 1U);
    EXPECT_EQ(inside[0].sort, Sort::Incomplete);
    EXPECT_EQ(inside[0].from, 3U);
    const auto outside = records_of("<L><Transaction></Transaction>  ");
    ASSERT_EQ(outside.size(), 2U);
    EXPECT_EQ(outside[1].from, outside[1].to);
}

TEST(XmlRecords, CallsATagThatWasCutIncomplete) {
    EXPECT_EQ(sorts_of("<L></L><"), std::vector{Sort::Incomplete});
    EXPECT_EQ(sorts_of("<L></L"), std::vector{Sort::Incomplete});
    EXPECT_EQ(sorts_of("<L></L><!-- "), std::vector{Sort::Incomplete});
}

TEST(XmlRecords, StopsAtADocumentType) {
    EXPECT_EQ(sorts_of("<L/><!DOCTYPE x><Transaction></Transaction>"), std::vector{Sort::Doctype});
}

TEST(XmlRecords, CallsNoElementAtAllIncomplete) {
    EXPECT_EQ(sorts_of(""), std::vector{Sort::Incomplete});
    EXPECT_EQ(sorts_of("<?xml version=\"1.0\"?>"), std::vector{Sort::Incomplete});
}

}  // namespace
}  // namespace aisle::pos
