#include <gtest/gtest.h>

#include <limits>
#include <random>
#include <string>

#include "sync/wire/ack.hpp"
#include "sync/wire/batch.hpp"
#include "sync/wire/line.hpp"
#include "sync/wire/state.hpp"
#include "tests/kit/builders.hpp"

// Largest, smallest and just beyond.
namespace aisle::wire {
namespace {

constexpr const char* kEpoch = "0123456789abcdef";
constexpr const char* kCheck = "ba7816bf8f01cfea";
constexpr std::int64_t kLargest = std::numeric_limits<std::int64_t>::max();

BatchHeader header_for(std::int64_t first, std::int64_t last) {
    return {.store = StoreId{"s-0001"},
            .epoch = kEpoch,
            .stream = Stream::Offers,
            .first = first,
            .last = last,
            .sent_at = kit::kNoon};
}

std::string fault_of(std::string_view payload) {
    const auto opened = open_batch(payload);
    return opened ? "opened" : opened.error().detail;
}

std::string fault_of_ack(std::string_view json) {
    const auto ack = parse_ack(json);
    return ack ? "read" : ack.error().detail;
}

std::string fault_of_state(std::string_view json) {
    const auto state = parse_state(json);
    return state ? "read" : state.error().detail;
}

TEST(BatchBounds, OneRecordIsABatch) {
    const auto opened = open_batch(pack_batch(header_for(1, 1), std::vector<std::string>{"{}"}));
    ASSERT_TRUE(opened);
    EXPECT_EQ(opened->lines.size(), 1U);
}

TEST(BatchBounds, AnEmptyLineIsALine) {
    const std::vector<std::string> lines{"", "x", ""};
    const auto opened = open_batch(pack_batch(header_for(1, 3), lines));
    ASSERT_TRUE(opened);
    EXPECT_EQ(opened->lines, (std::vector<std::string_view>{"", "x", ""}));
}

TEST(BatchBounds, ALineOfOneMegabyteComesBackWhole) {
    std::mt19937_64 random{7};
    std::string line(1'000'000, ' ');
    for (char& c : line) c = static_cast<char>('!' + random() % 90);
    const auto opened = open_batch(pack_batch(header_for(9, 9), std::vector<std::string>{line}));
    ASSERT_TRUE(opened);
    EXPECT_EQ(opened->lines.front(), line);
}

TEST(BatchBounds, JustBelowTheRawLimitIsOpened) {
    const std::size_t header = header_line(header_for(1, 1)).size() + 1;
    const std::string line(kBatchRawBytesMax - header - 2, 'x');
    EXPECT_EQ(fault_of(pack_batch(header_for(1, 1), std::vector<std::string>{line})), "opened");
}

TEST(BatchBounds, TheTextIsPaddedWithZeroesBehindItsLastLine) {
    const auto opened = open_batch(pack_batch(header_for(1, 1), std::vector<std::string>{"{}"}));
    ASSERT_TRUE(opened);
    const std::string_view text = opened->text.view();
    for (std::size_t i = 0; i < kTextPadding; ++i) EXPECT_EQ(text.data()[text.size() + i], '\0');
    const char* const end = opened->lines.back().data() + opened->lines.back().size();
    EXPECT_EQ(end + 1, text.data() + text.size());
}

TEST(BatchBounds, SeqsAreGoodUpToTheLargestNumber) {
    const auto opened =
        open_batch(pack_batch(header_for(kLargest, kLargest), std::vector<std::string>{"{}"}));
    ASSERT_TRUE(opened) << opened.error().detail;
    EXPECT_EQ(opened->header.last, kLargest);
}

TEST(BatchBounds, EveryStreamThatGoesUpIsNamedInTheHeader) {
    for (const Stream stream : kUpStreams) {
        auto header = header_for(1, 1);
        header.stream = stream;
        const auto opened = open_batch(pack_batch(header, std::vector<std::string>{"{}"}));
        ASSERT_TRUE(opened);
        EXPECT_EQ(opened->header.stream, stream);
    }
}

TEST(BatchBounds, ThePrevOfASenderThatDoesNotKnowIsEmpty) {
    const auto opened = open_batch(pack_batch(header_for(5, 5), std::vector<std::string>{"{}"}));
    ASSERT_TRUE(opened);
    EXPECT_EQ(opened->header.prev, "");
}

TEST(BatchBoundsDeathTest, PackingRefusesWhatNoReceiverTakes) {
    const std::vector<std::string> none;
    EXPECT_DEATH((void)pack_batch(header_for(1, 1), none), "lines");
    const std::vector<std::string> many(kBatchRowsMax + 1, "{}");
    EXPECT_DEATH((void)pack_batch(header_for(1, 501), many), "kBatchRowsMax");
}

// A line break inside a line would make two of it.
TEST(BatchBounds, NoLineHoldsALineBreakWhateverItsRecordHolds) {
    OutboxRow row{.seq = 1, .from = 1};
    row.record = {.kind = "k\nk", .event_id = "a\rb", .at = kit::at(), .body = "{\n}"};
    EXPECT_EQ(line_of(row).find_first_of("\r\n"), std::string::npos);
}

// An answer to nothing, and what is wrong with it once `part` is written as `instead`.
struct Spoilt {
    const char* part;
    const char* instead;
    const char* why;
};

std::string spoilt(std::string text, const Spoilt& by) {
    const auto at = text.find(by.part);
    EXPECT_NE(at, std::string::npos) << by.part;
    return text.replace(at, std::string_view{by.part}.size(), by.instead);
}

constexpr const char* kGoodAck = R"({"epoch":"0123456789abcdef","stream":"ledger","next":1,)"
                                 R"("check":"","now":"2026-06-12T04:00:00Z"})";

TEST(AckBounds, AGoodOneNeedsNoMoreThanFiveFields) {
    const auto ack = parse_ack(kGoodAck);
    ASSERT_TRUE(ack) << ack.error().detail;
    EXPECT_EQ(ack->credit_bytes_s, 0);
    EXPECT_EQ(ack->kind, AckKind::Ack);
    EXPECT_EQ(ack->now, kit::kNoon);
}

class SpoiltAck : public testing::TestWithParam<Spoilt> {};

TEST_P(SpoiltAck, IsRefusedWithItsReason) {
    EXPECT_EQ(fault_of_ack(spoilt(kGoodAck, GetParam())), GetParam().why);
}

INSTANTIATE_TEST_SUITE_P(
    Samples, SpoiltAck,
    testing::Values(
        Spoilt{R"("0123456789abcdef")", "7", "no text \"epoch\""},
        Spoilt{R"("0123456789abcdef")", R"("0123456789abcdeF")", "bad epoch"},
        Spoilt{"ledger", "local", "no such stream"}, Spoilt{"ledger", "sales", "no such stream"},
        Spoilt{R"("ledger")", "null", "no text \"stream\""},
        Spoilt{R"("next":1)", R"("next":"1")", "no integer \"next\""},
        Spoilt{R"("next":1)", R"("next":1.5)", "no integer \"next\""},
        Spoilt{R"("next":1)", R"("next":9223372036854775808)", "no integer \"next\""},
        Spoilt{R"("next":1)", R"("next":0)", "next below 1"},
        Spoilt{R"("next":1)", R"("next":-1)", "next below 1"},
        Spoilt{R"("check":"")", R"("czech":"")", "no text \"check\""},
        Spoilt{R"("next":1,"check":"")", R"("next":2,"check":"BA7816BF8F01CFEA")", "bad check"},
        Spoilt{R"("next":1,"check":"")", R"("next":2,"check":"ba7816bf8f01cfe")", "bad check"},
        Spoilt{"2026-06-12T04:00:00Z", "noon", "\"now\" is not a time"},
        Spoilt{R"("now")", R"("then")", "no text \"now\""},
        Spoilt{"}", R"(,"nack":1})", "\"nack\" is neither true nor false"},
        Spoilt{"}", R"(,"fork":"yes"})", "\"fork\" is neither true nor false"},
        Spoilt{"}", R"(,"credit_bytes_s":-1})", "negative credit"},
        Spoilt{"}", R"(,"credit_bytes_s":"1"})", "no integer \"credit_bytes_s\""}));

TEST(AckBounds, TakesAForkForWorseThanANack) {
    const auto ack = parse_ack(spoilt(kGoodAck, {"}", R"(,"nack":true,"fork":true})", ""}));
    ASSERT_TRUE(ack);
    EXPECT_EQ(ack->kind, AckKind::Fork);
}

TEST(AckBounds, ReadsFlagsThatAreFalseAsNotMeant) {
    const auto ack = parse_ack(spoilt(kGoodAck, {"}", R"(,"nack":false,"fork":false})", ""}));
    ASSERT_TRUE(ack);
    EXPECT_EQ(ack->kind, AckKind::Ack);
}

TEST(AckBounds, ComesBackForEveryStreamAndForLargeNumbers) {
    for (const Stream stream : kUpStreams) {
        const Ack ack{.epoch = kEpoch,
                      .stream = stream,
                      .next = kLargest,
                      .check = kCheck,
                      .credit_bytes_s = kLargest,
                      .now = kit::kNoon};
        const auto read = parse_ack(to_json(ack));
        ASSERT_TRUE(read) << read.error().detail;
        EXPECT_EQ(*read, ack);
    }
}

TEST(ControlMessages, AreReadUpToTheirLargestSizeAndNotBeyond) {
    const Ack ack{.epoch = kEpoch, .next = 2, .check = kCheck, .now = kit::kNoon};
    std::string text = to_json(ack);
    text.append(4'096 - text.size(), ' ');
    EXPECT_EQ(fault_of_ack(text), "read");
    EXPECT_EQ(fault_of_ack(text + " "), "longer than any message of ours");
}

TEST(ControlMessages, AreOneObjectAndNothingBehindIt) {
    const Ack ack{.epoch = kEpoch, .next = 2, .check = kCheck, .now = kit::kNoon};
    EXPECT_EQ(fault_of_ack(to_json(ack) + "{}"), "not a JSON object");
    EXPECT_EQ(fault_of_ack("[" + to_json(ack) + "]"), "not a JSON object");
}

TEST(ControlMessages, WithTextThatIsNotUtf8AreRefused) {
    EXPECT_EQ(fault_of_ack("{\"epoch\":\"\xff\xfe\"}"), "not a JSON object");
}

TEST(ControlMessages, NestedDeeperThanOursAreRefusedAndDoNotFillTheStack) {
    EXPECT_EQ(fault_of_ack("{\"a\":" + std::string(2'000, '[') + std::string(2'000, ']') + "}"),
              "not a JSON object");
}

constexpr const char* kGoodBirth =
    R"({"state":"birth","epoch":"0123456789abcdef","version":"1","at":"2026-06-12T04:00:00Z",)"
    R"("streams":{"offers":{"first":1,"next":2}}})";

class SpoiltBirth : public testing::TestWithParam<Spoilt> {};

TEST_P(SpoiltBirth, IsRefusedWithItsReason) {
    EXPECT_EQ(fault_of_state(spoilt(kGoodBirth, GetParam())), GetParam().why);
}

INSTANTIATE_TEST_SUITE_P(
    Samples, SpoiltBirth,
    testing::Values(Spoilt{R"("state")", R"("mood")", "no text \"state\""},
                    Spoilt{"birth", "Birth", "neither birth nor death"},
                    Spoilt{R"("epoch")", R"("era")", "no text \"epoch\""},
                    Spoilt{"abcdef", "ABCDEF", "bad epoch"},
                    Spoilt{R"("version":"1")", R"("version":1)", "no text \"version\""},
                    Spoilt{"2026-06-12T04:00:00Z", "x", "\"at\" is not a time"},
                    Spoilt{R"("at")", R"("on")", "no text \"at\""},
                    Spoilt{R"({"offers":{"first":1,"next":2}})", "[]",
                           "\"streams\" is not an object"},
                    Spoilt{R"({"first":1,"next":2})", "7", "bad streams"},
                    Spoilt{R"(,"next":2)", "", "bad extent of a stream"},
                    Spoilt{R"("next":2)", R"("next":"2")", "bad extent of a stream"}));

TEST(StateBounds, ReadsABirthThatNamesNoStreams) {
    const auto state =
        parse_state(R"({"state":"birth","epoch":"0123456789abcdef","at":"2026-06-12T04:00:00Z"})");
    ASSERT_TRUE(state) << state.error().detail;
    EXPECT_TRUE(state->alive);
    EXPECT_TRUE(state->streams.empty());
    EXPECT_EQ(state->version, "");
}

TEST(StateBounds, PassesOverAStreamOfALaterVersion) {
    const auto state =
        parse_state(R"({"state":"birth","epoch":"0123456789abcdef","at":"2026-06-12T04:00:00Z",)"
                    R"("streams":{"weather":{"first":1,"next":2},"ledger":{"first":3,"next":4}}})");
    ASSERT_TRUE(state) << state.error().detail;
    EXPECT_EQ(state->streams, (std::vector<StreamExtent>{{Stream::Ledger, 3, 4}}));
}

TEST(StateBounds, TakesNothingOfADeathButWhoseItIs) {
    const auto state = parse_state(
        R"({"state":"death","epoch":"0123456789abcdef","at":"never","streams":7,"version":"9"})");
    ASSERT_TRUE(state) << state.error().detail;
    EXPECT_FALSE(state->alive);
    EXPECT_EQ(state->version, "9");
    EXPECT_EQ(state->at, WallTime{});
}

TEST(StateBounds, ComesBackWithAllStreamsAndAVersionThatNeedsQuoting) {
    StoreState state{.alive = true, .epoch = kEpoch, .version = "0.1 \"\\\t", .at = kit::kNoon};
    for (const Stream stream : kUpStreams) state.streams.push_back({stream, 1, kLargest});
    const auto read = parse_state(to_json(state));
    ASSERT_TRUE(read) << read.error().detail;
    EXPECT_EQ(*read, state);
}

}  // namespace
}  // namespace aisle::wire
