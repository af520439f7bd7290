#include "sync/wire/topics.hpp"

#include <gtest/gtest.h>

#include "agent/core/transport.hpp"

#include <array>

namespace aisle::wire {
namespace {

const StoreId kStore{"s-0001"};

TEST(Partition, IsFnv1a32Mod32) {
    // Reference values of the published FNV-1a test suite: "" is 811c9dc5, "a" e40c292c, "foobar"
    // bf9cf968.
    EXPECT_EQ(partition_of(StoreId{""}), 0x811c9dc5U % 32);
    EXPECT_EQ(partition_of(StoreId{"a"}), 0xe40c292cU % 32);
    EXPECT_EQ(partition_of(StoreId{"foobar"}), 0xbf9cf968U % 32);
}

TEST(StoreIds, AreShortLowerCaseWordsWithDashes) {
    EXPECT_TRUE(valid_store_id("s-0001"));
    EXPECT_TRUE(valid_store_id(std::string(32, 'a')));
    for (const std::string_view bad :
         {"", "S1", "a.b", "a/b", "+", "#", "a b", "a_b", "\xe5\xba\x97"})
        EXPECT_FALSE(valid_store_id(bad)) << bad;
    EXPECT_FALSE(valid_store_id(std::string(33, 'a')));
}

TEST(Topics, AreWrittenAsTheDesignSays) {
    const std::string root = "aisle/v1/26/s-0001/";
    ASSERT_EQ(partition_of(kStore), 26U);
    EXPECT_EQ(to_text({.store = kStore, .channel = Channel::Up, .stream = Stream::Offers}),
              root + "up/offers");
    EXPECT_EQ(to_text({.store = kStore, .channel = Channel::Ack}), root + "ack");
    EXPECT_EQ(to_text({.store = kStore, .channel = Channel::State}), root + "state");
    EXPECT_EQ(to_text({.store = kStore, .channel = Channel::DownBundle}), root + "down/bundle");
    EXPECT_EQ(to_text({.store = kStore, .channel = Channel::DownData}), root + "down/data");
    EXPECT_EQ(to_text({.store = kStore, .channel = Channel::DownCommand}), root + "down/cmd");
}

TEST(Topics, AreReadBackAsWritten) {
    for (const Stream stream : kUpStreams) {
        const Topic up{.store = kStore, .channel = Channel::Up, .stream = stream};
        EXPECT_EQ(parse_topic(to_text(up)), up);
    }
    for (const auto channel : {Channel::Ack, Channel::State, Channel::DownBundle, Channel::DownData,
                               Channel::DownCommand}) {
        const Topic topic{.store = kStore, .channel = channel};
        EXPECT_EQ(parse_topic(to_text(topic)), topic);
    }
}

TEST(Topics, OfOthersAreNotOurs) {
    constexpr std::array kForeign{"",
                                  "aisle/v1/",
                                  "aisle/v1/26",
                                  "aisle/v1/26/s-0001",
                                  "aisle/v2/16/s-0001/ack",
                                  "aisle/v1/26/s-0001/ack/",
                                  "aisle/v1/26/s-0001/up/local",
                                  "aisle/v1/26/s-0001/up/",
                                  "aisle/v1/26/S/ack",
                                  "aisle/v1/26//ack",
                                  "aisle/v1/+/s-0001/ack",
                                  "aisle/v1/26/s-0001/down/else"};
    for (const auto* text : kForeign) EXPECT_FALSE(parse_topic(text)) << text;
}

TEST(Topics, InAPartitionThatIsNotTheStoresAreRefused) {
    EXPECT_TRUE(parse_topic("aisle/v1/26/s-0001/ack"));
    EXPECT_FALSE(parse_topic("aisle/v1/27/s-0001/ack"));
    EXPECT_FALSE(parse_topic("aisle/v1/026/s-0001/ack"));
}

TEST(Topics, OneFilterCoversAllThatComesDown) {
    EXPECT_EQ(every_down(StoreId{"s-0001"}), "aisle/v1/26/s-0001/down/+");
    for (const auto channel : {Channel::DownBundle, Channel::DownData, Channel::DownCommand})
        EXPECT_TRUE(
            topic_matches(every_down(StoreId{"s-0001"}), to_text({StoreId{"s-0001"}, channel})));
}

TEST(Topics, AnEchoIsNobodysTopic) {
    EXPECT_FALSE(valid_store_id("_echo"));
    EXPECT_FALSE(parse_topic("aisle/v1/26/s-0001/down/_echo"));
    EXPECT_FALSE(parse_topic("aisle/v1/26/_echo/up/_echo"));
}

}  // namespace
}  // namespace aisle::wire
