#include "sync/hq/event_line.hpp"

#include <gtest/gtest.h>

#include "batches.hpp"

namespace aisle::hq {
namespace {

struct Read {
    explicit Read(const std::vector<std::string>& texts, std::int64_t first = 1,
                  std::int64_t last = 1)
        : batch{std::move(*wire::open_batch(wire::pack_batch(header_for(first, last), texts)))},
          lines{reader.read(batch)} {}
    [[nodiscard]] std::string fault() const { return lines ? "read" : lines.error().detail; }
    [[nodiscard]] const EventLine& one() const { return lines->lines.front(); }

    LineReader reader;
    wire::OpenBatch batch;
    Result<ReadLines> lines;
};

TEST(EventLine, IsReadIntoItsColumns) {
    const Read read{{line_for(1, R"({"a":1})", "sale", "00ff")}};
    ASSERT_EQ(read.fault(), "read");
    EXPECT_EQ(read.one().seq, 1);
    EXPECT_EQ(read.one().from, 1);
    EXPECT_EQ(read.one().kind, "sale");
    EXPECT_EQ(read.one().event_id, "00ff");
    EXPECT_EQ(read.one().at, kit::kNoon);
    EXPECT_EQ(read.one().boot, kit::at().boot);
    EXPECT_EQ(read.one().clock, "ntp");
    EXPECT_EQ(read.one().body, R"({"a":1})");
}

TEST(EventLine, KeepsEveryKindOfBodyVerbatim) {
    for (const std::string body :
         {R"({ "b" : 1.50, "a":[1, 2,{"x":"}"}] })", R"([1,[2],"]"])", "12.340", "null",
          R"("a\"b")", "{}", "[]", R"({"é":"\u00e9 ü"})"}) {
        const Read read{{line_for(1, body)}};
        ASSERT_EQ(read.fault(), "read") << body;
        EXPECT_EQ(read.one().body, body);
    }
}

TEST(EventLine, TakesTheRevisionOfARecordWithAnIdentity) {
    EXPECT_EQ(Read({line_for(1, R"({"lines":[{"revision":9}],"revision":3})", "sale", "a")})
                  .one()
                  .revision,
              3);
    EXPECT_EQ(Read({line_for(1, R"({"lines":[{"revision":9}]})", "sale", "a")}).one().revision,
              std::nullopt);
    EXPECT_EQ(Read({line_for(1, R"({"revision":3})")}).one().revision, std::nullopt);
}

TEST(EventLine, OfAGapNeedsNoTimes) {
    const Read read{{R"({"seq":9,"from":4,"kind":"gap","body":{"reason":"quota","n":6}})"}, 4, 9};
    ASSERT_EQ(read.fault(), "read");
    EXPECT_EQ(read.one().from, 4);
    EXPECT_EQ(read.one().at, std::nullopt);
}

TEST(EventLine, OfALaterVersionIsStillRead) {
    const Read read{
        {R"({"seq":1,"new":{"x":[1]},"kind":"k","was":{"epoch":"e","seq":2},"body":1})"}};
    EXPECT_EQ(read.fault(), "read");
}

TEST(EventLine, ThatIsNotOneIsRefusedWithItsPlace) {
    EXPECT_EQ(Read({"[]"}).fault(), "line 1: not a JSON object");
    EXPECT_EQ(Read({""}).fault(), "line 1: not a JSON object");
    EXPECT_EQ(Read({R"({"seq":1,"kind":"k"})"}).fault(), "line 1: seq, kind or body is missing");
    EXPECT_EQ(Read({R"({"seq":"1","kind":"k","body":1})"}).fault(), "line 1: bad seq");
    EXPECT_EQ(Read({R"({"seq":1,"kind":7,"body":1})"}).fault(), "line 1: bad kind");
    EXPECT_EQ(Read({R"({"seq":1,"kind":"k","at":"noon","body":1})"}).fault(), "line 1: bad at");
    EXPECT_EQ(Read({R"({"seq":1,"kind":"k","body":1}{})"}).fault(), "line 1: more than one object");
}

TEST(EventLines, MustBeDenseFromFirstToLast) {
    EXPECT_EQ(Read(lines_for(5, 9), 5, 9).fault(), "read");
    EXPECT_EQ(Read({line_for(1), line_for(3)}, 1, 3).fault(), "line 2: does not follow on");
    EXPECT_EQ(Read({line_for(2), line_for(1)}, 2, 2).fault(), "line 2: does not follow on");
    EXPECT_EQ(Read(lines_for(2, 3), 1, 3).fault(), "line 1: does not follow on");
    EXPECT_EQ(Read(lines_for(1, 3), 1, 4).fault(), "the last line is not the header's");
}

TEST(EventLines, OfNoiseAreAnsweredAndNeverBelieved) {
    std::uint64_t state = 7;
    for (int round = 0; round < 3'000; ++round) {
        std::string line = line_for(1, R"({"a":[1,2,{"b":"c"}],"revision":1})", "sale", "id");
        for (int i = 0; i < 3; ++i) {
            state = state * 6'364'136'223'846'793'005ULL + 1;
            auto& c = line[(state >> 33U) % line.size()];
            c = static_cast<char>(state >> 50U);
            if (c == '\n') c = ' ';
        }
        const Read read{{line}};
        if (read.lines) {
            EXPECT_EQ(read.one().seq, 1);
        }
    }
}

}  // namespace
}  // namespace aisle::hq
