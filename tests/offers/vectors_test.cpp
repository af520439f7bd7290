#include "agent/offers/vectors.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <sstream>

namespace aisle::offers {
namespace {

VectorGroup group_of(const std::string& text) {
    auto groups = run_vectors(text);
    if (!groups || groups->size() != 1) {
        ADD_FAILURE() << "not one group: " << text;
        return {};
    }
    return groups->front();
}

TEST(Vectors, OfTheSharedHalfAllPassButWhatAShopHasNoUseFor) {
    std::ifstream file{AISLE_SHARED_DIR "/data/offers/growthbook-cases-dev.json"};
    if (!file) GTEST_SKIP() << "no vectors here: " AISLE_SHARED_DIR "/data/offers";
    std::stringstream text;
    text << file.rdbuf();
    const auto groups = run_vectors(text.str());
    ASSERT_TRUE(groups);
    const std::map<std::string, int> skipped{
        {"getQueryStringOverride", 8}, {"decrypt", 5}, {"urlRedirect", 2}, {"run", 1}};
    EXPECT_EQ(groups->size(), 13U);
    for (const VectorGroup& group : *groups) {
        const auto expected = skipped.find(group.group);
        EXPECT_EQ(group.failed, 0) << group.group << " " << group.failures.front();
        EXPECT_EQ(group.skipped, expected == skipped.end() ? 0 : expected->second) << group.group;
        EXPECT_EQ(group.passed > 0, group.skipped == 0 || group.group == "run") << group.group;
    }
}

TEST(Vectors, FailACaseWithAnotherAnswerAndNameIt) {
    const VectorGroup group = group_of(
        R"({"run": [["wrong", {"attributes": {"id": "1"}}, {"key": "t", "variations": [0, 1]}, 7,
            true, true]]})");
    EXPECT_EQ(group.failed, 1);
    ASSERT_EQ(group.failures.size(), 1U);
    EXPECT_EQ(group.failures.front(), "0 wrong");
}

TEST(Vectors, FailACaseThatIsNotOfItsGroupsForm) {
    EXPECT_EQ(group_of(R"({"hash": [["seed"], 5]})").failed, 2);
    EXPECT_EQ(group_of(R"({"feature": [["a", 1, 2, 3]]})").failed, 1);
}

TEST(Vectors, FailAHashThatIsAStepAway) {
    EXPECT_EQ(group_of(R"({"hash": [["seed", "b", 2, 0.2696]]})").passed, 1);
    EXPECT_EQ(group_of(R"({"hash": [["seed", "b", 2, 0.2697]]})").failed, 1);
    EXPECT_EQ(group_of(R"({"hash": [["abc", "def", 99, 0.1]]})").failed, 1);
}

TEST(Vectors, SkipAQueryStringInsideRun) {
    const VectorGroup group = group_of(
        R"({"run": [["q", {"attributes": {"id": "1"}, "url": "http://a.b/?my-test=1"},
            {"key": "my-test", "variations": [0, 1]}, 1, true, false]]})");
    EXPECT_EQ(group.skipped, 1);
    EXPECT_EQ(group.passed, 0);
}

TEST(Vectors, SkipAGroupThatNobodyKnows) {
    EXPECT_EQ(group_of(R"({"teleport": [["a"], ["b"]]})").skipped, 2);
}

TEST(Vectors, HoldDocumentsAgainstTheDraw) {
    const std::string row = R"({"stickyBucket": [["a", {"attributes": {"id": "1"}, "features":
        {"f": {"defaultValue": 0, "rules": [{"variations": [0, 1], "key": "e"}]}}}, [], "f", )";
    const std::string drawn = R"({"bucket": 0.275, "featureId": "f", "hashAttribute": "id",
        "hashUsed": true, "hashValue": "1", "inExperiment": true, "key": "0",
        "stickyBucketUsed": false, "value": 0, "variationId": 0})";
    const std::string kept =
        R"({"id||1": {"attributeName": "id", "attributeValue": "1", "assignments": {"e__0": "0"}}})";
    const auto made = group_of(row + drawn + ", " + kept + "]]}");
    const auto without = group_of(row + drawn + ", {}]]}");
    EXPECT_EQ(made.passed, 1);
    EXPECT_EQ(without.failed, 1);
}

TEST(Vectors, CompareVersionsOfEarlierSpecifications) {
    EXPECT_EQ(group_of(R"({"versionCompare": {"lt": [["1.9.0", "1.10.0", true]],
        "gt": [["2.0.0", "2.0.0-rc.1", true]], "eq": [["v1.2.3", "1.2.3+5", true],
        ["1.2.3", "1.2.4", true]]}})")
                  .failed,
              1);
}

TEST(Vectors, AreMalformedWithoutGroups) {
    EXPECT_FALSE(run_vectors("[1, 2]"));
    EXPECT_FALSE(run_vectors("{"));
    EXPECT_FALSE(run_vectors(std::string(17 * 1024 * 1024, ' ')));
}

}  // namespace
}  // namespace aisle::offers
