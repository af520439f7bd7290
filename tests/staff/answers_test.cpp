#include "agent/staff/answers.hpp"

#include <gtest/gtest.h>

namespace aisle::staff {
namespace {

runtime::HttpRequest request_of(std::string body, std::string type = "application/json") {
    runtime::HttpRequest request;
    request.body = std::move(body);
    if (!type.empty()) request.headers["content-type"] = std::move(type);
    return request;
}

boost::json::object object_of(const char* text) { return boost::json::parse(text).as_object(); }

TEST(BodyOf, ReadsAnObject) {
    const auto body = body_of(request_of(R"({"by":"A3"})", "application/json; charset=utf-8"));
    ASSERT_TRUE(body);
    EXPECT_EQ(text_in(*body, "by"), "A3");
}

// A form of another web site can send text/plain to us without asking, JSON it cannot.
TEST(BodyOf, RefusesWhatDoesNotSayThatItIsJson) {
    EXPECT_FALSE(body_of(request_of("{}", "text/plain")));
    EXPECT_FALSE(body_of(request_of("{}", "")));
}

TEST(BodyOf, RefusesWhatIsNoObject) {
    for (const char* body :
         {"", "[]", "7", "{", "{\"a\":1}x", "{\"a\":\"\xff\"}", R"({"a":[[[[[[1]]]]]]})"})
        EXPECT_FALSE(body_of(request_of(body))) << body;
}

TEST(BodyOf, RefusesALongBody) {
    EXPECT_FALSE(body_of(request_of("{\"a\":\"" + std::string(kBodyBytesMax, 'x') + "\"}")));
}

TEST(BodyOf, TakesWhatACallersOwnLimitsAllow) {
    const std::string deep = R"({"a":[[[[[1]]]]]})";
    const std::string text = "{\"a\":\"" + std::string(kBodyBytesMax, 'x') + "\"}";
    EXPECT_FALSE(body_of(request_of(deep)));
    EXPECT_TRUE(body_of(request_of(deep), {.depth_max = 8}));
    EXPECT_TRUE(body_of(request_of(text), {.bytes_max = 2 * kBodyBytesMax}));
}

TEST(TextIn, IsNothingForWhatIsNoText) {
    EXPECT_FALSE(text_in(object_of(R"({"a":7})"), "a"));
    EXPECT_FALSE(text_in(object_of("{}"), "a"));
}

TEST(ByIn, TakesANameInAnyScript) {
    EXPECT_EQ(by_in(object_of(R"({"by":"小王"})")).value(), "小王");
}

TEST(ByIn, RefusesNobodyLongNamesAndControlCharacters) {
    EXPECT_FALSE(by_in(object_of("{}")));
    EXPECT_FALSE(by_in(object_of(R"({"by":""})")));
    EXPECT_FALSE(by_in(object_of(R"({"by":"a\nb"})")));
    EXPECT_FALSE(by_in(object_of(R"({"by":"123456789012345678901234567890123"})")));
}

TEST(Refuse, IsAProblemWithMembersOfItsOwn) {
    boost::json::object more;
    more["by"] = "A3";
    const auto response = refuse({409, "Conflict", "somebody was first"}, more);
    const auto body = object_of(response.body.c_str());
    EXPECT_EQ(response.status, 409);
    EXPECT_EQ(response.type, "application/problem+json");
    EXPECT_EQ(body.at("status").as_int64(), 409);
    EXPECT_EQ(body.at("by").as_string(), "A3");
}

TEST(JsonAnswer, IsNeverKeptByCaches) {
    EXPECT_EQ(json_answer({}).headers.at("Cache-Control"), "no-store");
}

}  // namespace
}  // namespace aisle::staff
