#include "sync/hq/presence.hpp"

#include <gtest/gtest.h>

#include "sync/hq/presence_book.hpp"
#include "tests/kit/builders.hpp"

namespace aisle::hq {
namespace {

using kit::kNoon;

wire::StoreState birth(const std::string& run, milliseconds after, bool alive = true) {
    return {.alive = alive,
            .epoch = "0123456789abcdef",
            .version = "1.0",
            .run = run,
            .at = kNoon + after};
}

constexpr const char* kFirst = "aaaaaaaaaaaaaaaa";
constexpr const char* kSecond = "bbbbbbbbbbbbbbbb";

TEST(Presence, OfARestartedDeviceIsOneDevice) {
    Presence presence;
    EXPECT_EQ(take_state(presence, birth(kFirst, seconds{0}), kNoon, false), Heard::News);
    EXPECT_EQ(take_state(presence, birth(kSecond, seconds{60}), kNoon, false), Heard::News);
    EXPECT_EQ(take_state(presence, birth(kSecond, seconds{120}), kNoon, false), Heard::News);
    EXPECT_EQ(presence.earlier.size(), 1U);
}

TEST(Presence, OfTwoRunsThatTakeTurnsIsTwoDevices) {
    Presence presence;
    take_state(presence, birth(kFirst, seconds{0}), kNoon, false);
    take_state(presence, birth(kSecond, seconds{5}), kNoon, false);
    EXPECT_EQ(take_state(presence, birth(kFirst, seconds{60}), kNoon, false), Heard::TwoDevices);
    EXPECT_EQ(take_state(presence, birth(kSecond, seconds{65}), kNoon, false), Heard::TwoDevices);
    EXPECT_EQ(presence.birth.run, kSecond);
}

TEST(Presence, PassesOverALateCopyOfAnEarlierRun) {
    Presence presence;
    take_state(presence, birth(kFirst, seconds{0}), kNoon, false);
    take_state(presence, birth(kSecond, seconds{5}), kNoon, false);
    EXPECT_EQ(take_state(presence, birth(kFirst, seconds{0}), kNoon, false), Heard::Nothing);
    EXPECT_EQ(presence.birth.run, kSecond);
}

TEST(Presence, BelievesADeathOfItsOwnRunOnly) {
    Presence presence;
    take_state(presence, birth(kFirst, seconds{0}), kNoon, false);
    take_state(presence, birth(kSecond, seconds{5}), kNoon, false);
    take_state(presence, birth(kFirst, seconds{6}, false), kNoon, false);
    EXPECT_TRUE(presence.alive);
    take_state(presence, birth(kSecond, seconds{7}, false), kNoon, false);
    EXPECT_FALSE(presence.alive);
}

TEST(Presence, OfAnAgentWithoutRunsIsTakenAsItIs) {
    Presence presence;
    for (int i = 0; i < 3; ++i)
        EXPECT_EQ(take_state(presence, birth("", seconds{i}), kNoon, false), Heard::News);
    take_state(presence, birth("", seconds{9}, false), kNoon, false);
    EXPECT_FALSE(presence.alive);
}

TEST(Presence, RemembersTheLatestRunsOnly) {
    Presence presence;
    for (int i = 0; i < 30; ++i)
        take_state(presence, birth(std::string(16, static_cast<char>('a' + i % 26)), seconds{i}),
                   kNoon, false);
    EXPECT_LE(presence.earlier.size(), kRunsMax);
}

TEST(Presence, KeepsOneAlarmOfAKindWithItsTimes) {
    Presence presence;
    note_alarm(presence, "fork", "a", kNoon);
    note_alarm(presence, "unreadable", "b", kNoon + seconds{1});
    note_alarm(presence, "fork", "c", kNoon + seconds{2});
    ASSERT_EQ(presence.alarms.size(), 2U);
    EXPECT_EQ(presence.alarms[0], (NotedAlarm{.kind = "fork",
                                              .detail = "c",
                                              .first = kNoon,
                                              .last = kNoon + seconds{2},
                                              .times = 2}));
}

TEST(Presence, SurvivesBeingWritten) {
    Presence presence;
    take_state(presence, birth(kFirst, seconds{0}), kNoon, false);
    auto state = birth(kSecond, seconds{5});
    state.health = {.bundle = 7,
                    .datasets = std::vector<wire::DatasetVersion>{{"members", 2}},
                    .clock = ClockQuality::Hq};
    state.streams = {{Stream::Ledger, 1, 9}};
    take_state(presence, state, kNoon, false);
    note_alarm(presence, "fork", "\"quoted\"", kNoon);
    const auto back = parse_presence(to_json(presence));
    ASSERT_TRUE(back);
    EXPECT_EQ(*back, presence);
    presence.alive = false;
    EXPECT_EQ(*parse_presence(to_json(presence)), presence);
}

TEST(Presence, OfNoiseIsNone) {
    EXPECT_FALSE(parse_presence("noise"));
    EXPECT_FALSE(parse_presence("[]"));
    EXPECT_FALSE(parse_presence(R"({"birth":"{}"})"));
}

Message message(const wire::StoreState& state) {
    return {.topic = "aisle/v1/26/s-0001/state", .payload = wire::to_json(state)};
}

TEST(PresenceBook, WritesWhatChangedAndSignsOfLifeOnlyNowAndThen) {
    PresenceBook book;
    book.take("s-0001", message(birth(kFirst, seconds{0})), kNoon);
    EXPECT_EQ(book.unwritten(10).size(), 1U);
    book.take("s-0001", message(birth(kFirst, minutes{1})), kNoon + minutes{1});
    EXPECT_TRUE(book.unwritten(10).empty());
    book.take("s-0001", message(birth(kFirst, minutes{11})), kNoon + minutes{11});
    EXPECT_EQ(book.unwritten(10).size(), 1U);
    book.take("s-0001", message(birth(kSecond, minutes{12})), kNoon + minutes{12});
    EXPECT_EQ(book.unwritten(10).size(), 1U);
}

TEST(PresenceBook, RestoresWhatWasWrittenWithoutForgettingWhatCameSince) {
    PresenceBook before;
    before.take("s-0001", message(birth(kFirst, seconds{0})), kNoon);
    before.take("s-0002", message(birth(kFirst, seconds{0})), kNoon);
    before.alarm("s-0001", "fork", "x", kNoon);
    PresenceBook after;
    after.take("s-0001", message(birth(kSecond, seconds{9})), kNoon + seconds{9});
    after.restore(before.unwritten(10));
    EXPECT_EQ(after.all().at("s-0001").birth.run, kSecond);
    EXPECT_EQ(after.all().at("s-0001").alarms.size(), 1U);
    EXPECT_EQ(after.all().at("s-0002").birth.run, kFirst);
    EXPECT_TRUE(after.unwritten(10).size() == 1U);
}

TEST(PresenceBook, ForgetsStoresThatAreServedElsewhere) {
    PresenceBook book;
    book.take("s-0001", message(birth(kFirst, seconds{0})), kNoon);
    book.forget([](const std::string& store) { return store == "s-0001"; });
    EXPECT_TRUE(book.all().empty());
    EXPECT_TRUE(book.unwritten(10).empty());
}

}  // namespace
}  // namespace aisle::hq
