#include "judging.hpp"

namespace aisle::conditions {
namespace {

using kit::kNoon;

Facts some() {
    Facts facts;
    facts.set("cust.tier", std::string{"gold"});
    facts.set("cust.rfm.r", std::int64_t{4});
    facts.set("ctx.rain", true);
    facts.set("ctx.celsius", 21.5);
    facts.set("cust.tags", to_list({"vip", "coffee"}));
    return facts;
}

struct Case {
    const char* condition;
    Truth wanted;
};

void expect_all(std::initializer_list<Case> cases) {
    for (const Case& one : cases)
        EXPECT_EQ(judge(one.condition, some()), one.wanted) << one.condition;
}

TEST(Condition, IsTrueWhenItAsksNothing) {
    EXPECT_EQ(judge("{}", {}), Truth::True);
    EXPECT_EQ(Condition{}.test(Bound{Slots{}, kNoon}), Truth::True);
}

TEST(Condition, ComparesNumbersByValueWhateverTheirType) {
    expect_all({{R"({"cust.rfm.r": 4})", Truth::True},
                {R"({"cust.rfm.r": 4.0})", Truth::True},
                {R"({"cust.rfm.r": {"$gt": 3.5, "$lt": 5}})", Truth::True},
                {R"({"ctx.celsius": {"$gte": 21.5}})", Truth::True},
                {R"({"ctx.celsius": {"$lte": 21}})", Truth::False}});
}

TEST(Condition, TellsIntegersApartThatADoubleCannotHold) {
    Facts facts;
    facts.set("n", std::int64_t{9'007'199'254'740'993});
    EXPECT_EQ(judge(R"({"n": 9007199254740993})", facts), Truth::True);
    EXPECT_EQ(judge(R"({"n": {"$gt": 9007199254740992}})", facts), Truth::True);
}

TEST(Condition, NeverCoercesATextIntoANumber) {
    expect_all({{R"({"cust.tier": {"$gt": 3}})", Truth::False},
                {R"({"cust.tier": 4})", Truth::False},
                {R"({"cust.tier": {"$ne": 4}})", Truth::True},
                {R"({"ctx.rain": 1})", Truth::False}});
}

TEST(Condition, FindsAListInWhenAnyElementIs) {
    expect_all({{R"({"cust.tags": {"$in": ["tea", "coffee"]}})", Truth::True},
                {R"({"cust.tags": {"$nin": ["tea"]}})", Truth::True},
                {R"({"cust.tier": {"$in": ["gold"]}})", Truth::True},
                {R"({"cust.tier": {"$in": []}})", Truth::False}});
}

TEST(Condition, LooksIntoLists) {
    expect_all({{R"({"cust.tags": {"$all": ["vip"]}})", Truth::True},
                {R"({"cust.tags": {"$all": ["vip", "tea"]}})", Truth::False},
                {R"({"cust.tags": {"$size": 2}})", Truth::True},
                {R"({"cust.tags": {"$size": {"$gt": 2}}})", Truth::False},
                {R"({"cust.tags": {"$elemMatch": {"$regex": "^v"}}})", Truth::True},
                {R"({"cust.tags": ["vip", "coffee"]})", Truth::True},
                {R"({"cust.tags": ["coffee", "vip"]})", Truth::False},
                {R"({"cust.tier": {"$size": 4}})", Truth::False}});
}

TEST(Condition, MatchesPatternsAnywhereInTheText) {
    expect_all({{R"({"cust.tier": {"$regex": "ol"}})", Truth::True},
                {R"({"cust.tier": {"$regex": "^OL"}})", Truth::False},
                {R"({"cust.tier": {"$regexi": "^GO"}})", Truth::True},
                {R"({"cust.rfm.r": {"$regex": "4"}})", Truth::False}});
}

TEST(Condition, NamesTheTypeOfAFact) {
    expect_all({{R"({"cust.tier": {"$type": "string"}})", Truth::True},
                {R"({"cust.rfm.r": {"$type": "number"}})", Truth::True},
                {R"({"ctx.celsius": {"$type": "number"}})", Truth::True},
                {R"({"ctx.rain": {"$type": "boolean"}})", Truth::True},
                {R"({"cust.tags": {"$type": "array"}})", Truth::True},
                {R"({"cust.tags": {"$type": "string"}})", Truth::False}});
}

TEST(Condition, DoesNotKnowWhatNobodyTold) {
    expect_all({{R"({"ctx.snow": true})", Truth::Unknown},
                {R"({"ctx.snow": {"$ne": true}})", Truth::Unknown},
                {R"({"ctx.snow": {"$not": {"$eq": true}}})", Truth::Unknown},
                {R"({"ctx.snow": {"$nin": [1]}})", Truth::Unknown},
                {R"({"$nor": [{"ctx.snow": true}]})", Truth::Unknown}});
}

TEST(Condition, SeesAbsenceOnlyThroughExists) {
    expect_all({{R"({"ctx.snow": {"$exists": false}})", Truth::True},
                {R"({"ctx.snow": {"$exists": true}})", Truth::False},
                {R"({"ctx.snow": {"$not": {"$exists": true}}})", Truth::True},
                {R"({"ctx.rain": {"$exists": true}})", Truth::True},
                {R"({"ctx.snow": {"$exists": true, "$eq": 1}})", Truth::False}});
}

TEST(Condition, LetsWhatIsKnownDecideOverWhatIsNot) {
    expect_all({{R"({"$or": [{"ctx.snow": true}, {"ctx.rain": true}]})", Truth::True},
                {R"({"$and": [{"ctx.snow": true}, {"ctx.rain": false}]})", Truth::False},
                {R"({"$or": [{"ctx.snow": true}, {"ctx.rain": false}]})", Truth::Unknown},
                {R"({"ctx.snow": true, "ctx.rain": true})", Truth::Unknown},
                {R"({"$not": {"ctx.rain": true}})", Truth::False}});
}

TEST(Condition, TakesAnExpiredFactForUnknownAndNotForFalse) {
    Facts facts;
    facts.set(Fact{.key = "ctx.rain", .value = true, .valid_from = {}, .valid_to = kNoon});
    facts.set(Fact{.key = "ctx.sale", .value = true, .valid_from = kNoon, .valid_to = {}});
    EXPECT_EQ(judge(R"({"ctx.rain": true})", facts), Truth::Unknown);
    EXPECT_EQ(judge(R"({"ctx.rain": {"$exists": false}})", facts), Truth::True);
    EXPECT_EQ(judge(R"({"ctx.sale": true})", facts), Truth::True);
}

TEST(Condition, KnowsTheFactsItMentions) {
    Slots slots;
    slots.intern("other");
    const auto made = Condition::compile(
        boost::json::parse(R"({"a": 1, "$or": [{"b": 2}, {"a": 3}]})"), slots, "when");
    ASSERT_TRUE(made);
    EXPECT_EQ(made->mentions(), (std::vector<Slot>{1, 2}));
}

TEST(Condition, NamesTheFieldOfEachFault) {
    EXPECT_EQ(fault_of(R"({"a": {"$gtt": 1}})"), "when.a.$gtt: is not an operator");
    EXPECT_EQ(fault_of(R"({"a": {"$in": 1}})"), "when.a.$in: must be a list");
    EXPECT_EQ(fault_of(R"({"$or": []})"), "when.$or: must be an array of conditions, not empty");
    EXPECT_EQ(fault_of(R"({"$xor": []})"),
              "when.$xor: is not $and, $or, $nor or $not, and fact keys do not start with $");
    EXPECT_EQ(fault_of(R"({"$or": [{"a": null}]})"),
              "when.$or[0].a: null is no value: ask with $exists");
    EXPECT_EQ(fault_of(R"({"a": {"$exists": 1}})"), "when.a.$exists: must be true or false");
    EXPECT_EQ(fault_of(R"({"a": {"$gt": true}})"), "when.a.$gt: must be a number or a text");
    EXPECT_EQ(fault_of(R"({"a": {"$all": [[1]]}})"),
              "when.a.$all[0]: must be a text, a number, true or false");
    EXPECT_EQ(fault_of("[]"), "when: must be an object");
    EXPECT_EQ(fault_of(R"({"a": {}})"), "when.a: has no operator");
}

TEST(Condition, ReportsAllFaultsAtOnce) {
    EXPECT_EQ(faults_of(R"({"a": {"$x": 1}, "b": {"$y": 2}, "c": 3})").size(), 2U);
}

TEST(Condition, RefusesABadPatternWhenItIsLoaded) {
    EXPECT_TRUE(fault_of(R"({"a": {"$regex": "("}})").starts_with("when.a.$regex: bad pattern"));
    EXPECT_TRUE(
        fault_of(R"~({"a": {"$regex": "(?=x)"}})~").starts_with("when.a.$regex: bad pattern"));
    const std::string long_one(kRegexBytesMax + 1, 'x');
    EXPECT_EQ(fault_of(R"~({"a": {"$regex": ")~" + long_one + R"~("}})~"),
              "when.a.$regex: the pattern is too long");
}

TEST(Condition, RefusesWhatIsTooLarge) {
    std::string many = R"({"$or": [{"a": 1})";
    for (std::size_t i = 0; i < kNodesMax; ++i) many += R"(,{"a": 1})";
    EXPECT_TRUE(fault_of(many + "]}").ends_with("the condition is too large"));
}

TEST(Facts, ReplaceAnEarlierFactOfTheSameKey) {
    Facts facts;
    facts.set("b", std::int64_t{1});
    facts.set("a", std::int64_t{2});
    facts.set("b", std::int64_t{3});
    ASSERT_EQ(facts.all().size(), 2U);
    EXPECT_EQ(facts.all().front().key, "a");
    EXPECT_EQ(*facts.find("b", kNoon), Value{std::int64_t{3}});
}

TEST(Facts, AreGoneOnceErased) {
    Facts facts = some();
    facts.erase("cust.tier");
    facts.erase("nothing");
    EXPECT_EQ(facts.find("cust.tier", kNoon), nullptr);
    EXPECT_NE(facts.find("ctx.rain", kNoon), nullptr);
}

TEST(Facts, AnswerWithNothingForAnotherType) {
    EXPECT_EQ(some().text("cust.rfm.r", kNoon), "");
    EXPECT_EQ(some().text("cust.tier", kNoon), "gold");
    EXPECT_TRUE(some().lists("cust.tags", "vip", kNoon));
    EXPECT_FALSE(some().lists("cust.tier", "gold", kNoon));
}

TEST(Facts, TakeTheTypeOfAReferenceRow) {
    Facts facts;
    facts.set(FactRow{.key = "ctx.weather", .value = std::string{"rain"}, .valid_to = kNoon});
    EXPECT_EQ(facts.find("ctx.weather", kNoon), nullptr);
    EXPECT_EQ(facts.text("ctx.weather", kNoon - seconds{1}), "rain");
}

TEST(Bound, LetsLaterFactsWinAndIgnoresKeysNobodyAsksFor) {
    Slots slots;
    const Slot slot = slots.intern("a");
    Facts first, second;
    first.set("a", std::int64_t{1});
    second.set("a", std::int64_t{2});
    second.set("z", std::int64_t{3});
    Bound bound{slots, kNoon};
    bound.add(first);
    bound.add(second);
    EXPECT_EQ(*bound.at(slot), Value{std::int64_t{2}});
    EXPECT_EQ(bound.at(77), nullptr);
}

}  // namespace
}  // namespace aisle::conditions
