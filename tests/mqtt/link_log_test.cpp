#include "sync/mqtt/link_log.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "agent/runtime/inline_executor.hpp"

namespace aisle::mqtt {
namespace {

using What = LinkLog::What;

struct Minute {
    runtime::ManualClock clock;
    runtime::InlineExecutor loop{clock};
    std::vector<LinkLog::Line> lines;
    LinkLog log{loop, [this](const LinkLog::Line& line) { lines.push_back(line); }};
};

TEST(LinkLog, SaysTheFirstThingAtOnce) {
    Minute minute;
    minute.log.say(What::Failed, "no route");
    ASSERT_EQ(minute.lines.size(), 1U);
    EXPECT_EQ(minute.lines[0].detail, "no route");
}

TEST(LinkLog, WritesOneLineAMinuteHoweverOftenItFails) {
    Minute minute;
    for (int second = 0; second < 600; ++second) {
        minute.log.say(second % 2 == 0 ? What::Lost : What::Connected, "x");
        minute.loop.advance(seconds{1});
    }
    EXPECT_GE(minute.lines.size(), 10U);
    EXPECT_LE(minute.lines.size(), 11U);
    int events = 0;
    for (const auto& line : minute.lines) events += line.events;
    EXPECT_EQ(events, 600);
}

TEST(LinkLog, SumsUpAtTheEndOfTheMinuteHowItStandsThen) {
    Minute minute;
    minute.log.say(What::Lost, "first");
    minute.log.say(What::Failed, "second");
    minute.log.say(What::Connected, "third");
    minute.loop.advance(seconds{59});
    EXPECT_EQ(minute.lines.size(), 1U);
    minute.loop.advance(seconds{2});
    ASSERT_EQ(minute.lines.size(), 2U);
    EXPECT_EQ(minute.lines[1].what, What::Connected);
    EXPECT_EQ(minute.lines[1].detail, "third");
    EXPECT_EQ(minute.lines[1].events, 2);
}

TEST(LinkLog, SaysAtOnceWhatComesAfterAQuietMinute) {
    Minute minute;
    minute.log.say(What::Connected, "a");
    minute.loop.advance(seconds{61});
    minute.log.say(What::Lost, "b");
    EXPECT_EQ(minute.lines.size(), 2U);
}

}  // namespace
}  // namespace aisle::mqtt
