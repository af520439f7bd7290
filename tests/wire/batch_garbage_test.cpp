#include <gtest/gtest.h>

#include <map>
#include <string>

#include "sync/wire/ack.hpp"
#include "sync/wire/batch.hpp"
#include "sync/wire/line.hpp"
#include "sync/wire/state.hpp"
#include "sync/wire/topics.hpp"
#include "tests/kit/builders.hpp"
#include "tests/kit/mutant.hpp"

// What the network, a broken disk or another program may hand us instead of ours.
namespace aisle::wire {
namespace {

constexpr std::uint32_t kMutants = 4'000;

std::string sample_batch() {
    std::vector<std::string> lines;
    for (std::int64_t seq = 1; seq <= 30; ++seq) {
        OutboxRow row{.seq = seq, .from = seq};
        row.record = {.kind = "sale", .event_id = "00ff", .at = kit::at(), .body = R"({"a":1})"};
        lines.push_back(line_of(row));
    }
    const BatchHeader header{.store = StoreId{"s-0001"},
                             .epoch = "0123456789abcdef",
                             .stream = Stream::Ledger,
                             .first = 1,
                             .last = 30,
                             .prev = "",
                             .sent_at = kit::kNoon};
    return pack_batch(header, lines);
}

TEST(BatchGarbage, IsRefusedOrIsTheBatchItself) {
    const std::string packed = sample_batch();
    const auto good = open_batch(packed);
    ASSERT_TRUE(good);
    std::uint32_t refused = 0;
    for (std::uint32_t seed = 0; seed < kMutants; ++seed) {
        const auto opened = open_batch(kit::mutant(packed, seed));
        if (!opened) {
            EXPECT_FALSE(opened.error().detail.empty());
            EXPECT_EQ(opened.error().fault, Fault::Malformed);
            ++refused;
            continue;
        }
        EXPECT_EQ(opened->header, good->header) << seed;
        EXPECT_EQ(opened->lines, good->lines) << seed;
    }
    EXPECT_GT(refused, kMutants * 9 / 10);
}

TEST(AckGarbage, IsRefusedOrKeepsEveryPromiseOfAnAck) {
    const std::string good = to_json(Ack{.epoch = "0123456789abcdef",
                                         .stream = Stream::Offers,
                                         .next = 1'701,
                                         .check = "ba7816bf8f01cfea",
                                         .now = kit::kNoon});
    std::map<bool, std::uint32_t> read;
    for (std::uint32_t seed = 0; seed < kMutants; ++seed) {
        const auto ack = parse_ack(kit::mutant(good, seed));
        ++read[ack.has_value()];
        if (!ack) continue;
        EXPECT_TRUE(valid_epoch(ack->epoch)) << seed;
        EXPECT_NE(ack->stream, Stream::Local) << seed;
        EXPECT_GE(ack->next, 1) << seed;
        EXPECT_EQ(ack->check.size(), ack->next > 1 ? 16U : 0U) << seed;
        EXPECT_GE(ack->credit_bytes_s, 0) << seed;
        EXPECT_EQ(*parse_ack(to_json(*ack)), *ack) << seed;
    }
    EXPECT_GT(read[true], 0U);  // a digit of `next` has become another
    EXPECT_GT(read[false], read[true]);
}

TEST(StateGarbage, IsRefusedOrKeepsEveryPromiseOfAState) {
    const std::string good = to_json(StoreState{.alive = true,
                                                .epoch = "0123456789abcdef",
                                                .version = "0.1.0",
                                                .at = kit::kNoon,
                                                .streams = {{Stream::Ledger, 5, 9}}});
    std::uint32_t read = 0;
    for (std::uint32_t seed = 0; seed < kMutants; ++seed) {
        const auto state = parse_state(kit::mutant(good, seed));
        if (!state) continue;
        ++read;
        EXPECT_TRUE(valid_epoch(state->epoch)) << seed;
        EXPECT_LE(state->streams.size(), kUpStreams.size()) << seed;
        EXPECT_EQ(*parse_state(to_json(*state)), *state) << seed;
    }
    EXPECT_GT(read, 0U);
}

TEST(TopicGarbage, IsForeignOrWritesItselfBack) {
    for (const char* good : {"aisle/v1/26/s-0001/up/ledger", "aisle/v1/26/s-0001/down/bundle"}) {
        for (std::uint32_t seed = 0; seed < kMutants; ++seed) {
            const std::string text = kit::mutant(good, seed);
            const auto topic = parse_topic(text);
            if (topic) {
                EXPECT_EQ(to_text(*topic), text) << seed;
            }
        }
    }
}

TEST(LineGarbage, IsStillOneLineWhateverTheRecordHolds) {
    for (std::uint32_t seed = 0; seed < kMutants; ++seed) {
        OutboxRow row{.seq = seed + 1, .from = seed + 1};
        row.record = {.kind = kit::mutant("redemption", seed),
                      .event_id = kit::mutant("00112233445566778899aabbccddeeff", seed),
                      .at = kit::at(),
                      .body = kit::mutant("{\"a\":\n[1,2]}", seed)};
        const std::string line = line_of(row);
        EXPECT_EQ(line.find_first_of("\r\n"), std::string::npos) << seed;
        EXPECT_TRUE(line.starts_with("{\"seq\":" + std::to_string(seed + 1) + ",\"kind\":\""));
        EXPECT_EQ(line_of(row), line) << seed;
    }
}

}  // namespace
}  // namespace aisle::wire
