#include <gtest/gtest.h>

#include "sync/hq/content_digest.hpp"
#include "sync/hq/coverage.hpp"
#include "sync/hq/credit.hpp"
#include "sync/hq/several_epochs.hpp"
#include "sync/hq/side_effects.hpp"

// The small pure parts of the rule, one fact each.
namespace aisle::hq {
namespace {

TEST(Coverage, CountsHolesAndWhatIsCoveredTwice) {
    Coverage whole{10};
    whole.add(1, 4);
    whole.add(5, 5);
    whole.add(6, 10);
    EXPECT_EQ(whole.missing(), 0);

    Coverage holes{10};
    holes.add(2, 4);
    holes.add(7, 8);
    EXPECT_EQ(holes.missing(), 5);

    Coverage doubled{10};
    doubled.add(1, 6);
    doubled.add(5, 10);
    EXPECT_EQ(doubled.doubled(), 2);
    EXPECT_EQ(doubled.missing(), 2);
}

TEST(Coverage, DoesNotLookBeyondItsEnd) {
    Coverage coverage{3};
    coverage.add(1, 8);
    coverage.add(20, 30);
    EXPECT_EQ(coverage.missing(), 0);
    EXPECT_EQ(Coverage{3}.missing(), 3);
}

TEST(ContentDigest, IsThatOfWhatIsSaidAndNotOfItsForm) {
    const auto digest = content_digest(R"({"a":1,"b":[1.50,"x"],"c":{"d":null,"e":true}})");
    EXPECT_EQ(content_digest(R"({"c": {"e":true, "d":null}, "b":[1.5,"\u0078"], "a":1.0})"),
              digest);
    EXPECT_NE(content_digest(R"({"a":1,"b":["x",1.50],"c":{"d":null,"e":true}})"), digest);
    EXPECT_NE(content_digest(R"({"a":2,"b":[1.50,"x"],"c":{"d":null,"e":true}})"), digest);
}

TEST(ContentDigest, LeavesOutLineageAndRevisionAtTheTopOnly) {
    EXPECT_EQ(content_digest(R"({"a":1,"lineage":{"received":1},"revision":7})"),
              content_digest(R"({"a":1})"));
    EXPECT_NE(content_digest(R"({"a":{"revision":7}})"), content_digest(R"({"a":{}})"));
    EXPECT_EQ(content_digest("7"), content_digest("7.0"));
}

ListedId listed(std::int64_t stream, std::int64_t sent, std::int64_t shown, std::string digest) {
    return {.stream_key = stream, .sent = sent, .shown = shown, .digest = std::move(digest)};
}

TEST(JudgeId, KeepsWhatOneEpochSaysByItself) {
    const std::vector<ListedId> own{listed(1, 1, 1, "a")};
    EXPECT_EQ(judge_id({}, listed(1, 1, 0, "a")).revision, 1);
    EXPECT_EQ(judge_id(own, listed(1, 2, 0, "a")).revision, 2);
    EXPECT_FALSE(judge_id(own, listed(1, 2, 0, "a")).same);
    EXPECT_EQ(judge_id(own, listed(1, 0, 0, "b")).revision, std::nullopt);
}

TEST(JudgeId, FindsTheSameInAnotherEpoch) {
    const std::vector<ListedId> known{listed(1, 1, 1, "a"), listed(1, 2, 2, "b")};
    EXPECT_TRUE(judge_id(known, listed(2, 1, 0, "a")).same);
    EXPECT_TRUE(judge_id(known, listed(2, 2, 0, "b")).same);
    EXPECT_TRUE(judge_id(known, listed(2, 1, 0, "b")).same);  // as the highest has it
}

TEST(JudgeId, GivesAnotherContentTheNextRevisionOrItsOwnIfThatIsHigher) {
    const std::vector<ListedId> known{listed(1, 1, 1, "a"), listed(1, 2, 2, "b")};
    EXPECT_EQ(judge_id(known, listed(2, 1, 0, "c")).revision, 3);
    EXPECT_EQ(judge_id(known, listed(2, 9, 0, "c")).revision, 9);
    // Back to what it was once is a change.
    EXPECT_EQ(judge_id(known, listed(2, 3, 0, "a")).revision, 3);
    EXPECT_FALSE(judge_id(known, listed(2, 3, 0, "a")).same);
}

TEST(JudgeId, GoesOnFromTheRevisionThatWasShown) {
    const std::vector<ListedId> known{listed(1, 1, 1, "a"), listed(2, 1, 2, "b")};
    EXPECT_EQ(judge_id(known, listed(2, 2, 0, "c")).revision, 3);
}

TEST(Origins, AreReadLatestFirstAndWhatIsNoneIsLeftOut) {
    const auto origins = origins_of(
        R"({"epoch":"0123456789abcdef","seq":9,"was":{"epoch":"fedcba9876543210","seq":4}})");
    ASSERT_EQ(origins.size(), 2U);
    EXPECT_EQ(origins[0], (Origin{"0123456789abcdef", 9}));
    EXPECT_EQ(origins[1], (Origin{"fedcba9876543210", 4}));
    EXPECT_TRUE(origins_of("").empty());
    EXPECT_TRUE(origins_of("[1]").empty());
    EXPECT_TRUE(origins_of(R"({"epoch":"short","seq":9})").empty());
    EXPECT_TRUE(origins_of(R"({"epoch":"0123456789abcdef","seq":0})").empty());
}

TEST(Origins, AreAtMostFour) {
    std::string was = R"({"epoch":"0123456789abcdef","seq":1})";
    for (int i = 0; i < 9; ++i) was = R"({"epoch":"0123456789abcdef","seq":1,"was":)" + was + "}";
    EXPECT_EQ(origins_of(was).size(), kOriginsMax);
}

TEST(GapReason, IsBoundedAndNeverEmpty) {
    EXPECT_EQ(gap_reason(R"({"reason":"quota","n":6})"), "quota");
    EXPECT_EQ(gap_reason("{}"), "unknown");
    EXPECT_EQ(gap_reason("noise"), "unknown");
    EXPECT_EQ(gap_reason(R"({"reason":")" + std::string(99, 'x') + "\"}").size(), 32U);
}

TEST(ClockRecord, NamesItsBootOrItIsThatOfTheRecord) {
    const StreamName name{"s-0001", "0123456789abcdef", Stream::Ledger};
    const auto read = [&](std::string_view body) {
        return boot_clock_of(name, {.kind = "clock", .boot = 3, .body = body});
    };
    EXPECT_EQ(read(R"({"boot":7,"offset_ms":-5,"error_ms":2,"source":"hq"})")->boot, 7);
    EXPECT_EQ(read(R"({"offset_ms":-5,"at":{"boot":8}})")->boot, 8);
    EXPECT_EQ(read(R"({"offset_ms":-5})")->boot, 3);
    EXPECT_EQ(read(R"({"offset_ms":-5})")->error_ms, 60'000);
    EXPECT_FALSE(read(R"({"boot":7})"));
    EXPECT_FALSE(read(R"({"offset_ms":9000000000000000000})"));
    EXPECT_FALSE(read("noise"));
}

MonoTime at(milliseconds after) { return MonoTime{seconds{1'000}} + after; }

TEST(Credit, IsWithoutLimitWhileNothingWaits) {
    Credit credit{1'000'000};
    credit.arrived("a", at(seconds{0}));
    EXPECT_EQ(credit.share(0, at(seconds{0})), 0);
    EXPECT_EQ(credit.share(127, at(seconds{0})), 0);
    EXPECT_EQ(Credit{0}.share(1'000, at(seconds{0})), 0);
}

TEST(Credit, IsAStoresShareOfTheCeiling) {
    Credit credit{1'000'000};
    for (const char* store : {"a", "b", "c", "d"}) credit.arrived(store, at(seconds{1}));
    EXPECT_EQ(credit.share(500, at(seconds{2})), 250'000);
}

TEST(Credit, CountsOnlyStoresThatAreSending) {
    Credit credit{1'000'000};
    credit.arrived("a", at(seconds{0}));
    credit.arrived("b", at(seconds{30}));
    EXPECT_EQ(credit.share(500, at(seconds{31})), 1'000'000);
}

TEST(Credit, FollowsWhatIsCommitted) {
    Credit credit{100'000'000};
    credit.arrived("a", at(seconds{0}));
    for (int second = 0; second <= 10; ++second) credit.committed(1'000'000, at(seconds{second}));
    const auto share = credit.share(500, at(seconds{10}));
    EXPECT_GT(share, 800'000);
    EXPECT_LE(share, 1'000'000);
}

TEST(Credit, LeavesEverybodySomething) {
    Credit credit{10'000};
    for (int i = 0; i < 50; ++i) credit.arrived(std::to_string(i), at(seconds{0}));
    EXPECT_EQ(credit.share(500, at(seconds{1})), 4'096);
}

}  // namespace
}  // namespace aisle::hq
