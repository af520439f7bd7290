#include "agent/core/transport.hpp"

#include <gtest/gtest.h>

namespace aisle {
namespace {

TEST(TopicFilter, MatchesLevelByLevel) {
    EXPECT_TRUE(topic_matches("home/gw/BTtoMQTT", "home/gw/BTtoMQTT"));
    EXPECT_TRUE(topic_matches("home/+/BTtoMQTT/+", "home/gw/BTtoMQTT/AABB"));
    EXPECT_TRUE(topic_matches("+/+", "/a"));
    EXPECT_FALSE(topic_matches("home/+", "home"));
    EXPECT_FALSE(topic_matches("home/+", "home/a/b"));
    EXPECT_FALSE(topic_matches("home/gw", "home/gw2"));
    EXPECT_FALSE(topic_matches("home", "home/"));
}

TEST(TopicFilter, LetsAHashStandForAnyNumberOfLevelsAndTheParent) {
    EXPECT_TRUE(topic_matches("#", "a/b/c"));
    EXPECT_TRUE(topic_matches("a/#", "a/b/c"));
    EXPECT_TRUE(topic_matches("a/#", "a"));
    EXPECT_FALSE(topic_matches("a/#", "b"));
    EXPECT_FALSE(topic_matches("a/#/c", "a/b/c"));
}

TEST(TopicFilter, KeepsTheBrokersOwnTopicsFromWildcards) {
    EXPECT_FALSE(topic_matches("#", "$SYS/uptime"));
    EXPECT_FALSE(topic_matches("+/uptime", "$SYS/uptime"));
    EXPECT_TRUE(topic_matches("$SYS/#", "$SYS/uptime"));
}

TEST(TopicFilter, MatchesNothingWhenEmpty) {
    EXPECT_FALSE(topic_matches("", "a"));
    EXPECT_FALSE(topic_matches("a", ""));
}

}  // namespace
}  // namespace aisle
