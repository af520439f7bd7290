#include "agent/conditions/script_values.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include <boost/json.hpp>

// JavaScript's coercions, as the console of any browser shows them.
namespace aisle::conditions::script {
namespace {

boost::json::value js(std::string_view text) { return boost::json::parse(text); }

TEST(Truthy, IsWhatJavaScriptTakesForTrue) {
    for (const char* falsy : {"null", "false", "0", "-0.0", "\"\""})
        EXPECT_FALSE(truthy(js(falsy))) << falsy;
    for (const char* yes : {"true", "1", "-1", "0.1", "\"0\"", "\"false\"", "[]", "{}"})
        EXPECT_TRUE(truthy(js(yes))) << yes;
}

TEST(ToText, IsWhatStringGives) {
    const std::vector<std::pair<const char*, const char*>> cases{{"null", "null"},
                                                                 {"true", "true"},
                                                                 {"5", "5"},
                                                                 {"2.5", "2.5"},
                                                                 {"1.0", "1"},
                                                                 {"100000", "100000"},
                                                                 {"-0.0", "0"},
                                                                 {"1e20", "100000000000000000000"},
                                                                 {"1e21", "1e+21"},
                                                                 {"0.000001", "0.000001"},
                                                                 {"1.5e-7", "1.5e-7"},
                                                                 {"[1,2]", "1,2"},
                                                                 {"[]", ""},
                                                                 {"[null,1]", ",1"},
                                                                 {"[[1,2],3]", "1,2,3"},
                                                                 {"{\"a\":1}", "[object Object]"},
                                                                 {"\"x\"", "x"}};
    for (const auto& [value, wanted] : cases) EXPECT_EQ(to_text(js(value)), wanted) << value;
}

TEST(ToNumber, IsWhatNumberGives) {
    const std::vector<std::pair<const char*, double>> cases{
        {"null", 0},     {"true", 1},        {"false", 0},       {"\"\"", 0},
        {"\"  8 \"", 8}, {"\"+3\"", 3},      {"\"-2.5\"", -2.5}, {"[]", 0},
        {"[7]", 7},      {"\"1e3\"", 1'000}, {"\"0x1f\"", 31},   {"\"Infinity\"", INFINITY}};
    for (const auto& [value, wanted] : cases) EXPECT_EQ(to_number(js(value)), wanted) << value;
    for (const char* nan :
         {"\"inf\"", "\"nan\"", "\"+-3\"", "\"0x\"", "\"eight\"", "\"8x\"", "{}", "[1,2]"})
        EXPECT_TRUE(std::isnan(to_number(js(nan)))) << nan;
}

TEST(TypeOf, TellsNullAndListsApart) {
    EXPECT_EQ(type_of(js("null")), "null");
    EXPECT_EQ(type_of(js("[]")), "array");
    EXPECT_EQ(type_of(js("{}")), "object");
    EXPECT_EQ(type_of(js("1.5")), "number");
    EXPECT_EQ(type_of(js("\"\"")), "string");
    EXPECT_EQ(type_of(js("false")), "boolean");
}

TEST(StrictlyEqual, NeverCoercesAndNeverEqualsTwoObjects) {
    EXPECT_TRUE(strictly_equal(js("1"), js("1.0"), Case::Exact));
    EXPECT_FALSE(strictly_equal(js("1"), js("\"1\""), Case::Exact));
    EXPECT_FALSE(strictly_equal(js("null"), js("false"), Case::Exact));
    EXPECT_FALSE(strictly_equal(js("[1]"), js("[1]"), Case::Exact));
    EXPECT_FALSE(strictly_equal(js("{}"), js("{}"), Case::Exact));
    EXPECT_TRUE(strictly_equal(js("null"), js("null"), Case::Exact));
}

TEST(StrictlyEqual, FoldsOnlyTheCaseOfTexts) {
    EXPECT_TRUE(strictly_equal(js("\"De\""), js("\"dE\""), Case::Fold));
    EXPECT_FALSE(strictly_equal(js("\"De\""), js("\"dE\""), Case::Exact));
    EXPECT_FALSE(strictly_equal(js("\"1\""), js("1"), Case::Fold));
}

TEST(Compare, TakesTextsByLettersAndTheRestByNumber) {
    EXPECT_TRUE(compare(js("\"10\""), js("\"9\"")) < 0);
    EXPECT_TRUE(compare(js("\"10\""), js("9")) > 0);
    EXPECT_TRUE(compare(js("null"), js("0")) == 0);
    EXPECT_TRUE(compare(js("true"), js("1")) == 0);
    EXPECT_TRUE(compare(js("\"x\""), js("1")) == std::partial_ordering::unordered);
}

TEST(SameJson, LooksAtContentOrderAndKind) {
    EXPECT_TRUE(same_json(js(R"({"a": [1, 2.0]})"), js(R"({"a": [1.0, 2]})")));
    EXPECT_FALSE(same_json(js("[1, 2]"), js("[2, 1]")));
    EXPECT_FALSE(same_json(js(R"({"a": 1})"), js(R"({"b": 1})")));
    EXPECT_FALSE(same_json(js("[]"), js("{}")));
    EXPECT_FALSE(same_json(js("[1]"), js("[1, 1]")));
}

TEST(AtPath, WalksObjectsAndLists) {
    const auto from = js(R"({"a": {"b": [10, {"c": 7}]}, "a.b": 1})");
    EXPECT_EQ(at_path(from, "a.b.0"), js("10"));
    EXPECT_EQ(at_path(from, "a.b.1.c"), js("7"));
    for (const char* nowhere : {"x", "a.x", "a.b.2", "a.b.-1", "a.b.x", "a.b.0.c", "", "a.", ".a",
                                "a.b.99999999999999999999999"})
        EXPECT_TRUE(at_path(from, nowhere).is_null()) << nowhere;
}

TEST(PaddedVersion, SortsAsVersionsDo) {
    const std::vector<const char*> ascending{"\"0.9\"",    "\"1.0.0-alpha\"", "\"1.0.0-beta\"",
                                             "\"1.0.0\"",  "\"1.0.1\"",       "\"1.2.0\"",
                                             "\"1.10.0\"", "\"v2.0.0\"",      "\"10.0.0\""};
    for (std::size_t i = 1; i < ascending.size(); ++i)
        EXPECT_LT(padded_version(js(ascending[i - 1])), padded_version(js(ascending[i])))
            << ascending[i];
}

TEST(PaddedVersion, LeavesBuildsAndALeadingVOut) {
    EXPECT_EQ(padded_version(js("\"v1.2.3+build.7\"")), padded_version(js("\"1.2.3\"")));
    EXPECT_EQ(padded_version(js("null")), padded_version(js("\"0\"")));
    EXPECT_EQ(padded_version(js("[1]")), padded_version(js("\"0\"")));
}

TEST(Lower, FoldsAsciiAndLeavesTheRest) { EXPECT_EQ(lower("ABZ az 09 Ä茶"), "abz az 09 Ä茶"); }

}  // namespace
}  // namespace aisle::conditions::script
