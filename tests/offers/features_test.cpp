#include "agent/offers/features.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "agent/offers/bucketing.hpp"

namespace aisle::offers {
namespace {

namespace json = boost::json;

json::object feature(const std::string& context, const std::string& key = "f") {
    const json::value parsed = json::parse(context);
    return Features{parsed.get_object()}.feature(key);
}

std::string source(const std::string& context) {
    return std::string{feature(context).at("source").as_string()};
}

json::object run(const std::string& context, const std::string& experiment) {
    const json::value parsed = json::parse(context);
    return Features{parsed.get_object()}.run(json::parse(experiment).get_object());
}

bool in(const std::string& context, const std::string& experiment) {
    return run(context, experiment).at("inExperiment").as_bool();
}

const std::string kOne = R"({"attributes": {"id": "1"}})";

TEST(Buckets, KeepTheirPlaceWhenTheCoverageShrinks) {
    const auto all = bucket_ranges({.variations = 3, .weights = {0.2, 0.3, 0.5}});
    const auto some = bucket_ranges({.variations = 3, .coverage = 0.1, .weights = {0.2, 0.3, 0.5}});
    for (std::size_t i = 0; i < 3; ++i) EXPECT_DOUBLE_EQ(some[i].from, all[i].from);
    EXPECT_NEAR(some[2].to, 0.55, 1e-12);
}

TEST(Buckets, AreEqualWhereTheWeightsMakeNoSense) {
    for (const std::vector<double>& weights :
         {std::vector<double>{0.5}, std::vector<double>{0.5, 0.1}, std::vector<double>{}}) {
        const auto ranges = bucket_ranges({.variations = 2, .weights = weights});
        ASSERT_EQ(ranges.size(), 2U);
        EXPECT_DOUBLE_EQ(ranges[1].from, 0.5);
    }
    EXPECT_TRUE(bucket_ranges({.variations = 100'000'000}).empty());
    EXPECT_TRUE(equal_weights(-3).empty());
}

TEST(Features, TakeTheFirstRuleThatFits) {
    EXPECT_EQ(feature(R"({"attributes": {"a": 2}, "features": {"f": {"defaultValue": 0, "rules": [
        {"condition": {"a": 1}, "force": 1}, {"condition": {"a": 2}, "force": 2, "id": "r2"},
        {"force": 3}]}}})")
                  .at("ruleId")
                  .as_string(),
              "r2");
}

TEST(Features, BreakACycleOfPrerequisites) {
    EXPECT_EQ(source(R"({"features": {
        "f": {"rules": [{"parentConditions": [{"id": "g", "condition": {"value": 1}}]}]},
        "g": {"rules": [{"parentConditions": [{"id": "h", "condition": {"value": 1}}]}]},
        "h": {"rules": [{"parentConditions": [{"id": "f", "condition": {"value": 1}}]}]}}})"),
              "cyclicPrerequisite");
}

TEST(Features, AskTheSameParentTwiceWithoutSeeingACycle) {
    EXPECT_EQ(source(R"({"features": {"p": {"defaultValue": 1},
        "f": {"defaultValue": 5, "rules": [{"parentConditions": [
            {"id": "p", "condition": {"value": 1}}, {"id": "p", "condition": {"value": 1}}],
            "force": 6}]}}})"),
              "force");
}

TEST(Features, AreBlockedByAGateAndOnlySkipARuleWithoutOne) {
    const std::string head =
        R"({"features": {"p": {"defaultValue": 1}, "f": {"defaultValue": 5, "rules": [{"force": 6,
            "parentConditions": [{"id": "p", "condition": {"value": 2})";
    EXPECT_EQ(source(head + R"(, "gate": true}]}]}}})"), "prerequisite");
    EXPECT_EQ(source(head + "}]}]}}}"), "defaultValue");
}

TEST(Features, ComeBackFromPrerequisitesWithoutEnd) {
    // Each level asks the next one twice: 2^40 questions without a bound.
    std::string text = R"({"features": {"f40": {"defaultValue": 1})";
    for (int i = 0; i < 40; ++i) {
        const std::string next = R"({"id": "f)" + std::to_string(i + 1) + R"("})";
        text += R"(, "f)" + std::to_string(i) + R"(": {"defaultValue": 1, "rules": [
            {"parentConditions": [)" +
                next + ", " + next + R"(], "force": 1}]})";
    }
    const json::value parsed = json::parse(text + "}}");
    EXPECT_EQ(Features{parsed.get_object()}.feature("f0").at("source").as_string(),
              "cyclicPrerequisite");
}

TEST(Features, LetAHoldoutPassThroughToTheNextRule) {
    const std::string context = R"({"attributes": {"id": "1"}, "features": {"f": {"defaultValue": 0,
        "rules": [{"key": "h", "variations": [1, 2], "ranges": [[0, 0], [0, 1]],
                   "meta": [{}, {"passthrough": true}]},
                  {"key": "e", "variations": [3, 4], "ranges": [[0, 1], [1, 1]]}]}}})";
    EXPECT_EQ(feature(context).at("value").to_number<int>(), 3);
}

TEST(Features, LookIntoSavedGroups) {
    const std::string context =
        R"({"attributes": {"id": 7}, "savedGroups": {"g": [7, 8]}, "features": {"f": {"rules": [
            {"condition": {"id": {"$notInGroup": "g"}}, "force": 1},
            {"condition": {"id": {"$inGroup": "g"}}, "force": 2}]}}})";
    EXPECT_EQ(feature(context).at("value").to_number<int>(), 2);
}

TEST(Features, RollOutToNobodyAtNoCoverage) {
    for (const char* const id : {"1", "2", "3"})
        EXPECT_EQ(source(std::string{R"({"attributes": {"id": ")"} + id +
                         R"("}, "features": {"f": {"rules": [{"force": 1, "coverage": 0}]}}})"),
                  "defaultValue");
}

TEST(Experiments, HashAnAttributeInsideAnObject) {
    const json::object made = run(R"({"attributes": {"user": {"id": "1"}}})",
                                  R"({"key": "my-test", "variations": [0, 1],
                                      "hashAttribute": "user.id"})");
    EXPECT_TRUE(made.at("hashUsed").as_bool());
    EXPECT_EQ(made.at("hashValue").as_string(), "1");
}

TEST(Experiments, TakeNobodyWhoseAttributeIsEmptyZeroOrNull) {
    for (const char* const id : {"\"\"", "0", "null", "false"})
        EXPECT_FALSE(in(std::string{R"({"attributes": {"id": )"} + id + "}}",
                        R"({"key": "e", "variations": [0, 1]})"))
            << id;
}

TEST(Experiments, ShutOutWhomAFilterLeavesOut) {
    EXPECT_TRUE(in(kOne, R"({"key": "e", "variations": [0, 1],
        "filters": [{"seed": "s", "ranges": [[0, 1]]}]})"));
    EXPECT_FALSE(in(kOne, R"({"key": "e", "variations": [0, 1],
        "filters": [{"seed": "s", "ranges": []}]})"));
    EXPECT_FALSE(in(kOne, R"({"key": "e", "variations": [0, 1],
        "filters": [{"seed": "s", "attribute": "none", "ranges": [[0, 1]]}]})"));
}

TEST(Experiments, PreferFiltersToANamespace) {
    EXPECT_TRUE(in(kOne, R"({"key": "e", "variations": [0, 1], "namespace": ["n", 0, 0],
        "filters": [{"seed": "s", "ranges": [[0, 1]]}]})"));
    EXPECT_FALSE(in(kOne, R"({"key": "e", "variations": [0, 1], "namespace": ["n", 0, 0]})"));
}

TEST(Experiments, FollowOverridesOfTheContext) {
    EXPECT_FALSE(in(R"({"attributes": {"id": "1"}, "overrides": {"e": {"status": "stopped"}}})",
                    R"({"key": "e", "variations": [0, 1]})"));
}

TEST(Experiments, AreForcedByTheContextWithoutAHash) {
    const json::object made = run(R"({"attributes": {}, "forcedVariations": {"e": 1}})",
                                  R"({"key": "e", "variations": ["a", "b"]})");
    EXPECT_TRUE(made.at("inExperiment").as_bool());
    EXPECT_FALSE(made.at("hashUsed").as_bool());
    EXPECT_EQ(made.at("value").as_string(), "b");
}

TEST(Experiments, SurviveAnythingInTheirFields) {
    for (const char* const experiment :
         {"{}", R"({"variations": 5})", R"({"variations": [0, 1], "key": 5, "weights": "x"})",
          R"({"variations": [0, 1], "key": "e", "meta": [1], "ranges": [[], 5, ["a", null]]})",
          R"({"variations": [0, 1], "key": "e", "namespace": [], "filters": 5, "hashVersion": -2})",
          R"({"variations": [0, 1], "key": "e", "force": "x", "coverage": 1e300, "groups": [4]})"})
        EXPECT_LT(run(kOne, experiment).at("variationId").to_number<int>(), 2) << experiment;
}

const std::string kDrawn = R"({"key": "e", "variations": [0, 1], "meta": [{"key": "a"},
    {"key": "b"}], "bucketVersion": 2, "minBucketVersion": )";

json::object sticky_run(const std::string& assignments, int oldest) {
    const json::value context = json::parse(kOne);
    Features features{context.get_object()};
    features.keep_sticky(json::parse(R"([{"attributeName": "id", "attributeValue": "1",
        "assignments": )" + assignments +
                                     "}]")
                             .get_array());
    return features.run(json::parse(kDrawn + std::to_string(oldest) + "}").get_object());
}

TEST(Sticky, KeepsAnEarlierDrawOfTheSameVersion) {
    for (const std::string arm : {"a", "b"}) {
        const json::object made = sticky_run(R"({"e__2": ")" + arm + "\"}", 0);
        EXPECT_EQ(made.at("key").as_string(), arm);
        EXPECT_TRUE(made.at("stickyBucketUsed").as_bool());
    }
}

TEST(Sticky, DrawsAgainWhenTheVersionIsRaised) {
    EXPECT_FALSE(sticky_run(R"({"e__1": "a"})", 0).at("stickyBucketUsed").as_bool());
}

TEST(Sticky, ShutsOutWhoWasDrawnInABlockedVersion) {
    EXPECT_FALSE(sticky_run(R"({"e__1": "a", "e__2": "b"})", 2).at("inExperiment").as_bool());
    EXPECT_TRUE(sticky_run(R"({"e__2": "b"})", 2).at("inExperiment").as_bool());
}

TEST(Bandits, LeaveTheRulesWeightsWhereTheDefinitionIsMissing) {
    const json::object made = feature(R"({"attributes": {"id": "1"}, "features": {"f": {
        "defaultValue": 0, "rules": [{"key": "e", "contextualVariations": ["a", "b"],
        "weights": [0, 1], "contextualBanditRef": "gone"}]}}})");
    EXPECT_EQ(made.at("value").as_string(), "b");
    EXPECT_FALSE(made.at("experimentResult").as_object().contains("leafId"));
}

TEST(Bandits, TellEqualWeightsWhereNoLeafAndNoRuleHasAny) {
    const json::object made = feature(R"({"attributes": {"id": "1"}, "contextualBandits": {"c":
        {"contexts": [{"leafId": 3, "condition": {"x": 1}, "weights": [1, 0]}]}}, "features": {"f":
        {"rules": [{"key": "e", "contextualVariations": ["a", "b"],
        "contextualBanditRef": "c"}]}}})");
    const json::object& trial = made.at("experimentResult").as_object();
    EXPECT_EQ(trial.at("leafId").to_number<int>(), -1);
    EXPECT_EQ(trial.at("variationWeights").as_array().size(), 2U);
}

}  // namespace
}  // namespace aisle::offers
