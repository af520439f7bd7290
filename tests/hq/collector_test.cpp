#include "sync/hq/collector.hpp"

#include <gtest/gtest.h>

#include "batches.hpp"
#include "hq_world.hpp"
#include "quiet_store.hpp"
#include "sync/wire/guard.hpp"

namespace aisle::hq {
namespace {

// A store that notes what it is given and fails when told to.
class NotedStore final : public QuietStore {
public:
    Result<Applied> apply(std::span<const Inbound> batches, const Clock&) override {
        jobs.push_back(batches.size());
        if (failing > 0 && failing-- > 0) return full("no space");
        Applied applied{.consumed = std::min(consume_max, batches.size())};
        next += static_cast<std::int64_t>(applied.consumed);
        applied.answers.push_back(
            {StoreId{"s-0001"}, {.epoch = kEpoch, .next = next, .check = "ba7816bf8f01cfea"}});
        applied.notices = notices_written;
        return applied;
    }

    std::vector<std::size_t> jobs;
    std::size_t consume_max = 100;
    int failing = 0;
    std::int64_t next = 1;
    std::int64_t notices_written = 0;
};

struct Post {
    Post() {
        shop->subscribe(wire::to_text({StoreId{"s-0001"}, wire::Channel::Ack}));
        shop->on_message(
            [this](const Message& message) { acks.push_back(*wire::parse_ack(message.payload)); });
        shop->start();
        collector.start();
        run();
    }
    void send(int batches) {
        for (int i = 0; i < batches; ++i) {
            const auto one = inbound(1, 1);
            (void)shop->publish({.topic = one.topic, .payload = one.payload}, nullptr);
            broker.run_one();
        }
    }
    void run() {
        do loop.run_ready();
        while (broker.run_one());
        loop.run_ready();
    }

    runtime::ManualClock clock;
    runtime::InlineExecutor loop{clock};
    std::unique_ptr<runtime::Metrics> metrics = runtime::make_metrics();
    kit::FakeBroker broker;
    NotedStore store;
    std::unique_ptr<Transport> link = broker.client();
    std::unique_ptr<Transport> shop = broker.client();
    bool storage_has_room = true;
    Collector collector{{*link, store, loop, *metrics, [this](runtime::Task task) {
                             if (storage_has_room) loop.post(std::move(task));
                             return storage_has_room;
                         }}};
    std::vector<wire::Ack> acks;
};

TEST(Collector, PutsWhatGathersIntoOneTransactionOfAtMostSixteen) {
    Post post;
    post.send(40);  // the first is taken at once, the rest waits for it
    post.run();
    EXPECT_EQ(post.store.jobs, (std::vector<std::size_t>{1, 16, 16, 7}));
}

TEST(Collector, GivesBackWhatATransactionDidNotReach) {
    Post post;
    post.store.consume_max = 5;
    post.send(11);
    post.run();
    EXPECT_EQ(post.store.jobs, (std::vector<std::size_t>{1, 10, 5}));
    EXPECT_EQ(post.acks.back().next, 12);
}

TEST(Collector, AnswersNothingBeforeTheCommitAndTriesAgain) {
    Post post;
    post.store.failing = 1;
    post.send(1);
    post.run();
    EXPECT_TRUE(post.acks.empty());
    post.loop.advance(seconds{2});
    post.run();
    EXPECT_EQ(post.acks.size(), 1U);
    EXPECT_EQ(post.metrics->counter("aisle_hq_commit_failures_total", "").value(), 1);
}

TEST(Collector, WaitsWhenTheStorageThreadHasNoRoom) {
    Post post;
    post.storage_has_room = false;
    post.send(1);
    post.run();
    EXPECT_TRUE(post.store.jobs.empty());
    post.storage_has_room = true;
    post.loop.advance(seconds{2});
    post.run();
    EXPECT_EQ(post.acks.size(), 1U);
}

TEST(Collector, DropsAndCountsWhatItsQueueCannotHold) {
    Post post;
    post.storage_has_room = false;
    const int extra = 7;
    post.send(static_cast<int>(kQueueBatchesMax) + extra);
    EXPECT_EQ(post.metrics->counter("aisle_hq_dropped_total", "").value(), extra);
}

TEST(Collector, BelievesARetainedBirthButDoesNotTakeItForALifeSign) {
    Post post;
    const wire::StoreState birth{.alive = true, .epoch = kEpoch, .at = kit::kNoon};
    const auto topic = wire::to_text({StoreId{"s-0001"}, wire::Channel::State});
    const auto payload = wire::guarded(topic, wire::to_json(birth));
    (void)post.shop->publish({.topic = topic, .payload = payload, .retained = true}, nullptr);
    post.run();
    EXPECT_TRUE(post.collector.presence().at("s-0001").alive);
    EXPECT_NE(post.collector.presence().at("s-0001").heard, WallTime{});

    const auto late_link = post.broker.client();
    Collector late{
        {*late_link, post.store, post.loop, *post.metrics, [](runtime::Task) { return true; }}};
    late.start();
    post.run();
    EXPECT_TRUE(late.presence().at("s-0001").alive);
    EXPECT_EQ(late.presence().at("s-0001").heard, WallTime{});
}

wire::StoreState birth_of(const std::string& run, milliseconds after) {
    return {.alive = true, .epoch = kEpoch, .run = run, .at = kit::kNoon + after};
}

void say(Post& post, const wire::StoreState& state) {
    const auto topic = wire::to_text({StoreId{"s-0001"}, wire::Channel::State});
    const auto payload = wire::guarded(topic, wire::to_json(state));
    (void)post.shop->publish({.topic = topic, .payload = payload}, nullptr);
    post.run();
}

TEST(Collector, TakesABirthWithADamagedByteForNone) {
    Post post;
    say(post, birth_of("1111111111111111", seconds{0}));
    const auto topic = wire::to_text({StoreId{"s-0001"}, wire::Channel::State});
    auto payload = wire::guarded(topic, wire::to_json(birth_of("1111111111111111", seconds{60})));
    payload[payload.find("1111")] = '2';
    (void)post.shop->publish({.topic = topic, .payload = payload}, nullptr);
    post.run();
    say(post, birth_of("1111111111111111", seconds{120}));
    EXPECT_EQ(post.metrics->counter("aisle_hq_damaged_total", "").value(), 1);
    EXPECT_TRUE(post.collector.presence().at("s-0001").alarms.empty());
}

TEST(Collector, RaisesAnAlarmWhenTwoDevicesSpeakWithOneIdentity) {
    Post post;
    say(post, birth_of("aaaaaaaaaaaaaaaa", seconds{0}));
    say(post, birth_of("bbbbbbbbbbbbbbbb", seconds{1}));
    EXPECT_TRUE(post.collector.presence().at("s-0001").alarms.empty());
    say(post, birth_of("aaaaaaaaaaaaaaaa", seconds{60}));
    const auto& alarms = post.collector.presence().at("s-0001").alarms;
    ASSERT_EQ(alarms.size(), 1U);
    EXPECT_EQ(alarms[0].kind, "two_devices");
    EXPECT_EQ(post.metrics->counter("aisle_hq_alarms_total", "", {{"kind", "two_devices"}}).value(),
              1);
}

TEST(Collector, KnowsAfterARestartWhoWasThere) {
    Post post;
    say(post, birth_of("aaaaaaaaaaaaaaaa", seconds{0}));
    post.loop.advance(seconds{6});
    post.run();
    ASSERT_EQ(post.store.state.size(), 1U);
    const auto late_link = post.broker.client();
    Collector late{{*late_link, post.store, post.loop, *post.metrics, [&](runtime::Task task) {
                        post.loop.post(std::move(task));
                        return true;
                    }}};
    late.start();
    post.run();
    EXPECT_EQ(late.presence().at("s-0001").birth.run, "aaaaaaaaaaaaaaaa");
}

TEST(Collector, TellsOthersWhatItHears) {
    Post post;
    std::vector<std::string> told;
    post.collector.on_presence(
        [&](const std::string& store, const Presence&) { told.push_back(store); });
    int notices = 0;
    post.collector.on_notice([&] { ++notices; });
    say(post, birth_of("aaaaaaaaaaaaaaaa", seconds{0}));
    EXPECT_EQ(told, std::vector<std::string>{"s-0001"});
    post.store.notices_written = 1;
    post.send(1);
    post.run();
    EXPECT_EQ(notices, 1);
}

TEST(Collector, ServesOnlyItsPartitions) {
    Post post;
    const unsigned ours = wire::partition_of(StoreId{"s-0001"});
    post.collector.serve(std::vector<unsigned>{(ours + 1) % wire::kPartitions});
    post.run();
    post.send(2);
    post.run();
    EXPECT_TRUE(post.store.jobs.empty());
    post.collector.serve(std::vector<unsigned>{ours});
    post.run();
    post.send(2);
    post.run();
    EXPECT_EQ(post.store.jobs, (std::vector<std::size_t>{1, 1}));
    post.collector.serve({});
    EXPECT_TRUE(post.collector.presence().empty());
}

TEST(Collector, SteersTheStoresOnlyWhileItIsBehind) {
    Post post;
    post.storage_has_room = false;
    post.send(200);
    post.storage_has_room = true;
    post.loop.advance(seconds{2});
    post.run();
    ASSERT_FALSE(post.acks.empty());
    EXPECT_GT(post.acks.front().credit_bytes_s, 0);
    EXPECT_EQ(post.acks.back().credit_bytes_s, 0);
}

}  // namespace
}  // namespace aisle::hq
