// Topic filters against a second, slower reading of MQTT 3.1.1, 4.7: recursion over the levels.
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "agent/core/transport.hpp"

namespace aisle {
namespace {

std::vector<std::string> levels_of(const std::string& text) {
    std::vector<std::string> levels{""};
    for (const char c : text) {
        if (c == '/') levels.emplace_back();
        if (c != '/') levels.back() += c;
    }
    return levels;
}

struct Rest {
    std::vector<std::string> filter;
    std::vector<std::string> topic;
};

bool fits(const Rest& rest) {
    if (rest.filter.size() == 1 && rest.filter[0] == "#") return true;
    if (rest.filter.empty()) return rest.topic.empty();
    if (rest.topic.empty()) return false;
    if (rest.filter[0] != "+" && rest.filter[0] != rest.topic[0]) return false;
    return fits(
        {{rest.filter.begin() + 1, rest.filter.end()}, {rest.topic.begin() + 1, rest.topic.end()}});
}

// One to four levels out of a few short ones.
std::string some_path(std::mt19937_64& random, const std::vector<std::string>& words) {
    std::string path;
    const auto levels = 1 + random() % 4;
    for (std::uint64_t i = 0; i < levels; ++i) {
        path += (i > 0 ? "/" : "") + words[random() % words.size()];
    }
    return path;
}

TEST(TopicFilter, AgreesWithTheSlowReadingOnRandomPaths) {
    std::mt19937_64 random{20261121};
    int matched = 0;
    for (int i = 0; i < 50'000; ++i) {
        std::string filter = some_path(random, {"a", "b", "+", "aa"});
        if (random() % 3 == 0) filter += "/#";
        const std::string topic = some_path(random, {"a", "b", "aa", ""});
        if (topic.empty()) continue;
        const bool expected = fits({levels_of(filter), levels_of(topic)});
        ASSERT_EQ(topic_matches(filter, topic), expected) << filter << " for " << topic;
        matched += expected ? 1 : 0;
    }
    EXPECT_GT(matched, 1'000);
}

TEST(TopicFilter, CountsEmptyLevels) {
    EXPECT_TRUE(topic_matches("a//b", "a//b"));
    EXPECT_TRUE(topic_matches("a/+/b", "a//b"));
    EXPECT_FALSE(topic_matches("a/b", "a//b"));
    EXPECT_FALSE(topic_matches("/a", "a"));
    EXPECT_TRUE(topic_matches("/#", "/a"));
    EXPECT_FALSE(topic_matches("/#", "a"));
}

TEST(TopicFilter, TakesAPlusOnlyAsAWholeLevel) {
    EXPECT_FALSE(topic_matches("a+", "ab"));
    EXPECT_TRUE(topic_matches("a+", "a+"));
    EXPECT_FALSE(topic_matches("gw-+/x", "gw-1/x"));
}

TEST(TopicFilter, IsCaseSensitive) { EXPECT_FALSE(topic_matches("Home/#", "home/a")); }

TEST(TopicFilter, KeepsABrokersOwnTopicsFromAHashBelow) {
    EXPECT_TRUE(topic_matches("$SYS/+/load", "$SYS/broker/load"));
    EXPECT_TRUE(topic_matches("a/#", "a/$SYS"));
    EXPECT_FALSE(topic_matches("+/#", "$SYS/uptime"));
}

TEST(TopicFilter, MatchesTheRootAndTheParentOfAHash) {
    EXPECT_TRUE(topic_matches("#", "a"));
    EXPECT_TRUE(topic_matches("a/b/#", "a/b"));
    EXPECT_FALSE(topic_matches("a/b/#", "a"));
    EXPECT_TRUE(topic_matches("+/#", "a"));
}

}  // namespace
}  // namespace aisle
