#include "old_broker.hpp"

#include <gtest/gtest.h>

#include <optional>

#include "peers.hpp"

namespace aisle::mqtt {
namespace {

class Version5 : public testing::TestWithParam<OldBroker::ToVersion5> {};

TEST_P(Version5, IsLeftForTheVersionThatTheBrokerSpeaks) {
    OldBroker broker{{.to_version5 = GetParam()}};
    Machine machine;
    Peer peer{machine, "peer", broker.port()};
    peer.transport->subscribe("a");
    ASSERT_TRUE(connect(machine, peer));
    EXPECT_EQ(broker.levels().front(), 5);
    EXPECT_EQ(broker.levels().back(), 4);
    std::optional<Status> answer;
    ASSERT_TRUE(peer.transport->publish({.topic = "a", .payload = "hi"},
                                        [&](const Status& status) { answer = status; }));
    ASSERT_TRUE(kit::run_until(machine.loop, [&] { return answer.has_value(); }));
    EXPECT_TRUE(answer->has_value());
}

INSTANTIATE_TEST_SUITE_P(Refused, Version5,
                         testing::Values(OldBroker::ToVersion5::HangUp,
                                         OldBroker::ToVersion5::SayNo));

TEST(OldBrokers, NameNoLimitsSoTheProtocolsHold) {
    OldBroker broker{{}};
    Machine machine;
    Peer peer{machine, "peer", broker.port()};
    ASSERT_TRUE(connect(machine, peer));
    EXPECT_EQ(peer.transport->link().packet_bytes_max, 0x0FFF'FFFFU);
    EXPECT_EQ(peer.transport->link().in_flight_max, kWindowMax);
}

TEST(OldBrokers, ThatAnswerNothingAreGivenUpInTime) {
    OldBroker broker{{.to_version5 = OldBroker::ToVersion5::SayNothing}};
    Machine machine;
    Peer peer{machine,
              {.name = "peer",
               .port = broker.port(),
               .client_id = "peer",
               .connect_max = milliseconds{100},
               .first_wait = milliseconds{10},
               .last_wait = milliseconds{20}}};
    peer.transport->start();
    EXPECT_TRUE(kit::run_until(machine.loop, [&] {
        return machine.counted("aisle_mqtt_connect_failures_total", "peer") >= 1;
    }));
    EXPECT_FALSE(peer.up());
    EXPECT_FALSE(peer.transport->link().reason.empty());
}

// Half a link would be worse than none: what is not subscribed to never comes.
TEST(OldBrokers, ThatRefuseASubscriptionAreNotALink) {
    OldBroker broker{{.subscription = 0x80}};
    Machine machine;
    Peer peer{machine, "peer", broker.port()};
    peer.transport->subscribe("forbidden");
    peer.transport->start();
    ASSERT_TRUE(kit::run_until(machine.loop, [&] {
        return peer.transport->link().reason.find("subscription") != std::string::npos;
    }));
    EXPECT_FALSE(peer.up());
    EXPECT_TRUE(peer.links.empty());
    // The one with version 5, and this one.
    EXPECT_GE(machine.counted("aisle_mqtt_connect_failures_total", "peer"), 2);
}

}  // namespace
}  // namespace aisle::mqtt
