#include <gtest/gtest.h>

#include "agent/runtime/http.hpp"

namespace aisle::runtime {
namespace {

TEST(HttpProblem, IsWhatRfc9457Says) {
    const HttpResponse response = problem(409, "Conflict", "taken");
    EXPECT_EQ(response.status, 409);
    EXPECT_EQ(response.type, "application/problem+json");
    EXPECT_EQ(response.body,
              R"({"type":"about:blank","title":"Conflict","status":409,"detail":"taken"})");
}

TEST(HttpProblem, EscapesItsDetail) {
    const std::string body = problem(400, "Bad", "a \"b\" \\ \n").body;
    EXPECT_NE(body.find(R"("a \"b\" \\ \u000a")"), std::string::npos) << body;
}

TEST(HttpProblem, PicksTheStatusByTheFault) {
    EXPECT_EQ(problem(malformed("x")).status, 400);
    EXPECT_EQ(problem(denied("x")).status, 403);
    EXPECT_EQ(problem(unavailable("x")).status, 503);
    EXPECT_EQ(problem(full("x")).status, 503);
}

TEST(HttpProblem, SaysWhenToComeBack) {
    EXPECT_EQ(problem(full("x")).headers.at("Retry-After"), "1");
    EXPECT_FALSE(problem(malformed("x")).headers.contains("Retry-After"));
}

}  // namespace
}  // namespace aisle::runtime
