#include "agent/runtime/log_line.hpp"

#include <gtest/gtest.h>

namespace aisle::log {
namespace {

constexpr RepeatLimit::Time kStart{std::chrono::hours{1}};

using std::chrono::seconds;

std::string value_of(std::string_view value) {
    return format_line(Level::Info, "e", {{"k", value}})
        .substr(std::string_view{"<6>info e k="}.size());
}

TEST(LogLine, BeginsWithThePriorityForJournald) {
    EXPECT_EQ(format_line(Level::Error, "disk_full", {}), "<3>error disk_full");
    EXPECT_EQ(format_line(Level::Warn, "x", {}), "<4>warn x");
    EXPECT_EQ(format_line(Level::Info, "x", {}), "<6>info x");
    EXPECT_EQ(format_line(Level::Debug, "x", {}), "<7>debug x");
}

TEST(LogLine, HoldsItsFieldsInOrder) {
    EXPECT_EQ(format_line(Level::Info, "ready", {{"doors", 3}, {"store", "s-0001"}}),
              "<6>info ready doors=3 store=s-0001");
}

TEST(LogLine, QuotesWhatWouldBeReadAmiss) {
    EXPECT_EQ(value_of("plain/1.2:3"), "plain/1.2:3");
    EXPECT_EQ(value_of("two words"), R"("two words")");
    EXPECT_EQ(value_of(""), R"("")");
    EXPECT_EQ(value_of("a=b"), R"("a=b")");
    EXPECT_EQ(value_of("a\"b\\"), R"("a\"b\\")");
    EXPECT_EQ(value_of("价格"), "价格");
}

TEST(LogLine, StaysOneLine) {
    EXPECT_EQ(value_of("a\n<3>error forged"), R"("a\n<3>error forged")");
    EXPECT_EQ(value_of("\r\x1b[31m\x7f"), R"("\x0d\x1b[31m\x7f")");
}

TEST(LogLine, CutsALongValue) {
    EXPECT_EQ(value_of(std::string(1024, 'x')), std::string(1024, 'x'));
    EXPECT_EQ(value_of(std::string(1025, 'x')), std::string(1024, 'x') + "...");
}

TEST(RepeatLimit, AdmitsTenOfAnEventInAMinute) {
    RepeatLimit limit;
    int admitted = 0;
    for (int i = 0; i < 25; ++i) admitted += limit.admit("e", kStart + seconds{i}) ? 1 : 0;
    EXPECT_EQ(admitted, 10);
    EXPECT_TRUE(limit.admit("another", kStart));
}

TEST(RepeatLimit, TellsOnceWhatItHeldBack) {
    RepeatLimit limit;
    for (int i = 0; i < 25; ++i) (void)limit.admit("e", kStart);
    (void)limit.admit("quiet", kStart);
    EXPECT_TRUE(limit.ended(kStart + seconds{59}).empty());
    const auto told = limit.ended(kStart + seconds{60});
    ASSERT_EQ(told.size(), 1U);
    EXPECT_EQ(told[0].event, "e");
    EXPECT_EQ(told[0].unwritten, 15);
    EXPECT_TRUE(limit.ended(kStart + seconds{120}).empty());
}

TEST(RepeatLimit, BeginsAnewAfterAMinute) {
    RepeatLimit limit;
    for (int i = 0; i < 10; ++i) EXPECT_TRUE(limit.admit("e", kStart));
    EXPECT_TRUE(limit.admit("e", kStart + seconds{60}));
}

TEST(RepeatLimit, HasABoundOnNames) {
    RepeatLimit limit;
    for (std::size_t i = 0; i < RepeatLimit::kEventsMax; ++i)
        (void)limit.admit(std::to_string(i), kStart);
    int admitted = 0;
    for (int i = 0; i < 25; ++i)
        admitted += limit.admit("new " + std::to_string(i), kStart) ? 1 : 0;
    EXPECT_EQ(admitted, 10);
    EXPECT_EQ(limit.ended(kStart + seconds{60}).at(0).event, "other");
}

}  // namespace
}  // namespace aisle::log
