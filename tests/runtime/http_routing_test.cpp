#include "agent/runtime/http_routing.hpp"

#include <gtest/gtest.h>

namespace aisle::runtime {
namespace {

using Wild = std::map<std::string, std::string>;

TEST(HttpTarget, IsDecoded) {
    const auto target = parse_target("/a%20b/%E4%BB%B7?x=1%262&y=a+b&z");
    ASSERT_TRUE(target);
    EXPECT_EQ(target->path, "/a b/价");
    EXPECT_EQ(target->query, (Wild{{"x", "1&2"}, {"y", "a b"}, {"z", ""}}));
}

TEST(HttpTarget, KeepsThePlusOfAPath) { EXPECT_EQ(parse_target("/a+b")->path, "/a+b"); }

TEST(HttpTarget, TakesTheFirstOfARepeatedName) {
    EXPECT_EQ(parse_target("/?a=1&a=2")->query, (Wild{{"a", "1"}}));
}

TEST(HttpTarget, EndsAtAFragment) { EXPECT_EQ(parse_target("/a#b?c")->path, "/a"); }

TEST(HttpTarget, MustBeAPath) {
    for (const char* const bad : {"", "*", "a", "http://localhost/", "localhost:80"}) {
        EXPECT_FALSE(parse_target(bad)) << bad;
    }
}

TEST(HttpTarget, MayNotHoldBrokenEscapesOrControls) {
    for (const char* const bad :
         {"/%", "/%4", "/%zz", "/%00", "/a b", "/\x01", "/\x7f", "/?%zz=1", "/?a=%"}) {
        EXPECT_FALSE(parse_target(bad)) << bad;
    }
}

TEST(HttpTarget, HasABound) {
    EXPECT_TRUE(parse_target("/" + std::string(kTargetBytesMax - 1, 'x')));
    EXPECT_FALSE(parse_target("/" + std::string(kTargetBytesMax, 'x')));
    std::string many = "/?";
    for (std::size_t i = 0; i <= kQueryFieldsMax; ++i) many += std::to_string(i) + "=1&";
    EXPECT_FALSE(parse_target(many));
}

TEST(RoutePattern, MatchesItselfOnly) {
    const RoutePattern pattern{"/api/v1/status"};
    EXPECT_EQ(pattern.match("/api/v1/status"), Wild{});
    for (const char* const other :
         {"/api/v1", "/api/v1/status/", "/api/v1/statuses", "api/v1/status", "", "/"}) {
        EXPECT_FALSE(pattern.match(other)) << other;
    }
}

TEST(RoutePattern, MatchesTheRootAlone) {
    EXPECT_TRUE(RoutePattern{"/"}.match("/"));
    EXPECT_FALSE(RoutePattern{"/"}.match("/x"));
}

TEST(RoutePattern, TellsWhatItsWildPartsMatched) {
    const RoutePattern pattern{"/stores/{store}/offers/o-{id}:accept"};
    EXPECT_EQ(pattern.match("/stores/s-1/offers/o-42:accept"),
              (Wild{{"store", "s-1"}, {"id", "42"}}));
}

TEST(RoutePattern, GivesNoWildPartNothing) {
    const RoutePattern pattern{"/offers/{id}:accept"};
    EXPECT_FALSE(pattern.match("/offers/:accept"));
    EXPECT_FALSE(pattern.match("/offers/accept"));
    EXPECT_FALSE(pattern.match("/offers/a/b:accept"));
}

TEST(RouteTable, FindsByMethod) {
    RouteTable table;
    table.add({"GET", "/a", 0});
    table.add({"POST", "/a", 1});
    EXPECT_EQ(table.find("GET", "/a").index, 0U);
    EXPECT_EQ(table.find("POST", "/a").index, 1U);
}

TEST(RouteTable, FindsGetForHead) {
    RouteTable table;
    table.add({"GET", "/a", 3});
    EXPECT_EQ(table.find("HEAD", "/a").index, 3U);
}

TEST(RouteTable, NamesTheMethodsThatThereAre) {
    RouteTable table;
    table.add({"GET", "/a", 0});
    table.add({"POST", "/a", 1});
    const auto found = table.find("DELETE", "/a");
    EXPECT_FALSE(found.index);
    EXPECT_EQ(found.allow, "GET, HEAD, POST");
    EXPECT_EQ(table.find("GET", "/b").allow, "");
}

TEST(RouteTable, PrefersThePatternWithFewerWildParts) {
    RouteTable table;
    table.add({"GET", "/{any}", 0});
    table.add({"GET", "/status", 1});
    EXPECT_EQ(table.find("GET", "/status").index, 1U);
    EXPECT_EQ(table.find("GET", "/other").index, 0U);
}

TEST(RouteTable, TellsTwoActionsOfOneThingApart) {
    RouteTable table;
    table.add({"POST", "/offers/{id}:accept", 0});
    table.add({"POST", "/offers/{id}:decline", 1});
    EXPECT_EQ(table.find("POST", "/offers/7:decline").index, 1U);
    EXPECT_EQ(table.find("POST", "/offers/7:decline").wild, (Wild{{"id", "7"}}));
}

}  // namespace
}  // namespace aisle::runtime
