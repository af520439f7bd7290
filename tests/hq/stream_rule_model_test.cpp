#include <gtest/gtest.h>

#include <map>
#include <random>

#include "batches.hpp"
#include "sync/hq/stream_rule.hpp"

// The rule of five cases against a model that knows every line.
namespace aisle::hq {
namespace {

// A store's whole stream, and what HQ has of it.
struct Story {
    explicit Story(std::size_t records) {
        texts.emplace_back();  // no line has seq 0
        for (std::size_t seq = 1; seq <= records; ++seq)
            texts.push_back(line_for(static_cast<std::int64_t>(seq)));
    }
    [[nodiscard]] std::string check_at(std::int64_t seq) const {
        return seq < 1 ? std::string{} : wire::check_of(texts[static_cast<std::size_t>(seq)]);
    }
    [[nodiscard]] StreamMark mark(std::int64_t next) const { return {next, check_at(next - 1)}; }
    [[nodiscard]] std::vector<EventLine> lines(std::int64_t first, std::int64_t last) const {
        std::vector<EventLine> all;
        for (std::int64_t seq = first; seq <= last; ++seq)
            all.push_back({.text = texts[static_cast<std::size_t>(seq)], .seq = seq, .from = seq});
        return all;
    }
    [[nodiscard]] wire::BatchHeader header(std::int64_t first, std::int64_t last) const {
        auto made = header_for(first, last);
        made.prev = check_at(first - 1);
        return made;
    }
    std::vector<std::string> texts;
};

constexpr std::int64_t kRecords = 12;

TEST(StreamRuleModel, NeverFindsAForkInOneStory) {
    const Story story{kRecords};
    for (std::int64_t next = 1; next <= kRecords; ++next) {
        for (std::int64_t first = 1; first <= kRecords; ++first) {
            for (std::int64_t last = first; last <= kRecords; ++last) {
                const auto judged =
                    judge(story.mark(next), story.header(first, last), story.lines(first, last));
                const auto place = testing::Message() << next << " " << first << ".." << last;
                if (last < next) {
                    EXPECT_EQ(judged.verdict, Verdict::AckAgain) << place;
                } else if (first > next) {
                    EXPECT_EQ(judged.verdict, Verdict::Nack) << place;
                } else {
                    EXPECT_EQ(judged.verdict, Verdict::Insert) << place;
                    EXPECT_EQ(judged.from_index, static_cast<std::size_t>(next - first)) << place;
                }
            }
        }
    }
}

TEST(StreamRuleModel, FindsEveryForkThatTouchesTheMark) {
    const Story ours{kRecords};
    Story theirs{kRecords};
    for (std::size_t seq = 1; seq < theirs.texts.size(); ++seq)
        theirs.texts[seq] = line_for(static_cast<std::int64_t>(seq), R"({"other":1})");
    for (std::int64_t next = 2; next <= kRecords; ++next) {
        for (std::int64_t first = 1; first <= next; ++first) {
            for (std::int64_t last = next; last <= kRecords; ++last) {
                const auto judged =
                    judge(ours.mark(next), theirs.header(first, last), theirs.lines(first, last));
                EXPECT_EQ(judged.verdict, Verdict::Fork) << next << " " << first << ".." << last;
            }
        }
    }
}

// Whatever comes in whatever order, cut in whatever way: what is inserted is 1, 2, 3 ... once.
class AnyOrder : public testing::TestWithParam<std::uint64_t> {};

TEST_P(AnyOrder, InsertsEachSeqOnceAndInOrder) {
    std::mt19937_64 random{GetParam()};
    const Story story{60};
    StreamMark mark;
    std::int64_t expected = 1;
    for (int i = 0; i < 4'000 && mark.next <= 60; ++i) {
        const auto first = static_cast<std::int64_t>(random() % 60) + 1;
        const auto last =
            std::min<std::int64_t>(60, first + static_cast<std::int64_t>(random() % 9));
        auto header = story.header(first, last);
        if (random() % 2 == 0 && first > 1) header.prev.clear();
        const auto lines = story.lines(first, last);
        const auto judged = judge(mark, header, lines);
        if (judged.verdict != Verdict::Insert) continue;
        for (std::size_t n = judged.from_index; n < lines.size(); ++n)
            ASSERT_EQ(lines[n].seq, expected++);
        mark = story.mark(last + 1);
    }
    EXPECT_EQ(expected, 61);
}

INSTANTIATE_TEST_SUITE_P(Seeds, AnyOrder, testing::Range<std::uint64_t>(1, 9));

TEST(StreamRuleGaps, AGapThatBeginsAtTheMarkIsInserted) {
    const Story story{5};
    const std::vector<EventLine> lines{{.text = "gap", .seq = 9, .from = 6}};
    auto header = header_for(6, 9);
    header.prev = story.check_at(5);
    EXPECT_EQ(judge(story.mark(6), header, lines), (Judgement{Verdict::Insert, 0}));
}

TEST(StreamRuleGaps, AGapThatWasCommittedIsTheCheckOfItsLastSeq) {
    const std::vector<EventLine> lines{{.text = "gap", .seq = 9, .from = 6},
                                       {.text = "next", .seq = 10, .from = 10}};
    const StreamMark mark{10, wire::check_of("gap")};
    EXPECT_EQ(judge(mark, header_for(6, 10), lines), (Judgement{Verdict::Insert, 1}));
}

TEST(StreamRuleGaps, WhatWasCommittedCannotBecomeAGapLater) {
    const Story story{9};
    const std::vector<EventLine> lines{{.text = "gap", .seq = 9, .from = 6},
                                       {.text = "next", .seq = 10, .from = 10}};
    EXPECT_EQ(judge(story.mark(10), header_for(6, 10), lines).verdict, Verdict::Fork);
}

TEST(StreamRuleStart, ABatchThatClaimsAPastWhereThereIsNoneIsAFork) {
    const Story story{3};
    auto header = story.header(1, 3);
    header.prev = "ffffffffffffffff";
    EXPECT_EQ(judge({}, header, story.lines(1, 3)).verdict, Verdict::Fork);
}

}  // namespace
}  // namespace aisle::hq
