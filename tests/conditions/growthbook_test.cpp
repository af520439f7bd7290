#include "agent/conditions/growthbook.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iostream>
#include <sstream>

#include <boost/json.hpp>

namespace aisle::conditions {
namespace {

bool matches(std::string_view condition, std::string_view attributes) {
    return growthbook_matches(boost::json::parse(condition), boost::json::parse(attributes));
}

TEST(GrowthBook, PassesEveryConditionVector) {
    std::ifstream file{AISLE_SHARED_DIR "/data/offers/growthbook-cases-dev.json"};
    if (!file) GTEST_SKIP() << "no vectors here: " AISLE_SHARED_DIR "/data/offers";
    std::stringstream text;
    text << file.rdbuf();
    const auto cases = boost::json::parse(text.str()).at("evalCondition").as_array();
    const VectorTally tally = run_condition_vectors(cases);
    std::cout << "evalCondition: " << tally.passed << " passed, " << tally.failed << " failed, "
              << tally.skipped << " skipped\n";
    EXPECT_EQ(tally.failed, 0);
    EXPECT_EQ(tally.skipped, 0);
    EXPECT_EQ(tally.passed, static_cast<int>(cases.size()));
}

TEST(GrowthBook, CountsACaseWithAnotherAnswerAsFailed) {
    const auto cases = boost::json::parse(R"([["a", {"x": 1}, {"x": 1}, false], ["b", {"x": 1}]])");
    const VectorTally tally = run_condition_vectors(cases.as_array());
    EXPECT_EQ(tally.failed, 1);
    EXPECT_EQ(tally.skipped, 1);
    EXPECT_EQ(tally.passed, 0);
}

TEST(GrowthBook, TakesAnAbsentAttributeForNull) {
    EXPECT_TRUE(matches(R"({"x": null})", "{}"));
    EXPECT_TRUE(matches(R"({"x": {"$lt": 1}})", "{}"));  // null is 0 where numbers are compared
    EXPECT_FALSE(matches(R"({"x": false})", "{}"));
}

TEST(GrowthBook, ComparesANumberWithATextByItsNumber) {
    EXPECT_TRUE(matches(R"({"x": {"$gt": 5}})", R"({"x": "8"})"));
    EXPECT_FALSE(matches(R"({"x": {"$gt": 5}})", R"({"x": "eight"})"));
    EXPECT_FALSE(matches(R"({"x": {"$lte": 5}})", R"({"x": "eight"})"));
}

TEST(GrowthBook, ComparesTwoTextsByTheirLetters) {
    EXPECT_TRUE(matches(R"({"x": {"$gt": "10"}})", R"({"x": "9"})"));
}

TEST(GrowthBook, IsStrictAboutTypesInEqAndLooseInPlainNumbers) {
    EXPECT_FALSE(matches(R"({"x": {"$eq": 1}})", R"({"x": "1"})"));
    EXPECT_TRUE(matches(R"({"x": 1})", R"({"x": "1"})"));
    EXPECT_TRUE(matches(R"({"x": "1"})", R"({"x": 1})"));
}

TEST(GrowthBook, FindsAnElementOfAnArrayByPath) {
    EXPECT_TRUE(matches(R"({"a.1.b": 2})", R"({"a": [{"b": 1}, {"b": 2}]})"));
    EXPECT_FALSE(matches(R"({"a.7.b": 2})", R"({"a": [{"b": 1}]})"));
}

TEST(GrowthBook, ComparesObjectsWithTheirOrderOfKeys) {
    EXPECT_TRUE(matches(R"({"x": {"a": 1, "b": 2}})", R"({"x": {"a": 1, "b": 2}})"));
    EXPECT_FALSE(matches(R"({"x": {"a": 1, "b": 2}})", R"({"x": {"b": 2, "a": 1}})"));
}

TEST(GrowthBook, SkipsEmptyElementsInElemMatch) {
    EXPECT_FALSE(matches(R"({"x": {"$elemMatch": {"$lt": 5}}})", R"({"x": [0, null, ""]})"));
    EXPECT_TRUE(matches(R"({"x": {"$elemMatch": {"$lt": 5}}})", R"({"x": [0, 4]})"));
}

TEST(GrowthBook, FoldsCaseWhereTheOperatorSaysSo) {
    EXPECT_TRUE(matches(R"({"x": {"$ini": ["De"]}})", R"({"x": "dE"})"));
    EXPECT_TRUE(matches(R"({"x": {"$alli": ["A", "b"]}})", R"({"x": ["B", "a"]})"));
    EXPECT_FALSE(matches(R"({"x": {"$in": ["De"]}})", R"({"x": "dE"})"));
}

TEST(GrowthBook, MatchesNothingWithABadPattern) {
    EXPECT_FALSE(matches(R"({"x": {"$regex": "("}})", R"({"x": "("})"));
    EXPECT_FALSE(matches(R"({"x": {"$regex": 5}})", R"({"x": "5"})"));
}

TEST(GrowthBook, SaysNoToAnOperatorItDoesNotKnow) {
    EXPECT_FALSE(matches(R"({"x": {"$near": 1}})", R"({"x": 1})"));
}

TEST(GrowthBook, SortsAReleaseBehindItsPreReleases) {
    EXPECT_TRUE(matches(R"({"v": {"$vgt": "2.0.0-rc.9"}})", R"({"v": "2.0.0"})"));
    EXPECT_TRUE(matches(R"({"v": {"$vlt": "2.10.0"}})", R"({"v": "2.9.0"})"));
    EXPECT_TRUE(matches(R"({"v": {"$vne": "2.10.0"}})", R"({"v": 7})"));
}

TEST(GrowthBook, ComesBackFromAConditionThatNestsWithoutEnd) {
    std::string deep = R"({"x": 1})";
    for (int i = 0; i < 25; ++i) deep = R"({"$not": )" + deep + "}";
    EXPECT_FALSE(matches(deep, R"({"x": 1})"));
    boost::json::value endless = boost::json::parse(R"({"x": 1})");
    for (int i = 0; i < 1'000; ++i) endless = boost::json::object{{"$and", {endless}}};
    EXPECT_FALSE(growthbook_matches(endless, boost::json::parse(R"({"x": 1})")));
}

}  // namespace
}  // namespace aisle::conditions
