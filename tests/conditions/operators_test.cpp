#include <array>

#include "judging.hpp"

// Every operator against a fact of every type, and against one that nobody has told.
namespace aisle::conditions {
namespace {

using kit::kNoon;
constexpr auto T = Truth::True;
constexpr auto F = Truth::False;
constexpr auto U = Truth::Unknown;

// One fact of each type; "none" is never told.
Facts one_of_each() {
    Facts facts;
    facts.set("bool", true);
    facts.set("int", std::int64_t{5});
    facts.set("double", 2.5);
    facts.set("text", std::string{"tea"});
    facts.set("list", to_list({"tea", "milk"}));
    return facts;
}
constexpr std::array kFacts{"bool", "int", "double", "text", "list", "none"};

struct Row {
    std::string operators;
    std::array<Truth, 6> wanted;  // in order of kFacts
};

void expect_rows(const std::vector<Row>& rows) {
    for (const Row& row : rows) {
        for (std::size_t i = 0; i < kFacts.size(); ++i) {
            const std::string text =
                R"({")" + std::string{kFacts[i]} + R"(": )" + row.operators + "}";
            EXPECT_EQ(judge(text, one_of_each()), row.wanted[i]) << text;
        }
    }
}

TEST(Operators, CompareForEqualityWithinOneTypeOnly) {
    //                             bool int double text list none
    expect_rows({{R"({"$eq": true})", {T, F, F, F, F, U}},
                 {R"({"$eq": 5})", {F, T, F, F, F, U}},
                 {R"({"$eq": 2.5})", {F, F, T, F, F, U}},
                 {R"({"$eq": "tea"})", {F, F, F, T, F, U}},
                 {R"({"$eq": ["tea", "milk"]})", {F, F, F, F, T, U}},
                 {R"({"$ne": true})", {F, T, T, T, T, U}},
                 {R"({"$ne": 5.0})", {T, F, T, T, T, U}},
                 {R"({"$ne": "tea"})", {T, T, T, F, T, U}},
                 {R"({"$ne": ["milk", "tea"]})", {T, T, T, T, T, U}}});
}

TEST(Operators, TakeAPlainValueForEquality) {
    expect_rows({{"true", {T, F, F, F, F, U}},
                 {"5", {F, T, F, F, F, U}},
                 {"\"tea\"", {F, F, F, T, F, U}},
                 {R"(["tea", "milk"])", {F, F, F, F, T, U}},
                 {"[]", {F, F, F, F, F, U}}});
}

TEST(Operators, OrderNumbersAndTextsOnly) {
    expect_rows({{R"({"$gt": 2})", {F, T, T, F, F, U}},
                 {R"({"$gt": 2.5})", {F, T, F, F, F, U}},
                 {R"({"$gte": 2.5})", {F, T, T, F, F, U}},
                 {R"({"$lt": 5})", {F, F, T, F, F, U}},
                 {R"({"$lte": 5})", {F, T, T, F, F, U}},
                 {R"({"$gt": "tab"})", {F, F, F, T, F, U}},
                 {R"({"$lt": "tea"})", {F, F, F, F, F, U}},
                 {R"({"$lte": "tea"})", {F, F, F, T, F, U}}});
}

TEST(Operators, LookForAValueInAList) {
    expect_rows({{R"({"$in": [true, 2.5]})", {T, F, T, F, F, U}},
                 {R"({"$in": [5.0, "milk"]})", {F, T, F, F, T, U}},
                 {R"({"$in": ["tea"]})", {F, F, F, T, T, U}},
                 {R"({"$in": []})", {F, F, F, F, F, U}},
                 {R"({"$nin": ["tea"]})", {T, T, T, F, F, U}},
                 {R"({"$nin": []})", {T, T, T, T, T, U}}});
}

TEST(Operators, LookIntoListsOnly) {
    expect_rows({{R"({"$all": ["tea"]})", {F, F, F, F, T, U}},
                 {R"({"$all": []})", {F, F, F, F, T, U}},
                 {R"({"$all": ["tea", "cake"]})", {F, F, F, F, F, U}},
                 {R"({"$size": 2})", {F, F, F, F, T, U}},
                 {R"({"$size": {"$gte": 1, "$lt": 3}})", {F, F, F, F, T, U}},
                 {R"({"$size": 3})", {F, F, F, F, F, U}},
                 {R"({"$elemMatch": {"$eq": "milk"}})", {F, F, F, F, T, U}},
                 {R"({"$elemMatch": {"$gt": 1}})", {F, F, F, F, F, U}}});
}

TEST(Operators, MatchTextsOnly) {
    expect_rows({{R"({"$regex": "e"})", {F, F, F, T, F, U}},
                 {R"({"$regex": "^ea"})", {F, F, F, F, F, U}},
                 {R"({"$regexi": "TEA$"})", {F, F, F, T, F, U}},
                 {R"({"$regex": ""})", {F, F, F, T, F, U}}});
}

TEST(Operators, NameTypes) {
    expect_rows({{R"({"$type": "boolean"})", {T, F, F, F, F, U}},
                 {R"({"$type": "number"})", {F, T, T, F, F, U}},
                 {R"({"$type": "string"})", {F, F, F, T, F, U}},
                 {R"({"$type": "array"})", {F, F, F, F, T, U}}});
}

TEST(Operators, SeeExistenceOfAnyTypeAndOfNone) {
    expect_rows({{R"({"$exists": true})", {T, T, T, T, T, F}},
                 {R"({"$exists": false})", {F, F, F, F, F, T}}});
}

TEST(Operators, AreTurnedRoundByNot) {
    expect_rows({{R"({"$not": {"$eq": 5}})", {T, F, T, T, T, U}},
                 {R"({"$not": {"$gt": 2}})", {T, F, F, T, T, U}},
                 {R"({"$not": {"$not": {"$eq": 5}}})", {F, T, F, F, F, U}},
                 {R"({"$not": {"$exists": true}})", {F, F, F, F, F, T}}});
}

TEST(Operators, OfOneObjectMustAllHold) {
    expect_rows({{R"({"$gt": 2, "$lt": 4})", {F, F, T, F, F, U}},
                 {R"({"$exists": true, "$ne": 5})", {T, F, T, T, T, F}},
                 {R"({"$exists": false, "$ne": 5})", {F, F, F, F, F, U}}});
}

TEST(Numbers, AreEqualAndOrderedByValueOverBothTypes) {
    Facts facts;
    facts.set("zero", -0.0);
    facts.set("max", std::int64_t{INT64_MAX});
    facts.set("min", std::int64_t{INT64_MIN});
    EXPECT_EQ(judge(R"({"zero": 0})", facts), T);
    EXPECT_EQ(judge(R"({"max": {"$lt": 9223372036854775808.0}})", facts), T);
    EXPECT_EQ(judge(R"({"max": 9223372036854775807})", facts), T);
    EXPECT_EQ(judge(R"({"min": {"$lte": -9223372036854775808}})", facts), T);
    EXPECT_EQ(judge(R"({"min": -9223372036854775808.0})", facts), T);
}

TEST(Texts, AreOrderedByBytesAndKeepTheirCase) {
    Facts facts;
    facts.set("a", std::string{"Zebra"});
    facts.set("b", std::string{"茶"});
    EXPECT_EQ(judge(R"({"a": {"$lt": "apple"}})", facts), T);
    EXPECT_EQ(judge(R"({"a": "zebra"})", facts), F);
    EXPECT_EQ(judge(R"({"b": {"$gt": "z"}})", facts), T);
    EXPECT_EQ(judge(R"({"b": {"$regex": "^.$"}})", facts), T);
}

TEST(Lists, MayHoldElementsOfSeveralTypes) {
    Facts facts;
    facts.set("mixed", std::vector<Scalar>{true, std::int64_t{5}, 2.5, std::string{"tea"}});
    EXPECT_EQ(judge(R"({"mixed": [true, 5.0, 2.5, "tea"]})", facts), T);
    EXPECT_EQ(judge(R"({"mixed": {"$in": [2.5]}})", facts), T);
    EXPECT_EQ(judge(R"({"mixed": {"$all": [5, "tea"]}})", facts), T);
    EXPECT_EQ(judge(R"({"mixed": {"$elemMatch": {"$gte": 3, "$lt": 6}}})", facts), T);
    EXPECT_EQ(judge(R"({"mixed": {"$elemMatch": {"$gt": 5}}})", facts), F);
}

TEST(Lists, ThatAreEmptyAreKnown) {
    Facts facts;
    facts.set("tags", to_list({}));
    EXPECT_EQ(judge(R"({"tags": {"$size": 0}})", facts), T);
    EXPECT_EQ(judge(R"({"tags": {"$in": ["a"]}})", facts), F);
    EXPECT_EQ(judge(R"({"tags": {"$nin": ["a"]}})", facts), T);
    EXPECT_EQ(judge(R"({"tags": {"$elemMatch": {"$exists": true}}})", facts), F);
}

TEST(Keys, AreWholeAndNotPaths) {
    Facts facts;
    facts.set("cust.tier", std::string{"gold"});
    EXPECT_EQ(judge(R"({"cust.tier": "gold"})", facts), T);
    EXPECT_EQ(judge(R"({"cust": {"$exists": true}})", facts), F);
}

// Kleene's tables.
TEST(Truths, FollowKleene) {
    constexpr std::array kAll{F, U, T};
    for (const Truth a : kAll) {
        for (const Truth b : kAll) {
            EXPECT_EQ(a & b, a == F || b == F ? F : a == U || b == U ? U : T);
            EXPECT_EQ(a | b, a == T || b == T ? T : a == U || b == U ? U : F);
            EXPECT_EQ(!(a & b), (!a) | (!b));
        }
    }
    EXPECT_EQ(!T, F);
    EXPECT_EQ(!F, T);
    EXPECT_EQ(!U, U);
}

// A condition that is true, unknown or false of one_of_each().
std::string leaf(Truth truth) {
    if (truth == U) return R"({"none": 1})";
    return truth == T ? R"({"int": 5})" : R"({"int": 6})";
}

TEST(Groups, FollowKleeneForEveryTripleOfTruths) {
    constexpr std::array kAll{F, U, T};
    for (const Truth a : kAll) {
        for (const Truth b : kAll) {
            for (const Truth c : kAll) {
                const std::string list = "[" + leaf(a) + "," + leaf(b) + "," + leaf(c) + "]";
                const Facts facts = one_of_each();
                EXPECT_EQ(judge(R"({"$and": )" + list + "}", facts), a & b & c) << list;
                EXPECT_EQ(judge(R"({"$or": )" + list + "}", facts), a | b | c) << list;
                EXPECT_EQ(judge(R"({"$nor": )" + list + "}", facts), !(a | b | c)) << list;
            }
        }
    }
}

TEST(Groups, StandBesideFields) {
    const Facts facts = one_of_each();
    EXPECT_EQ(judge(R"({"int": 5, "$or": [{"text": "tea"}]})", facts), T);
    EXPECT_EQ(judge(R"({"int": 6, "$or": [{"text": "tea"}]})", facts), F);
    EXPECT_EQ(judge(R"({"$not": {"int": 5, "none": 1}})", facts), U);
    EXPECT_EQ(judge(R"({"$not": {"int": 6, "none": 1}})", facts), T);
}

TEST(Groups, MayHoldAnEmptyConditionThatIsTrue) {
    EXPECT_EQ(judge(R"({"$or": [{}]})", {}), T);
    EXPECT_EQ(judge(R"({"$nor": [{}]})", {}), F);
    EXPECT_EQ(judge(R"({"$not": {}})", {}), F);
}

TEST(Validity, IsHalfOpenOnBothEnds) {
    const auto judged = [](WallTime from, WallTime to) {
        Facts facts;
        facts.set(Fact{.key = "a", .value = true, .valid_from = from, .valid_to = to});
        return judge(R"({"a": true})", facts);
    };
    const milliseconds tick{1};
    EXPECT_EQ(judged(kNoon, kNoon + tick), T);
    EXPECT_EQ(judged(kNoon + tick, kNoon + 2 * tick), U);
    EXPECT_EQ(judged(kNoon - tick, kNoon), U);
}

TEST(Validity, OfALaterFactThatIsOverDoesNotHideAnEarlierOne) {
    Slots slots;
    const Slot slot = slots.intern("a");
    Facts shop, customer;
    shop.set("a", std::int64_t{1});
    customer.set(Fact{.key = "a", .value = std::int64_t{2}, .valid_to = kNoon});
    Bound bound{slots, kNoon};
    bound.add(shop);
    bound.add(customer);
    EXPECT_EQ(*bound.at(slot), Value{std::int64_t{1}});
}

}  // namespace
}  // namespace aisle::conditions
