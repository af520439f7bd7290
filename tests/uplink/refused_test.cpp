#include <gtest/gtest.h>

#include "model_hq.hpp"

// Brokers that will not have a batch: by a reason code, or by hanging up.
namespace aisle::uplink {
namespace {

// A record that no compressor makes small.
std::string noise(std::size_t bytes) {
    std::mt19937 random{7};
    std::string text = "{\"x\":\"";
    for (std::size_t i = 0; i < bytes; ++i) text += static_cast<char>('0' + random() % 75);
    for (char& c : text)
        if (c == '\\') c = 'x';
    return text + "\"}";
}

// Whether a batch holds the poisoned record.
bool is_poisoned(const Message& message) {
    const auto batch = wire::open_batch(message.payload);
    if (!batch) return false;
    for (const auto line : batch->lines)
        if (line.find("poison") != std::string_view::npos) return true;
    return false;
}

std::size_t gaps_in(const std::vector<std::string>& lines) {
    std::size_t gaps = 0;
    for (const auto& line : lines)
        if (line.find("\"refused\"") != std::string::npos) ++gaps;
    return gaps;
}

TEST(ARecordThatTheBrokerRefuses, BecomesAGapAndTheRestTravels) {
    ModelWorld world{1};
    world.broker.refuses = [](const Message& message) -> std::optional<Error> {
        if (is_poisoned(message)) return malformed("payload format invalid");
        return std::nullopt;
    };
    world.add(Stream::Ledger, 17);
    world.outbox.add(Stream::Ledger, "\"poison\"");
    world.add(Stream::Ledger, 22);
    ASSERT_TRUE(world.settle(minutes{1}));
    EXPECT_EQ(world.hq.bodies(Stream::Ledger), world.bodies[Stream::Ledger]);
    EXPECT_EQ(gaps_in(world.hq.lines(Stream::Ledger)), 1U);
    EXPECT_EQ(world.counted("aisle_uplink_dead_letters_total"), 1);
    EXPECT_EQ(world.outbox.epochs_begun(), 0);
}

TEST(ARecordThatTheBrokerRefuses, IsOfferedThreeTimesAlone) {
    Bench bench;
    int alone = 0;
    bench.broker.refuses = [&](const Message& message) -> std::optional<Error> {
        if (!is_poisoned(message)) return std::nullopt;
        if (wire::open_batch(message.payload)->lines.size() == 1) ++alone;
        return malformed("payload format invalid");
    };
    bench.start();
    bench.outbox.add(Stream::Ledger, "\"poison\"");
    bench.add(Stream::Ledger, 3);
    bench.pass(seconds{10});
    EXPECT_EQ(alone, 3);
}

TEST(ABrokerThatForbidsATopic, IsAskedAgainAndTakesNoRecordAway) {
    Bench bench;
    int asked = 0;
    bool forbidden = true;
    bench.broker.refuses = [&](const Message& message) -> std::optional<Error> {
        if (!forbidden || message.topic.find("/up/") == std::string::npos) return std::nullopt;
        ++asked;
        return denied("not authorized");
    };
    bench.start();
    bench.add(Stream::Ledger, 5);
    bench.pass(minutes{10});
    EXPECT_GE(asked, 10);
    EXPECT_LE(asked, 100);
    EXPECT_EQ(bench.counted("aisle_uplink_dead_letters_total"), 0);
    forbidden = false;
    bench.pass(minutes{2});
    ASSERT_FALSE(bench.seen.empty());
    EXPECT_EQ(bench.seen[0].lines.size(), 5U);
}

TEST(ABrokerThatHangsUpOnALargePacket, GetsSmallerOnes) {
    ModelWorld world{2};
    world.broker.hangs_up_on = [](const Message& message) { return message.payload.size() > 600; };
    world.add(Stream::Ledger, 600);
    ASSERT_TRUE(world.settle(minutes{10}));
    EXPECT_EQ(world.hq.bodies(Stream::Ledger), world.bodies[Stream::Ledger]);
    EXPECT_EQ(world.counted("aisle_uplink_dead_letters_total"), 0);
}

TEST(ABrokerThatHangsUpOnOneLargeRecord, LosesOnlyThatRecord) {
    ModelWorld world{3};
    world.broker.hangs_up_on = [](const Message& message) {
        return message.payload.size() > 8'000;
    };
    world.add(Stream::Ledger, 1);
    world.outbox.add(Stream::Ledger, noise(20'000));
    world.add(Stream::Ledger, 1);
    ASSERT_TRUE(world.settle(minutes{10}));
    EXPECT_EQ(world.hq.bodies(Stream::Ledger), world.bodies[Stream::Ledger]);
    EXPECT_EQ(gaps_in(world.hq.lines(Stream::Ledger)), 1U);
}

TEST(ALinkThatIsLostAgainAndAgain, CostsNoRecord) {
    Bench bench;
    bench.start();
    bench.add(Stream::Ledger);
    for (int i = 0; i < 50; ++i) {
        bench.broker.restart();
        bench.run();
    }
    EXPECT_EQ(bench.counted("aisle_uplink_dead_letters_total"), 0);
    EXPECT_EQ(bench.outbox.rows(Stream::Ledger), 1U);
}

TEST(BatchesThatWereHalved, GrowAgainAfterAWhile) {
    Bench bench;
    bench.settings.in_flight_max = 1;
    bench.start();
    int lost = 0;
    bench.broker.hangs_up_on = [&](const Message& message) {
        return message.topic.ends_with("/up/ledger") && lost++ < 3;
    };
    bench.add(Stream::Ledger, 500);
    ASSERT_LE(bench.seen.back().lines.size(), 125U);
    bench.add(Stream::Ledger, 3'000);
    bench.say(bench.ack_of(bench.seen.back()));
    EXPECT_LE(bench.seen.back().lines.size(), 125U);  // the next large one may cost the link again
    bench.pass(seconds{61});
    std::size_t most = 0;
    for (int i = 0; i < 10; ++i) {
        bench.say(bench.ack_of(bench.seen.back()));
        most = std::max(most, bench.seen.back().lines.size());
    }
    EXPECT_EQ(most, 500U);
}

TEST(ABrokerThatRetainsNothing, IsGivenNothingToRetain) {
    Bench bench;
    bench.broker.retains = false;
    bench.start();
    bench.add(Stream::Ledger);
    bench.pass(minutes{2});
    EXPECT_EQ(bench.broker.connects(), 2U);  // HQ's and the uplink's, and none was thrown out
    EXPECT_GE(bench.states.size(), 2U);
    EXPECT_GE(bench.seen.size(), 1U);
}

}  // namespace
}  // namespace aisle::uplink
