#include "sync/mqtt/hearing.hpp"

#include <gtest/gtest.h>

namespace aisle::mqtt {
namespace {

constexpr const char* kAck = "aisle/v1/26/s-0001/ack";
constexpr const char* kDown = "aisle/v1/26/s-0001/down/+";
constexpr EchoSettings kUsual{seconds{60}, seconds{10}};

MonoTime at(milliseconds since) { return MonoTime{} + since; }

// Up at 0 with both filters.
struct Ear {
    explicit Ear(EchoSettings settings = kUsual) : hearing{settings, "me"} {
        hearing.subscribed(kAck);
        hearing.subscribed(kDown);
        hearing.link_up(at(seconds{0}));
    }
    // The next echo, taken by the broker. Empty: none is due.
    std::string ask(milliseconds since) {
        const auto echo = hearing.due(at(since));
        if (!echo) return {};
        last = *echo;
        hearing.taken(at(since), {});
        return echo->topic;
    }
    bool come_back(milliseconds since) { return hearing.heard(last, at(since)); }

    Hearing hearing;
    Message last;
};

TEST(Hearing, AsksForAnEchoOverEachFilterAfterAConnect) {
    Ear ear;
    EXPECT_EQ(ear.ask(seconds{0}), "aisle/v1/26/s-0001/ack");
    EXPECT_EQ(ear.ask(seconds{0}), "aisle/v1/26/s-0001/down/_echo");
    EXPECT_EQ(ear.ask(seconds{0}), "");
}

TEST(Hearing, HasOneEchoOutAtATime) {
    Ear ear;
    ASSERT_TRUE(ear.hearing.due(at(seconds{0})));
    EXPECT_FALSE(ear.hearing.due(at(seconds{0})));
}

TEST(Hearing, CallsAFilterDeafWhoseEchoDoesNotComeBack) {
    Ear ear;
    ear.ask(seconds{0});
    EXPECT_TRUE(ear.come_back(seconds{1}));
    ear.ask(seconds{1});
    EXPECT_EQ(ear.hearing.deaf(at(milliseconds{10'999})), "");
    EXPECT_EQ(ear.hearing.deaf(at(seconds{11})), kDown);
}

TEST(Hearing, DoesNotJudgeWhatTheBrokerHasNotTaken) {
    Ear ear;
    ASSERT_TRUE(ear.hearing.due(at(seconds{0})));
    EXPECT_EQ(ear.hearing.deaf(at(minutes{5})), "");
}

TEST(Hearing, BelievesAnEchoThatOvertookTheBrokersAnswer) {
    Ear ear;
    const auto echo = ear.hearing.due(at(seconds{0}));
    ear.hearing.heard(*echo, at(milliseconds{1}));
    ear.hearing.taken(at(milliseconds{2}), {});
    ear.ask(milliseconds{3});
    ear.come_back(milliseconds{4});
    EXPECT_EQ(ear.hearing.deaf(at(seconds{59})), "");
}

TEST(Hearing, TakesAnythingThatComesForProof) {
    Ear ear;
    ear.ask(seconds{0});
    EXPECT_FALSE(ear.hearing.heard({.topic = kAck, .payload = "{}"}, at(seconds{1})));
    ear.ask(seconds{1});
    ear.come_back(seconds{1});
    EXPECT_EQ(ear.hearing.deaf(at(seconds{50})), "");
    EXPECT_EQ(ear.ask(seconds{50}), "");
    EXPECT_EQ(ear.ask(seconds{61}), kAck);
}

TEST(Hearing, TakesARetainedMessageForNoProof) {
    Ear ear;
    ear.ask(seconds{0});
    ear.hearing.heard({.topic = kAck, .payload = "{}", .retained = true}, at(seconds{1}));
    EXPECT_EQ(ear.hearing.deaf(at(seconds{10})), kAck);
}

TEST(Hearing, KeepsTheEchoOfAnotherDeviceToItselfToo) {
    Ear ear;
    Hearing other{kUsual, "other"};
    other.subscribed(kAck);
    other.link_up(at(seconds{0}));
    EXPECT_TRUE(ear.hearing.heard(*other.due(at(seconds{0})), at(seconds{1})));
}

TEST(Hearing, IsPatientWhileOtherMessagesFillTheLine) {
    Ear ear;
    ear.ask(seconds{0});
    const Message other{.topic = "aisle/v1/26/s-0001/down/data", .payload = "much"};
    ear.hearing.heard(other, at(seconds{9}));
    EXPECT_EQ(ear.hearing.deaf(at(seconds{10})), "");
    ear.hearing.heard(other, at(seconds{29}));
    EXPECT_EQ(ear.hearing.deaf(at(seconds{29})), "");
    EXPECT_EQ(ear.hearing.deaf(at(seconds{30})), kAck);
}

TEST(Hearing, DoesNotAskAgainWhereTheBrokerForbidsIt) {
    Ear ear;
    ASSERT_TRUE(ear.hearing.due(at(seconds{0})));
    ear.hearing.taken(at(seconds{0}), denied("not authorized"));
    EXPECT_EQ(ear.ask(seconds{1}), "aisle/v1/26/s-0001/down/_echo");
    EXPECT_EQ(ear.ask(minutes{10}), "");
}

TEST(Hearing, GrowsPatientWithABrokerThatNeverEchoes) {
    Ear ear;
    std::vector<std::int64_t> waited_s;
    for (int connection = 0; connection < 16; ++connection) {
        ear.hearing.link_up(at(seconds{0}));
        ear.ask(seconds{0});
        seconds waited{1};
        while (ear.hearing.deaf(at(waited)).empty()) ++waited;
        waited_s.push_back(waited.count());
    }
    EXPECT_EQ((std::vector(waited_s.begin(), waited_s.begin() + 6)),
              (std::vector<std::int64_t>{10, 10, 10, 10, 20, 40}));
    EXPECT_EQ(waited_s.back(), 1'800);

    ear.hearing.link_up(at(seconds{0}));
    ear.ask(seconds{0});
    ear.come_back(seconds{1});
    ear.ask(seconds{1});
    EXPECT_EQ(ear.hearing.deaf(at(seconds{11})), kDown);
}

TEST(Hearing, AsksNothingUnlessItIsTold) {
    Ear ear{{}};
    EXPECT_EQ(ear.ask(seconds{0}), "");
    EXPECT_EQ(ear.hearing.deaf(at(minutes{60})), "");
}

TEST(EchoTopic, IsCoveredByItsFilter) {
    for (const char* filter : {kAck, kDown, "aisle/v1/+/+/up/+", "aisle/v1/07/+/state"})
        EXPECT_TRUE(topic_matches(filter, echo_topic(filter))) << filter;
    EXPECT_EQ(echo_topic("aisle/v1/07/+/up/+"), "aisle/v1/07/_echo/up/_echo");
    EXPECT_EQ(echo_topic("gateways/#"), "");
}

}  // namespace
}  // namespace aisle::mqtt
