#include "sync/wire/line.hpp"

#include <gtest/gtest.h>

#include "tests/kit/builders.hpp"

namespace aisle::wire {
namespace {

OutboxRow sale_row() {
    OutboxRow row{.seq = 1201, .from = 1201};
    row.record = {.stream = Stream::Ledger,
                  .kind = "sale",
                  .event_id = "00112233445566778899aabbccddeeff",
                  .at = kit::at(),
                  .body = R"({"total":100})"};
    row.record.at.boot = 7;
    row.record.at.mono = MonoTime{microseconds{81'234'567}};
    return row;
}

// The golden line: HQ compares digests of lines, so a change here breaks every store in the field.
TEST(Line, IsWrittenAsTheDesignSays) {
    EXPECT_EQ(line_of(sale_row()),
              R"({"seq":1201,"kind":"sale","id":"00112233445566778899aabbccddeeff",)"
              R"("at":"2026-06-12T04:00:00.000Z","boot":7,"mono":81234567,"clock":"ntp",)"
              R"("body":{"total":100}})");
}

TEST(Line, HasNoIdWhereTheKindHasNone) {
    auto row = sale_row();
    row.record.event_id.clear();
    EXPECT_EQ(line_of(row).find("\"id\""), std::string::npos);
}

TEST(Line, OfAGapNamesItsFirstSeq) {
    OutboxRow gap{.seq = 9, .from = 4};
    gap.record.kind = "gap";
    gap.record.body = R"({"reason":"quota","n":6})";
    EXPECT_EQ(line_of(gap), R"({"seq":9,"from":4,"kind":"gap","body":{"reason":"quota","n":6}})");
}

TEST(Line, NamesItsEarlierPlacesTheLatestOutermost) {
    auto row = sale_row();
    row.was = {{"0123456789abcdef", 9}, {"fedcba9876543210", 4}};
    EXPECT_NE(line_of(row).find(R"("clock":"ntp","was":{"epoch":"0123456789abcdef","seq":9,)"
                                R"("was":{"epoch":"fedcba9876543210","seq":4}},"body":)"),
              std::string::npos);
}

TEST(Line, NamesNoMorePlacesThanARowRemembers) {
    auto row = sale_row();
    row.was.assign(kOriginsMax + 1, {"0123456789abcdef", 9});
    std::size_t named = 0;
    const std::string line = line_of(row);
    for (auto at = line.find("\"was\""); at != std::string::npos; at = line.find("\"was\"", at + 1))
        ++named;
    EXPECT_EQ(named, kOriginsMax);
}

TEST(Line, IsTheSameBehindOthers) {
    std::string text = "before\n";
    append_line(text, sale_row());
    EXPECT_EQ(text, "before\n" + line_of(sale_row()));
}

TEST(Line, KeepsTheBodyVerbatim) {
    auto row = sale_row();
    row.record.body = R"({ "b":1.50, "a":"é\u0041\n" })";
    EXPECT_NE(line_of(row).find(R"("body":{ "b":1.50, "a":"é\u0041\n" }})"), std::string::npos);
}

TEST(Line, StaysOneLineWhenTheBodyIsPrettyPrinted) {
    auto row = sale_row();
    row.record.body = "{\r\n  \"a\": 1\n}";
    EXPECT_NE(line_of(row).find("\"body\":{    \"a\": 1 }}"), std::string::npos);
    EXPECT_EQ(line_of(row).find_first_of("\r\n"), std::string::npos);
}

TEST(Line, OfAnEmptyBodyIsStillJson) {
    auto row = sale_row();
    row.record.body.clear();
    EXPECT_TRUE(line_of(row).ends_with(R"("body":null})"));
}

TEST(Line, IsTheSameForTheSameRow) { EXPECT_EQ(line_of(sale_row()), line_of(sale_row())); }

TEST(Quoted, EscapesWhatJsonMustAndNothingElse) {
    EXPECT_EQ(quoted("a\"b\\c\n\r\t\x01/é"), R"("a\"b\\c\n\r\t\u0001/é")");
}

TEST(Check, IsTheFirstEightBytesOfSha256) {
    // FIPS 180-4 examples: "abc" and the empty message.
    EXPECT_EQ(check_of("abc"), "ba7816bf8f01cfea");
    EXPECT_EQ(check_of(""), "e3b0c44298fc1c14");
}

}  // namespace
}  // namespace aisle::wire
