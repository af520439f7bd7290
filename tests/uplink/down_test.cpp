#include <gtest/gtest.h>

#include "scripted_hq.hpp"
#include "sync/uplink/hq_clock.hpp"

// What HQ says beside its acknowledgements, and what it is told of the store.
namespace aisle::uplink {
namespace {

struct Downward : Bench {
    Downward() {
        prepare = [this](Uplink& one) {
            one.on_down([this](const wire::Topic& topic, std::string_view payload) {
                channels.push_back(topic.channel);
                payloads.emplace_back(payload);
            });
            one.on_hq_time([this](const HqTime& time) { times.push_back(time); });
        };
    }
    void publish(wire::Channel channel, const std::string& payload, const char* store = "s-0001") {
        (void)hq->publish({.topic = wire::to_text({StoreId{store}, channel}), .payload = payload},
                          nullptr);
        run();
    }
    std::vector<wire::Channel> channels;
    std::vector<std::string> payloads;
    std::vector<HqTime> times;
};

TEST(TheWayDown, CarriesBundlesDataAndCommands) {
    Downward bench;
    bench.start();
    bench.publish(wire::Channel::DownBundle, "a");
    bench.publish(wire::Channel::DownData, std::string{"\0b", 2});
    bench.publish(wire::Channel::DownCommand, "c");
    EXPECT_EQ(bench.channels, (std::vector{wire::Channel::DownBundle, wire::Channel::DownData,
                                           wire::Channel::DownCommand}));
    EXPECT_EQ(bench.payloads, (std::vector<std::string>{"a", {"\0b", 2}, "c"}));
}

TEST(TheWayDown, CarriesNothingForAnotherStore) {
    Downward bench;
    bench.start();
    bench.publish(wire::Channel::DownCommand, "c", "s-0002");
    EXPECT_TRUE(bench.payloads.empty());
}

TEST(TheWayDown, IsNotSubscribedToWithoutAHandler) {
    Bench bench;
    bench.start();
    const auto topic = wire::to_text({bench.settings.store, wire::Channel::DownCommand});
    (void)bench.hq->publish({.topic = topic, .payload = "c"}, nullptr);
    bench.run();  // nobody is asked, and nothing falls over
    EXPECT_TRUE(bench.uplink->status().connected);
}

TEST(HqsTime, IsToldWithTheFirstAnswer) {
    Downward bench;
    bench.start();
    bench.add(Stream::Ledger);
    bench.loop.advance(milliseconds{400});
    auto ack = bench.ack_of(bench.seen[0]);
    ack.now = bench.clock.now().wall + std::chrono::hours{1};
    bench.say(ack);
    ASSERT_EQ(bench.times.size(), 1U);
    EXPECT_EQ(bench.times[0].error, milliseconds{201});
    EXPECT_EQ(bench.times[0].hq_now, ack.now + milliseconds{200});
    EXPECT_EQ(bench.times[0].heard, bench.clock.now());
}

TEST(HqsTime, IsNotToldByAnAnswerToWhatWasSentTwice) {
    Downward bench;
    bench.start();
    bench.add(Stream::Ledger);
    bench.pass(seconds{6});  // repeated: which of the two does HQ answer?
    ASSERT_EQ(bench.seen.size(), 2U);
    bench.say(bench.ack_of(bench.seen[1]));
    EXPECT_TRUE(bench.times.empty());
}

TEST(HqsTime, IsNotToldByARepeatedAnswer) {
    Downward bench;
    bench.start();
    bench.add(Stream::Ledger);
    const auto ack = bench.ack_of(bench.seen[0]);
    bench.say(ack);
    bench.pass(minutes{2});
    bench.say(ack);
    EXPECT_EQ(bench.times.size(), 1U);
}

TEST(HqClocks, PassOnWhatIsBetterAndOneAMinute) {
    HqClock clock;
    Stamp now{.boot = 1, .mono = MonoTime{seconds{100}}};
    EXPECT_TRUE(clock.heard({}, now, milliseconds{100}));
    EXPECT_FALSE(clock.heard({}, now, milliseconds{100}));
    EXPECT_TRUE(clock.heard({}, now, milliseconds{50}));
    now.mono += seconds{59};
    EXPECT_FALSE(clock.heard({}, now, milliseconds{200}));
    now.mono += seconds{1};
    EXPECT_TRUE(clock.heard({}, now, milliseconds{200}));
}

TEST(HqClocks, AreNeverFurtherOffThanTheySay) {
    std::mt19937_64 random{9};
    for (int i = 0; i < 1'000; ++i) {
        const microseconds there{static_cast<std::int64_t>(random() % 300'000)};
        const microseconds back{static_cast<std::int64_t>(random() % 300'000)};
        const std::chrono::sys_time<microseconds> truth{seconds{1'000'000} + microseconds{i * 37}};
        HqClock clock;
        const auto said = std::chrono::floor<milliseconds>(truth - back);
        const auto time = clock.heard(said, {}, there + back);
        ASSERT_TRUE(time);
        EXPECT_LE(std::chrono::abs(truth - time->hq_now), time->error);
    }
}

TEST(ABirth, TellsHowTheStoreIs) {
    Bench bench;
    bench.health = [] {
        return wire::Health{.bundle = 12, .disk_free_bytes = 5, .clock = ClockQuality::Rtc};
    };
    bench.start();
    const auto& birth = bench.states.back();
    EXPECT_EQ(birth.health.bundle, 12);
    EXPECT_EQ(birth.health.clock, ClockQuality::Rtc);
    EXPECT_EQ(birth.health.lag_s, 0);
    EXPECT_EQ(birth.run.size(), 16U);
    EXPECT_EQ(bench.uplink->birth().run, birth.run);
}

TEST(ABirth, TellsHowFarTheStoreIsBehind) {
    Bench bench;
    bench.outbox.add(Stream::Offers,
                     Record{.kind = "test", .at = {.wall = bench.clock.now().wall}, .body = "{}"});
    bench.start();
    bench.pass(seconds{70});
    EXPECT_NEAR(static_cast<double>(bench.states.back().health.lag_s.value_or(-1)), 60, 11);
}

TEST(ABirth, NamesAnotherRunForAnotherProcess) {
    Bench bench;
    bench.start();
    const std::string first = bench.states.back().run;
    bench.restart();
    EXPECT_NE(bench.states.back().run, first);
    EXPECT_FALSE(bench.states.back().run.empty());
}

TEST(ABirth, IsSaidAgainWhenSomethingHasChanged) {
    Bench bench;
    std::int64_t bundle = 1;
    bench.health = [&] { return wire::Health{.bundle = bundle}; };
    bench.start();
    bundle = 2;
    bench.uplink->announce();
    bench.run();
    EXPECT_EQ(bench.states.back().health.bundle, 2);
}

TEST(ADeath, NamesItsRunInTheWillAndAtACleanStop) {
    Bench bench;
    bench.start();
    const std::string run = bench.states.back().run;
    bench.uplink->stop([] {});
    bench.pass(seconds{2});
    EXPECT_FALSE(bench.states.back().alive);
    EXPECT_EQ(bench.states.back().run, run);
}

}  // namespace
}  // namespace aisle::uplink
