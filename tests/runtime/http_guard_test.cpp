#include "agent/runtime/http_guard.hpp"

#include <gtest/gtest.h>

namespace aisle::runtime {
namespace {

const std::vector<std::string> kNames{"localhost", "127.0.0.1", "[::1]", "shop.local"};

bool host_passes(std::string_view host) {
    return check_host({.host = host, .hosts = 1}, kNames).has_value();
}

bool origin_passes(std::string_view origin, std::string_view method = "POST",
                   bool upgrade = false) {
    return check_origin({.method = method,
                         .host = "localhost:8480",
                         .origin = origin,
                         .has_origin = true,
                         .upgrade = upgrade})
        .has_value();
}

TEST(HttpFraming, AllowsOneLength) {
    EXPECT_TRUE(check_framing({.content_lengths = 1, .has_body = true}));
    EXPECT_TRUE(check_framing({}));
}

TEST(HttpFraming, RefusesWhatIsAmbiguous) {
    EXPECT_FALSE(check_framing({.transfer_encodings = 1}));
    EXPECT_FALSE(check_framing({.content_lengths = 1, .transfer_encodings = 1}));
    EXPECT_FALSE(check_framing({.content_lengths = 2, .has_body = true}));
    EXPECT_FALSE(check_framing({.version = 10, .content_lengths = 1, .has_body = true}));
    EXPECT_FALSE(check_framing({.content_lengths = 1, .has_body = true, .upgrade = true}));
}

TEST(HttpHost, IsOneOfOursWithAnyPort) {
    for (const char* const ours :
         {"localhost", "LOCALHOST:1", "127.0.0.1:8480", "[::1]", "[::1]:8480", "shop.local"}) {
        EXPECT_TRUE(host_passes(ours)) << ours;
    }
}

TEST(HttpHost, IsNobodyElses) {
    for (const char* const other :
         {"", "evil.example", "localhost.evil.example", "localhost:8480@evil.example",
          "localhost:port", "localhost:123456", "[::1", "[::1]x", "a b", "::1", "/localhost"}) {
        EXPECT_FALSE(host_passes(other)) << other;
    }
}

TEST(HttpHost, IsNeededOnce) {
    EXPECT_FALSE(check_host({.hosts = 0}, kNames));
    EXPECT_FALSE(check_host({.host = "localhost", .hosts = 2}, kNames));
}

TEST(HttpOrigin, MayBeAbsent) {
    EXPECT_TRUE(check_origin({.method = "POST", .host = "localhost"}));
    EXPECT_TRUE(check_origin({.method = "GET", .host = "localhost", .upgrade = true}));
}

TEST(HttpOrigin, IsTheHostThatWasAskedWithItsPort) {
    EXPECT_TRUE(origin_passes("http://localhost:8480"));
    EXPECT_TRUE(origin_passes("https://LocalHost:8480"));
    for (const char* const foreign :
         {"null", "", "http://localhost", "http://localhost:3000", "http://evil.example:8480",
          "ftp://localhost:8480", "http://localhost:8480/", "http://"}) {
        EXPECT_FALSE(origin_passes(foreign)) << foreign;
    }
}

TEST(HttpOrigin, ImpliesThePortOfItsScheme) {
    EXPECT_TRUE(check_origin({.method = "POST",
                              .host = "shop.local",
                              .origin = "http://shop.local:80",
                              .has_origin = true}));
    EXPECT_TRUE(check_origin({.method = "POST",
                              .host = "shop.local:443",
                              .origin = "https://shop.local",
                              .has_origin = true}));
    EXPECT_FALSE(check_origin({.method = "POST",
                               .host = "shop.local:443",
                               .origin = "http://shop.local",
                               .has_origin = true}));
}

TEST(HttpOrigin, DoesNotMatterWhereNothingIsChanged) {
    EXPECT_TRUE(origin_passes("http://evil.example", "GET"));
    EXPECT_FALSE(origin_passes("http://evil.example", "DELETE"));
    EXPECT_FALSE(origin_passes("http://evil.example", "GET", true));
}

}  // namespace
}  // namespace aisle::runtime
