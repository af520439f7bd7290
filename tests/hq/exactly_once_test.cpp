#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "hq_world.hpp"

namespace aisle::hq {
namespace {

TEST(ExactlyOnce, InFairWeatherEveryRecordIsAtHqInOrder) {
    World world;
    world.start_hq();
    world.start_agent();
    for (const Stream stream : kUpStreams) world.add(stream, 1'234);
    ASSERT_TRUE(world.settle());
    for (const Stream stream : kUpStreams)
        EXPECT_EQ(world.bodies_at_hq(stream), world.added[stream]);
    EXPECT_EQ(world.counted("aisle_hq_refused_total"), 0);
    EXPECT_EQ(world.counted("aisle_hq_repeated_total"), 0);
}

// One round of bad luck: messages lost, doubled and out of order, and now and then the broker, the
// collector or the agent is killed. All draws come from the seed.
void live_through(World& world, std::mt19937_64& random, int steps) {
    for (int i = 0; i < steps; ++i) {
        const auto draw = random() % 1'000;
        if (draw < 60) world.add(kUpStreams[random() % 4], static_cast<int>(random() % 40) + 1);
        if (draw == 100) world.broker.restart();
        if (draw == 101) world.kill_hq(), world.start_hq();
        if (draw == 102) world.kill_agent(), world.start_agent();
        if (draw == 103) world.outbox.fail_next(2);
        if (draw == 104) world.loop.advance(seconds{20});
        world.step();
    }
}

class BadWeather : public testing::TestWithParam<std::uint64_t> {};

TEST_P(BadWeather, LosesAndDoublesNothing) {
    std::mt19937_64 random{GetParam()};
    World world{GetParam()};
    world.settings.batch_rows_max = 1 + random() % 60;
    world.settings.in_flight_max = 1 + random() % 16;
    world.broker.weather = {.lost_permille = static_cast<unsigned>(random() % 300),
                            .doubled_permille = static_cast<unsigned>(random() % 300),
                            .shuffled = 1 + random() % 8};
    world.start_hq();
    world.start_agent();
    live_through(world, random, 1'000);
    world.broker.weather = {};
    ASSERT_TRUE(world.settle()) << "HQ never acknowledged all";
    for (const Stream stream : kUpStreams) {
        const auto rows = events_of(world.folder.file("hq.db"), stream);
        ASSERT_EQ(rows.size(), world.added[stream].size()) << to_text(stream);
        for (std::size_t i = 0; i < rows.size(); ++i) {
            ASSERT_EQ(rows[i].seq, static_cast<std::int64_t>(i) + 1) << to_text(stream);
            ASSERT_EQ(rows[i].body, world.added[stream][i]) << to_text(stream);
        }
    }
    EXPECT_EQ(world.counted("aisle_hq_forks_total"), 0);
    EXPECT_EQ(world.counted("aisle_uplink_forks_total", Stream::Ledger), 0);
}

INSTANTIATE_TEST_SUITE_P(Seeds, BadWeather, testing::Range<std::uint64_t>(1, 13));

// The test above has teeth: what it throws at the two ends is not harmless.
TEST(BadWeatherItself, DoesLoseAndDouble) {
    World world{3};
    world.broker.weather = {.lost_permille = 300, .doubled_permille = 300, .shuffled = 8};
    world.settings.batch_rows_max = 10;
    world.start_hq();
    world.start_agent();
    world.add(Stream::Ledger, 1'000);
    for (int i = 0; i < 2'000; ++i) world.step();
    EXPECT_GT(world.counted("aisle_hq_refused_total"), 0);
    EXPECT_GT(world.counted("aisle_hq_repeated_total"), 0);
    EXPECT_GT(world.counted("aisle_uplink_repeats_total", Stream::Ledger), 0);
}

TEST(ExactlyOnce, AGapStandsForWhatItReplaced) {
    World world;
    world.start_hq();
    world.add(Stream::Health, 20);
    world.outbox.replace_by_gap(Stream::Health, 5, 14, "quota", [](const Status&) {});
    world.start_agent();
    ASSERT_TRUE(world.settle());
    const auto rows = events_of(world.folder.file("hq.db"), Stream::Health);
    ASSERT_EQ(rows.size(), 11U);
    EXPECT_EQ(rows[4].kind, "gap");
    EXPECT_EQ(rows[4].from, 5);
    EXPECT_EQ(rows[4].seq, 14);
    EXPECT_EQ(rows[4].body, R"({"reason":"quota","n":10})");
    std::int64_t covered = 0;
    for (const auto& row : rows) covered += row.seq - row.from + 1;
    EXPECT_EQ(covered, 20);
}

TEST(ExactlyOnce, ARecordThatFitsIntoNoBatchBecomesADeadLetterAndBlocksNobody) {
    World world;
    world.broker.packet_bytes_max = 4'096;
    world.start_hq();
    std::string noise = "{\"x\":\"";
    std::mt19937 random{5};
    for (int i = 0; i < 20'000; ++i) noise += static_cast<char>('a' + random() % 26);
    world.outbox.add(Stream::Ledger, "{}");
    world.outbox.add(Stream::Ledger, noise + "\"}");
    world.outbox.add(Stream::Ledger, "{}");
    world.start_agent();
    ASSERT_TRUE(world.settle());
    const auto rows = events_of(world.folder.file("hq.db"), Stream::Ledger);
    ASSERT_EQ(rows.size(), 3U);
    EXPECT_EQ(rows[1].kind, "gap");
    EXPECT_EQ(world.counted("aisle_uplink_dead_letters_total", Stream::Ledger), 1);
}

TEST(ExactlyOnce, ACloneIsFoundAndGoesOnUnderAnEpochOfItsOwn) {
    World world;
    world.start_hq();
    world.start_agent();
    world.add(Stream::Ledger, 10);
    ASSERT_TRUE(world.settle());
    world.kill_agent();
    // The same identity and epoch on another card, with other records under the same numbers.
    kit::ModelOutbox other{[&](std::function<void()> task) { world.loop.post(std::move(task)); }};
    for (int i = 0; i < 15; ++i) other.add(Stream::Ledger, R"({"other":true})");
    const auto link = world.broker.client();
    const auto clone =
        uplink::make_uplink({other, *link, world.loop, *world.metrics}, world.settings);
    clone->start();
    for (int i = 0; i < 500; ++i) world.step();
    EXPECT_EQ(other.rows(Stream::Ledger), 0U);
    EXPECT_NE(other.epoch(), world.settings.epoch);
    auto bodies = world.bodies_at_hq(Stream::Ledger);
    EXPECT_EQ(std::erase(bodies, R"({"other":true})"), 15U);
    EXPECT_EQ(bodies, world.added[Stream::Ledger]);
    EXPECT_GT(world.counted("aisle_hq_forks_total"), 0);
    EXPECT_GT(world.counted("aisle_uplink_forks_total", Stream::Ledger), 0);
}

// Two cards with one identity in two live devices, on one broker.
TEST(ExactlyOnce, TwoLiveDevicesOfOneIdentityNeverMix) {
    World world;
    world.start_hq();
    world.start_agent();
    world.add(Stream::Ledger, 5);
    ASSERT_TRUE(world.settle());
    kit::ModelOutbox other{[&](std::function<void()> task) { world.loop.post(std::move(task)); }};
    for (int i = 1; i <= 5; ++i) other.add(Stream::Ledger, world.added[Stream::Ledger][0]);
    other.acknowledged(
        Stream::Ledger, 6, [](const Status&) {}, "");
    const auto link = world.broker.client();
    const auto clone =
        uplink::make_uplink({other, *link, world.loop, *world.metrics}, world.settings);
    clone->start();
    std::vector<std::string> told;
    for (int i = 0; i < 40; ++i) {
        const std::string body = "{\"clone\":" + std::to_string(i) + "}";
        other.add(Stream::Ledger, body);
        told.push_back(body);
        clone->wake(Stream::Ledger);
        world.add(Stream::Ledger);
        for (int step = 0; step < 20; ++step) world.step();
    }
    for (int i = 0; i < 20'000 && !(other.empty() && world.outbox.empty()); ++i) world.step();
    EXPECT_TRUE(other.empty());
    EXPECT_TRUE(world.outbox.empty());
    auto shown = world.bodies_at_hq(Stream::Ledger);
    auto expected = world.added[Stream::Ledger];
    expected.insert(expected.end(), told.begin(), told.end());
    std::ranges::sort(shown);
    std::ranges::sort(expected);
    EXPECT_EQ(shown, expected);
    EXPECT_NE(other.epoch(), world.outbox.epoch());
    const auto& alarms = world.hq->presence().at("s-0001").alarms;
    EXPECT_EQ(std::ranges::count(alarms, "new_epoch", &NotedAlarm::kind), 1);
    for (const auto& one : *world.store->completeness(EventStore::Proof::Recounted, ""))
        EXPECT_EQ(one.missing, 0);
}

TEST(ExactlyOnce, AnHqThatIsDownFreezesNoMoreThanItsWindow) {
    World world;
    world.start_agent();
    world.add(Stream::Offers, 20'000);
    for (int i = 0; i < 3'000; ++i) world.step();
    EXPECT_LE(world.outbox.frozen_to(Stream::Offers),
              16 * 500 + 2 * 500 + world.settings.freeze_ahead);
    EXPECT_EQ(world.agent->status().streams[1].in_flight, 1U);  // only the oldest is repeated
    world.start_hq();
    ASSERT_TRUE(world.settle());
    EXPECT_EQ(world.bodies_at_hq(Stream::Offers), world.added[Stream::Offers]);
}

}  // namespace
}  // namespace aisle::hq
