#include "drivers/counter/json_value.hpp"

#include <gtest/gtest.h>

#include <string>

namespace aisle::counter {
namespace {

boost::json::value json(std::string_view text) {
    return boost::json::parse(boost::json::string_view{text.data(), text.size()});
}

TEST(JsonPointer, LeadsIntoObjectsAndLists) {
    const auto value = json(R"({"a":[{"b/c":5}]})");
    ASSERT_NE(at_pointer(value, "/a/0/b~1c"), nullptr);
    EXPECT_EQ(integer_of(*at_pointer(value, "/a/0/b~1c")), 5);
}

TEST(JsonPointer, LeadsNowhereWithoutAFault) {
    const auto value = json(R"({"a":[1]})");
    for (const char* pointer : {"", "a", "/b", "/a/1", "/a/-", "/a/x", "/a/0/0", "/~2", "//"}) {
        EXPECT_EQ(at_pointer(value, pointer), nullptr) << pointer;
    }
}

TEST(JsonIntegers, ComeInManyForms) {
    for (const char* text : {"3", "3.0", "\"3\"", "\"3.0\"", "3e0", "\"3e0\""}) {
        EXPECT_EQ(integer_of(json(text)), 3) << text;
    }
}

TEST(JsonIntegers, AreNothingElse) {
    for (const char* text :
         {"3.5", "\"\"", "\"3 \"", "\"three\"", "true", "null", "[3]", "{}", "1e300", "\"inf\"",
          "\"nan\"", "\"0x10\"", "\"3333333333333333333333333333\""}) {
        EXPECT_FALSE(integer_of(json(text))) << text;
    }
}

TEST(JsonTexts, AreWhatIsWritten) {
    EXPECT_EQ(text_of(json("\"Line 0\"")), "Line 0");
    EXPECT_EQ(text_of(json("7")), "7");
    EXPECT_EQ(text_of(json("true")), "true");
    EXPECT_FALSE(text_of(json("null")));
    EXPECT_FALSE(text_of(json("[]")));
}

TEST(JsonTimes, AreToldApartByMagnitude) {
    const WallTime expected{seconds{1'645'792'860}};
    EXPECT_EQ(time_of(json("1645792860")), expected);
    EXPECT_EQ(time_of(json("1645792860000")), expected);
    EXPECT_EQ(time_of(json("\"1645792860000\"")), expected);
    EXPECT_EQ(time_of(json("1645792860.25")), expected + milliseconds{250});
    EXPECT_EQ(time_of(json("\"2022-02-25T12:41:00Z\"")), expected);
}

TEST(JsonTimes, AreOfOurCentury) {
    for (const char* text : {"0", "-5", "946684799", "4102444800", "20170503112756", "1e20", "\"\"",
                             "\"noon\"", "\"1999-12-31T23:59:59Z\"", "null", "true"}) {
        EXPECT_FALSE(time_of(json(text))) << text;
    }
    EXPECT_TRUE(time_of(json("946684800")));
}

}  // namespace
}  // namespace aisle::counter
