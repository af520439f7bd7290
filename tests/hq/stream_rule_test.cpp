#include "sync/hq/stream_rule.hpp"

#include <gtest/gtest.h>

#include "batches.hpp"

namespace aisle::hq {
namespace {

// Judges lines first..last of the one true history, given that HQ has all below `next`.
Judgement judged(std::int64_t next, std::int64_t first, std::int64_t last,
                 const std::string& prev = {}) {
    const auto texts = lines_for(first, last);
    std::vector<EventLine> lines;
    for (std::size_t i = 0; i < texts.size(); ++i) {
        const auto seq = first + static_cast<std::int64_t>(i);
        lines.push_back({.text = texts[i], .seq = seq, .from = seq});
    }
    auto header = header_for(first, last);
    header.prev = prev;
    const StreamMark mark{next, next > 1 ? wire::check_of(line_for(next - 1)) : ""};
    return judge(mark, header, lines);
}

TEST(StreamRule, InsertsWhatFollowsOn) {
    EXPECT_EQ(judged(1, 1, 5), (Judgement{Verdict::Insert, 0}));
    EXPECT_EQ(judged(6, 6, 6, wire::check_of(line_for(5))), (Judgement{Verdict::Insert, 0}));
}

TEST(StreamRule, AcknowledgesAgainWhatItHas) {
    EXPECT_EQ(judged(6, 1, 5).verdict, Verdict::AckAgain);
    EXPECT_EQ(judged(6, 2, 3).verdict, Verdict::AckAgain);
}

TEST(StreamRule, InsertsTheRestOfAnOverlap) {
    EXPECT_EQ(judged(4, 1, 5), (Judgement{Verdict::Insert, 3}));
    EXPECT_EQ(judged(2, 1, 2), (Judgement{Verdict::Insert, 1}));
}

TEST(StreamRule, RefusesWhatLeavesAHole) {
    EXPECT_EQ(judged(4, 5, 9).verdict, Verdict::Nack);
    EXPECT_EQ(judged(1, 2, 2).verdict, Verdict::Nack);
}

TEST(StreamRule, SeesAForkInAnotherPrev) {
    EXPECT_EQ(judged(6, 6, 7, "ffffffffffffffff").verdict, Verdict::Fork);
    EXPECT_EQ(judged(1, 1, 2, "ffffffffffffffff").verdict, Verdict::Fork);
}

TEST(StreamRule, ComparesNothingWhereTheSenderDoesNotKnow) {
    EXPECT_EQ(judged(6, 6, 7, "").verdict, Verdict::Insert);
}

TEST(StreamRule, SeesAForkInAnOverlapWithOtherLines) {
    const std::string other = line_for(3, R"({"other":true})");
    const std::string after = line_for(4);
    const std::vector<EventLine> lines{{.text = other, .seq = 3, .from = 3},
                                       {.text = after, .seq = 4, .from = 4}};
    EXPECT_EQ(judge({4, wire::check_of(line_for(3))}, header_for(3, 4), lines).verdict,
              Verdict::Fork);
}

TEST(StreamRule, RefusesARecordThatSwallowsWhatWasAcknowledged) {
    const std::string gap = R"({"seq":9,"from":2,"kind":"gap","body":{}})";
    const std::vector<EventLine> lines{{.text = gap, .seq = 9, .from = 2}};
    EXPECT_EQ(judge({4, wire::check_of(line_for(3))}, header_for(2, 9), lines).verdict,
              Verdict::Fork);
}

}  // namespace
}  // namespace aisle::hq
