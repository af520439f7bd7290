#include "judging.hpp"
#include "tests/kit/mutant.hpp"

namespace aisle::conditions {
namespace {

void expect_faults(const std::vector<std::pair<std::string, std::string>>& cases) {
    for (const auto& [text, wanted] : cases) EXPECT_EQ(fault_of(text), wanted) << text;
}

TEST(CompileFaults, NameWhatAGroupMustBe) {
    for (const char* group : {"$and", "$or", "$nor"}) {
        const std::string name{group};
        for (const char* wrong : {"{}", "1", "\"a\"", "null", "[]"})
            EXPECT_EQ(fault_of(R"({")" + name + R"(": )" + wrong + "}"),
                      "when." + name + ": must be an array of conditions, not empty")
                << wrong;
        EXPECT_EQ(fault_of(R"({")" + name + R"(": [{"a": 1}, 7]})"),
                  "when." + name + "[1]: must be an object");
    }
    EXPECT_EQ(fault_of(R"({"$not": [{"a": 1}]})"), "when.$not: must be an object");
}

TEST(CompileFaults, NameWhatAnOperandMustBe) {
    expect_faults(
        {{R"({"a": {"$gt": true}})", "when.a.$gt: must be a number or a text"},
         {R"({"a": {"$gte": [1]}})", "when.a.$gte: must be a number or a text"},
         {R"({"a": {"$lt": {}}})", "when.a.$lt: must be a number or a text"},
         {R"({"a": {"$lte": null}})", "when.a.$lte: must be a number or a text"},
         {R"({"a": {"$eq": null}})", "when.a.$eq: null is no value: ask with $exists"},
         {R"({"a": {"$ne": {}}})",
          "when.a.$ne: must be a text, a number, true, false or a list of these"},
         {R"({"a": {"$in": "x"}})", "when.a.$in: must be a list"},
         {R"({"a": {"$nin": 1}})", "when.a.$nin: must be a list"},
         {R"({"a": {"$all": {}}})", "when.a.$all: must be a list"},
         {R"({"a": {"$in": [1, null]}})", "when.a.$in[1]: must be a text, a number, true or false"},
         {R"({"a": {"$exists": 1}})", "when.a.$exists: must be true or false"},
         {R"({"a": {"$not": 5}})", "when.a.$not: must be an object of operators"},
         {R"({"a": {"$elemMatch": 5}})", "when.a.$elemMatch: must be an object of operators"},
         {R"({"a": {"$regex": 5}})", "when.a.$regex: must be a text"},
         {R"({"a": {"$regexi": null}})", "when.a.$regexi: must be a text"},
         {R"({"a": {"$type": "date"}})", "when.a.$type: must be string, number, boolean or array"},
         {R"({"a": {"$type": 1}})", "when.a.$type: must be string, number, boolean or array"},
         {R"({"a": [1, [2]]})", "when.a[1]: must be a text, a number, true or false"}});
}

TEST(CompileFaults, NameThePlaceInTheDepth) {
    expect_faults({{R"({"$or": [{"a": 1}, {"$and": [{"b": {"$not": {"$near": 1}}}]}]})",
                    "when.$or[1].$and[0].b.$not.$near: is not an operator"},
                   {R"({"cust.tags": {"$elemMatch": {"$size": {"$in": 3}}}})",
                    "when.cust.tags.$elemMatch.$size.$in: must be a list"},
                   {R"({"$nor": [{"$not": {"x": {}}}]})", "when.$nor[0].$not.x: has no operator"}});
}

TEST(CompileFaults, RefuseAFactWithoutAName) {
    EXPECT_EQ(fault_of(R"({"": 1})"), "when.: the fact has no name");
}

TEST(CompileFaults, RefuseOperatorsBesidePlainKeys) {
    EXPECT_EQ(fault_of(R"({"a": {"$gt": 1, "b": 2}})"), "when.a.b: is not an operator");
    EXPECT_EQ(fault_of(R"({"a": {"gt": 1}})"), "when.a.gt: is not an operator");
}

TEST(CompileFaults, RefuseNumbersThatAreTooLarge) {
    EXPECT_EQ(fault_of(R"({"a": 18446744073709551615})"),
              "when.a: must be a text, a number, true, false or a list of these");
    EXPECT_EQ(fault_of(R"({"a": 9223372036854775807})"), "none");
}

TEST(CompileFaults, AreTwentyAtMost) {
    std::string many = R"({"a": {"$x0": 1)";
    for (int i = 1; i < 40; ++i) many += R"(, "$x)" + std::to_string(i) + R"(": 1)";
    EXPECT_EQ(faults_of(many + "}}").size(), 20U);
}

TEST(CompileFaults, ComeInTheOrderOfTheText) {
    const auto faults = faults_of(R"({"z": {"$x": 1}, "a": {"$in": 1}, "m": null})");
    ASSERT_EQ(faults.size(), 3U);
    EXPECT_EQ(faults[0].path, "when.z.$x");
    EXPECT_EQ(faults[1].path, "when.a.$in");
    EXPECT_EQ(faults[2].path, "when.m");
}

// `n` conditions in each other.
std::string nested(std::size_t n) {
    std::string text = R"({"a": 1})";
    for (std::size_t i = 0; i < n; ++i) text = R"({"$not": )" + text + "}";
    return text;
}

std::string fault_in_deep(const std::string& text) {
    boost::json::parse_options deep;
    deep.max_depth = 200;
    Slots slots;
    const auto made = Condition::compile(boost::json::parse(text, {}, deep), slots, "when");
    return made ? "none" : made.error().front().reason;
}

TEST(Bounds, OfDepthHoldForConditions) {
    EXPECT_EQ(fault_in_deep(nested(kDepthMax)), "none");
    EXPECT_EQ(fault_in_deep(nested(kDepthMax + 1)), "nested too deep");
}

TEST(Bounds, OfDepthHoldForOperators) {
    const auto deep = [](std::size_t n) {
        std::string text = R"({"$eq": 1})";
        for (std::size_t i = 0; i < n; ++i) text = R"({"$not": )" + text + "}";
        return R"({"a": )" + text + "}";
    };
    EXPECT_EQ(fault_in_deep(deep(kDepthMax)), "none");
    EXPECT_EQ(fault_in_deep(deep(kDepthMax + 1)), "nested too deep");
}

TEST(Bounds, OfPatternsHoldOnTheByte) {
    const auto pattern = [](std::size_t n) {
        return R"({"a": {"$regex": ")" + std::string(n, 'x') + R"("}})";
    };
    EXPECT_EQ(fault_of(pattern(kRegexBytesMax)), "none");
    EXPECT_EQ(fault_of(pattern(kRegexBytesMax + 1)), "when.a.$regex: the pattern is too long");
}

TEST(Bounds, OfPatternsKeepThemSmallInMemory) {
    EXPECT_TRUE(fault_of(R"({"a": {"$regex": "((a{100}){100}){100}"}})")
                    .starts_with("when.a.$regex: bad pattern"));
}

TEST(Bounds, OfOneConditionAreToldOnce) {
    std::string many = R"({"$or": [{"a": 1})";
    for (std::size_t i = 0; i < 2 * kNodesMax; ++i) many += R"(,{"a": 1})";
    EXPECT_EQ(faults_of(many + "]}").size(), 1U);
}

TEST(Bounds, LeaveRoomForLongLists) {
    std::string list = "\"s\"";
    for (int i = 0; i < 5'000; ++i) list += ",\"s\"";
    EXPECT_EQ(fault_of(R"({"basket.skus": {"$in": [)" + list + "]}}"), "none");
}

TEST(Slots, AreOnePerKeyWhoeverAsks) {
    Slots slots;
    for (const char* text : {R"({"a": 1, "b": 2})", R"({"b": 3, "c": 4})"})
        ASSERT_TRUE(Condition::compile(boost::json::parse(text), slots, "when"));
    EXPECT_EQ(slots.size(), 3U);
    EXPECT_EQ(slots.find("b"), Slot{1});
    EXPECT_FALSE(slots.find("d"));
}

TEST(Conditions, AreSharedByTheirCopies) {
    Slots slots;
    const auto made = Condition::compile(boost::json::parse(R"({"a": 1})"), slots, "when");
    ASSERT_TRUE(made);
    const Condition copy = *made;
    Facts facts;
    facts.set("a", std::int64_t{1});
    Bound bound{slots, kit::kNoon};
    bound.add(facts);
    EXPECT_EQ(copy.test(bound), Truth::True);
    EXPECT_EQ(copy.mentions(), made->mentions());
}

TEST(Conditions, OfLaterSlotsAreUnknownToFactsThatWereBoundBefore) {
    Slots slots;
    Bound early{slots, kit::kNoon};
    const auto made = Condition::compile(boost::json::parse(R"({"a": 1})"), slots, "when");
    EXPECT_EQ(made->test(early), Truth::Unknown);
}

// Whatever a file holds, it is a condition or a list of faults with paths.
TEST(Mutants, CompileOrSayWhyNot) {
    const std::string sample =
        R"({"cust.tier": {"$in": ["gold", "silver"]}, "$or": [{"a": {"$gte": 3, "$lt": 9.5}},)"
        R"({"$not": {"b": {"$elemMatch": {"$regex": "^v[a-z]+$"}}}}], "c": {"$exists": false}})";
    int compiled = 0, refused = 0;
    for (std::uint32_t seed = 1; seed <= 5'000; ++seed) {
        boost::system::error_code failed;
        const auto value = boost::json::parse(kit::mutant(sample, seed), failed);
        if (failed) continue;
        Slots slots;
        const auto made = Condition::compile(value, slots, "when");
        if (made) {
            ++compiled;
            EXPECT_LE(made->mentions().size(), slots.size());
            continue;
        }
        ++refused;
        for (const CompileFault& fault : made.error())
            ASSERT_TRUE(fault.path.starts_with("when") && !fault.reason.empty()) << seed;
    }
    EXPECT_GT(compiled, 20);
    EXPECT_GT(refused, 20);
}

}  // namespace
}  // namespace aisle::conditions
