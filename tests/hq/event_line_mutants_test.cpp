#include <gtest/gtest.h>

#include <limits>

#include "batches.hpp"
#include "sync/hq/event_line.hpp"
#include "sync/hq/stream_rule.hpp"
#include "tests/kit/mutant.hpp"

namespace aisle::hq {
namespace {

constexpr std::int64_t kLargest = std::numeric_limits<std::int64_t>::max();

// The lines of one batch, read; the batch is kept, as the lines point into it.
struct Lines {
    Lines(std::vector<std::string> texts, std::int64_t first, std::int64_t last)
        : batch{std::move(*wire::open_batch(wire::pack_batch(header_for(first, last), texts)))},
          read{reader.read(batch)} {}
    [[nodiscard]] std::string fault() const { return read ? "read" : read.error().detail; }

    LineReader reader;
    wire::OpenBatch batch;
    Result<ReadLines> read;
};

std::string gap(std::int64_t from, std::int64_t seq) {
    return "{\"seq\":" + std::to_string(seq) + ",\"from\":" + std::to_string(from) +
           R"(,"kind":"gap","body":{"reason":"quota"}})";
}

TEST(EventLineBounds, AGapThatEndsBeyondItsBatchDoesNotFollowOn) {
    EXPECT_EQ(Lines({gap(1, kLargest)}, 1, 5).fault(), "line 1: does not follow on");
    EXPECT_EQ(Lines({gap(1, kLargest), line_for(6)}, 1, 6).fault(), "line 1: does not follow on");
    EXPECT_EQ(Lines({gap(1, 7), line_for(8)}, 1, 6).fault(), "line 1: does not follow on");
}

TEST(EventLineBounds, AGapMayBeAllOfABatchUpToTheLargestSeq) {
    const Lines lines{{gap(2, kSeqMax)}, 2, kSeqMax};
    ASSERT_EQ(lines.fault(), "read");
    EXPECT_EQ(lines.read->lines.front().from, 2);
    EXPECT_EQ(lines.read->lines.front().seq, kSeqMax);
}

TEST(EventLineBounds, AGapThatEndsBeforeItBeginsDoesNotFollowOn) {
    EXPECT_EQ(Lines({gap(5, 4)}, 5, 5).fault(), "line 1: does not follow on");
}

TEST(EventLineBounds, NumbersThatDoNotFitAreRefused) {
    for (const char* number : {"9223372036854775808", "-1", "1.0", "1e3", "0x1", "01", "true"}) {
        const std::string line =
            std::string{R"({"seq":1,"kind":"k","boot":)"} + number + R"(,"body":1})";
        EXPECT_NE(Lines({line}, 1, 1).fault(), "read") << number;
    }
    EXPECT_EQ(Lines({R"({"seq":0,"kind":"k","body":1})"}, 1, 1).fault(),
              "line 1: seq, kind or body is missing");
}

TEST(EventLineBounds, WordsAreReadUpToTheirLengthAndNotBeyond) {
    const auto with_kind = [](std::size_t bytes) {
        return R"({"seq":1,"kind":")" + std::string(bytes, 'k') + R"(","body":1})";
    };
    EXPECT_EQ(Lines({with_kind(128)}, 1, 1).fault(), "read");
    EXPECT_EQ(Lines({with_kind(129)}, 1, 1).fault(), "line 1: bad kind");
    const auto with_id = [](std::size_t bytes) {
        return R"({"seq":1,"kind":"k","id":")" + std::string(bytes, 'i') + R"(","body":{}})";
    };
    EXPECT_EQ(Lines({with_id(128)}, 1, 1).fault(), "read");
    EXPECT_EQ(Lines({with_id(129)}, 1, 1).fault(), "line 1: bad id");
}

TEST(EventLineBounds, WordsWithEscapesAreNotOurs) {
    EXPECT_EQ(Lines({R"({"seq":1,"kind":"s\u0061le","body":1})"}, 1, 1).fault(),
              "line 1: bad kind");
    EXPECT_EQ(Lines({R"({"seq":1,"kind":"k","id":"a\"b","body":{}})"}, 1, 1).fault(),
              "line 1: bad id");
}

TEST(EventLineBounds, EachWrongFieldIsNamed) {
    struct Case {
        const char* field;
        const char* fault;
    };
    for (const auto& [field, fault] :
         {Case{R"("from":"1")", "line 1: bad from"}, Case{R"("id":7)", "line 1: bad id"},
          Case{R"("boot":"7")", "line 1: bad boot"}, Case{R"("mono":-5)", "line 1: bad mono"},
          Case{R"("clock":3)", "line 1: bad clock"}, Case{R"("at":7)", "line 1: bad at"},
          Case{R"("at":"2026-13-01T00:00:00Z")", "line 1: bad at"}}) {
        const std::string line = std::string{R"({"seq":1,"kind":"k",)"} + field + R"(,"body":{}})";
        EXPECT_EQ(Lines({line}, 1, 1).fault(), fault) << field;
    }
}

TEST(EventLineBounds, ABodyOfAMegabyteIsKeptToTheLastByte) {
    const std::string body = "{\"x\":\"" + std::string(1'000'000, 'y') + "\"}";
    const Lines lines{{line_for(1, body)}, 1, 1};
    ASSERT_EQ(lines.fault(), "read");
    EXPECT_EQ(lines.read->lines.front().body, body);
}

TEST(EventLineBounds, ARevisionThatIsNoWholeNumberIsNone) {
    for (const char* revision : {"\"3\"", "3.5", "null", "[3]", "{}", "99999999999999999999"}) {
        const std::string body = std::string{R"({"revision":)"} + revision + "}";
        const Lines lines{{line_for(1, body, "sale", "a")}, 1, 1};
        ASSERT_EQ(lines.fault(), "read") << revision;
        EXPECT_EQ(lines.read->lines.front().revision, std::nullopt) << revision;
        EXPECT_EQ(lines.read->lines.front().body, body);
    }
}

TEST(EventLineMutants, AreRefusedWithTheirPlaceOrKeepEveryPromise) {
    std::vector<std::string> good;
    for (std::int64_t seq = 1; seq <= 5; ++seq)
        good.push_back(line_for(seq, R"({"revision":2,"a":[1,{"b":"c"}]})", "sale", "00ff"));
    std::size_t unreadable = 0;
    for (std::uint32_t seed = 0; seed < 1'500; ++seed) {
        auto texts = good;
        auto& spoilt = texts[seed % texts.size()];
        spoilt = kit::mutant(spoilt, seed);
        std::erase(spoilt, '\n');
        const Lines lines{texts, 1, 5};
        if (!lines.read) {
            EXPECT_TRUE(lines.fault().starts_with("line ")) << lines.fault();
            ++unreadable;
            continue;
        }
        ASSERT_EQ(lines.read->lines.size(), 5U);
        unreadable += lines.read->unreadable;
        for (std::size_t i = 0; i < 5; ++i) {
            const EventLine& line = lines.read->lines[i];
            EXPECT_EQ(line.seq, static_cast<std::int64_t>(i) + 1) << seed;
            EXPECT_LE(line.from, line.seq) << seed;
            EXPECT_FALSE(line.kind.empty()) << seed;
            EXPECT_FALSE(line.body.empty()) << seed;
            EXPECT_EQ(line.text, texts[i]) << seed;
        }
    }
    EXPECT_GT(unreadable, 500U);
}

TEST(LineReader, IsGoodForTheNextBatchAfterABadOne) {
    LineReader reader;
    const auto bad = *wire::open_batch(
        wire::pack_batch(header_for(1, 1), std::vector<std::string>{R"({"seq":1,"kind":)"}));
    EXPECT_FALSE(reader.read(bad));
    const auto good = *wire::open_batch(wire::pack_batch(header_for(1, 3), lines_for(1, 3)));
    const auto lines = reader.read(good);
    ASSERT_TRUE(lines);
    EXPECT_EQ(lines->lines.back().seq, 3);
}

}  // namespace
}  // namespace aisle::hq
