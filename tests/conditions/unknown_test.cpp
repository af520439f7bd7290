#include "judging.hpp"

// Three values, row by row: what each operator makes of a fact that is known, of one that nobody
// has told, and of one that has expired. The last two are the same in everything.
namespace aisle::conditions {
namespace {

using kit::kNoon;

constexpr Truth T = Truth::True, F = Truth::False, U = Truth::Unknown;

// `x` is 5, `list` has two words, `text` is a word; `gone` has ended this moment, `later` begins in
// one; `none` was never told.
Facts told() {
    Facts facts;
    facts.set("x", std::int64_t{5});
    facts.set("list", to_list({"a", "b"}));
    facts.set("text", std::string{"abc"});
    facts.set(Fact{.key = "gone", .value = std::int64_t{5}, .valid_from = {}, .valid_to = kNoon});
    facts.set(Fact{.key = "later",
                   .value = std::int64_t{5},
                   .valid_from = kNoon + milliseconds{1},
                   .valid_to = {}});
    return facts;
}

struct Row {
    const char* operators;  // of one fact
    const char* fact;       // that it is asked of where it is known
    Truth known;
    Truth unknown;
};

constexpr Row kRows[] = {
    {R"(5)", "x", T, U},
    {R"(6)", "x", F, U},
    {R"({"$eq": 5})", "x", T, U},
    {R"({"$ne": 5})", "x", F, U},
    {R"({"$ne": 6})", "x", T, U},
    {R"({"$gt": 4})", "x", T, U},
    {R"({"$gte": 6})", "x", F, U},
    {R"({"$lt": 4})", "x", F, U},
    {R"({"$lte": 5})", "x", T, U},
    {R"({"$in": [5]})", "x", T, U},
    {R"({"$in": []})", "x", F, U},
    {R"({"$nin": [5]})", "x", F, U},
    {R"({"$nin": []})", "x", T, U},
    {R"({"$all": ["a"]})", "list", T, U},
    {R"({"$all": []})", "list", T, U},
    {R"({"$size": 2})", "list", T, U},
    {R"({"$size": {"$gt": 2}})", "list", F, U},
    {R"({"$elemMatch": {"$eq": "b"}})", "list", T, U},
    {R"({"$regex": "b"})", "text", T, U},
    {R"({"$regexi": "^B"})", "text", F, U},
    {R"({"$type": "string"})", "text", T, U},
    {R"({"$exists": true})", "x", T, F},
    {R"({"$exists": false})", "x", F, T},
    {R"({"$not": {"$eq": 5}})", "x", F, U},
    {R"({"$not": {"$ne": 5}})", "x", T, U},
    {R"({"$not": {"$gt": 9}})", "x", T, U},
    {R"({"$not": {"$in": [5]}})", "x", F, U},
    {R"({"$not": {"$regex": "z"}})", "text", T, U},
    {R"({"$not": {"$exists": true}})", "x", F, T},
    {R"({"$not": {"$exists": false}})", "x", T, F},
    {R"({"$not": {"$not": {"$eq": 5}}})", "x", T, U},
    // False decides over unknown, whatever stands first; true does not.
    {R"({"$exists": true, "$eq": 5})", "x", T, F},
    {R"({"$eq": 5, "$exists": true})", "x", T, F},
    {R"({"$exists": false, "$eq": 5})", "x", F, U},
    {R"({"$not": {"$exists": true, "$eq": 5}})", "x", F, T},
};

std::string of(const char* fact, const char* operators) {
    return std::string{"{\""} + fact + "\": " + operators + "}";
}

TEST(Unknown, IsWhatEachOperatorMakesOfAFactThatNobodyTold) {
    for (const Row& row : kRows) {
        EXPECT_EQ(judge(of(row.fact, row.operators), told()), row.known) << row.operators;
        EXPECT_EQ(judge(of("none", row.operators), told()), row.unknown) << row.operators;
    }
}

TEST(Unknown, IsTheSameForAFactThatHasExpiredOrNotBegun) {
    for (const Row& row : kRows) {
        EXPECT_EQ(judge(of("gone", row.operators), told()), row.unknown) << row.operators;
        EXPECT_EQ(judge(of("later", row.operators), told()), row.unknown) << row.operators;
    }
}

// Kleene's tables over whole conditions: T is known and holds, F is known and does not, U is not
// known.
constexpr const char* kOf[] = {R"({"x": 6})", R"({"none": 5})", R"({"x": 5})"};  // F, U, T
constexpr Truth kTruths[] = {F, U, T};

std::string joined(const char* by, std::size_t a, std::size_t b) {
    return std::string{"{\""} + by + "\": [" + kOf[a] + ", " + kOf[b] + "]}";
}

TEST(Unknown, JoinsByKleenesTables) {
    for (std::size_t a = 0; a < 3; ++a) {
        EXPECT_EQ(judge(std::string{R"({"$not": )"} + kOf[a] + "}", told()), !kTruths[a]);
        for (std::size_t b = 0; b < 3; ++b) {
            EXPECT_EQ(judge(joined("$and", a, b), told()), std::min(kTruths[a], kTruths[b]));
            EXPECT_EQ(judge(joined("$or", a, b), told()), std::max(kTruths[a], kTruths[b]));
            EXPECT_EQ(judge(joined("$nor", a, b), told()), !std::max(kTruths[a], kTruths[b]));
        }
    }
}

TEST(Unknown, StaysUnknownThroughNotsInNots) {
    EXPECT_EQ(judge(R"({"$not": {"$not": {"none": 5}}})", told()), U);
    EXPECT_EQ(judge(R"({"$nor": [{"$nor": [{"none": 5}]}]})", told()), U);
    EXPECT_EQ(judge(R"({"$not": {"none": {"$exists": true}, "x": 5}})", told()), T);
    EXPECT_EQ(judge(R"({"$not": {"none": 5, "x": 6}})", told()), T);
    EXPECT_EQ(judge(R"({"$not": {"none": 5, "x": 5}})", told()), U);
}

TEST(Unknown, IsNotWhatOneElementOfAListLeavesOpen) {
    // Elements are known, so that $elemMatch and $size are never unknown of a known list.
    EXPECT_EQ(judge(R"({"list": {"$elemMatch": {"$gt": 3}}})", told()), F);
    EXPECT_EQ(judge(R"({"x": {"$elemMatch": {"$eq": 5}}})", told()), F);
    EXPECT_EQ(judge(R"({"list": {"$not": {"$elemMatch": {"$eq": "z"}}}})", told()), T);
}

}  // namespace
}  // namespace aisle::conditions
