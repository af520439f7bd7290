#include "sync/mqtt/transport.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <vector>

#include "peers.hpp"

namespace aisle::mqtt {
namespace {

TEST(Transport, BringsAMessageFromOneToTheOther) {
    NEEDS_A_BROKER();
    kit::Mosquitto broker;
    ASSERT_TRUE(broker.start());
    Machine machine;
    Peer one{machine, "one", broker.port()};
    Peer other{machine, "other", broker.port()};
    other.transport->subscribe("aisle/+/x");
    ASSERT_TRUE(connect(machine, one) && connect(machine, other));

    std::optional<Status> answer;
    const auto sent =
        one.transport->publish({.topic = "aisle/a/x", .payload = std::string{"h\0i", 3}},
                               [&](const Status& status) { answer = status; });
    ASSERT_TRUE(sent);
    EXPECT_TRUE(kit::run_until(machine.loop, [&] { return answer && !other.heard.empty(); }));
    EXPECT_TRUE(answer->has_value());
    EXPECT_EQ(other.heard.front().topic, "aisle/a/x");
    EXPECT_EQ(other.heard.front().payload, (std::string{"h\0i", 3}));
}

TEST(Transport, RefusesWhatGoesBeyondItsWindow) {
    NEEDS_A_BROKER();
    kit::Mosquitto broker;
    ASSERT_TRUE(broker.start());
    Machine machine;
    Peer peer{machine, "peer", broker.port()};
    ASSERT_TRUE(connect(machine, peer));
    // mosquitto's Receive Maximum is 20, ours must stay below it and at most 16.
    EXPECT_EQ(peer.transport->link().in_flight_max, kWindowMax);

    std::size_t answered = 0;
    for (std::size_t i = 0; i < kWindowMax; ++i)
        ASSERT_TRUE(peer.transport->publish({.topic = "a"}, [&](const Status&) { ++answered; }));
    const auto beyond = peer.transport->publish({.topic = "a"}, [](const Status&) {});
    ASSERT_FALSE(beyond);
    EXPECT_EQ(beyond.error().fault, Fault::Full);
    EXPECT_TRUE(kit::run_until(machine.loop, [&] { return answered == kWindowMax; }));
    EXPECT_TRUE(peer.transport->publish({.topic = "a"}, [](const Status&) {}));
}

TEST(Transport, StaysBelowASmallReceiveMaximum) {
    NEEDS_A_BROKER();
    kit::Mosquitto broker{"max_inflight_messages 5\nmax_packet_size 70000"};
    ASSERT_TRUE(broker.start());
    Machine machine;
    Peer peer{machine, "peer", broker.port()};
    ASSERT_TRUE(connect(machine, peer));
    EXPECT_EQ(peer.transport->link().in_flight_max, 4U);
    EXPECT_EQ(peer.transport->link().packet_bytes_max, 70'000U);
}

TEST(Transport, IsUnavailableBeforeItIsConnected) {
    Machine machine;
    Peer peer{machine, "peer", 1};
    const auto sent = peer.transport->publish({.topic = "a"}, [](const Status&) {});
    ASSERT_FALSE(sent);
    EXPECT_EQ(sent.error().fault, Fault::Unavailable);
}

TEST(Transport, KeepsTryingWhereNobodyListens) {
    kit::Mosquitto never_started;
    Machine machine;
    Peer peer{machine, "peer", never_started.port()};
    peer.transport->start();
    EXPECT_TRUE(kit::run_until(machine.loop, [&] {
        return machine.counted("aisle_mqtt_connect_failures_total", "peer") >= 3;
    }));
    EXPECT_FALSE(peer.transport->link().reason.empty());
    EXPECT_TRUE(peer.links.empty());  // it never was up, so it never went down
}

TEST(Transport, FindsItsWayBackAfterTheBrokerWasKilled) {
    NEEDS_A_BROKER();
    kit::Mosquitto broker;
    ASSERT_TRUE(broker.start());
    Machine machine;
    Peer peer{machine, "peer", broker.port()};
    peer.transport->subscribe("self");
    ASSERT_TRUE(connect(machine, peer));
    for (int round = 1; round <= 3; ++round) {
        broker.kill();
        ASSERT_TRUE(kit::run_until(machine.loop, [&] { return !peer.up(); }));
        ASSERT_TRUE(broker.start());
        ASSERT_TRUE(kit::run_until(machine.loop, [&] { return peer.up(); }));
        // The subscription is there again: the broker kept nothing.
        const std::string word = "round " + std::to_string(round);
        ASSERT_TRUE(
            peer.transport->publish({.topic = "self", .payload = word}, [](const Status&) {}));
        ASSERT_TRUE(kit::run_until(machine.loop, [&] { return peer.has_heard(word); }));
    }
    EXPECT_EQ(peer.links.size(), 7U);
}

TEST(Transport, AnswersWhatWasOutstandingWhenTheLinkIsLost) {
    NEEDS_A_BROKER();
    kit::Mosquitto broker;
    ASSERT_TRUE(broker.start());
    Machine machine;
    Peer peer{machine, "peer", broker.port()};
    ASSERT_TRUE(connect(machine, peer));
    broker.freeze();
    std::vector<Status> answers;
    for (int i = 0; i < 5; ++i)
        ASSERT_TRUE(peer.transport->publish(
            {.topic = "a"}, [&](const Status& status) { answers.push_back(status); }));
    broker.kill();
    EXPECT_TRUE(kit::run_until(machine.loop, [&] { return !peer.up() && answers.size() == 5; }));
    for (const auto& answer : answers) EXPECT_EQ(answer.error().fault, Fault::Unavailable);
}

TEST(Transport, LeavesItsWillWhenItVanishes) {
    NEEDS_A_BROKER();
    kit::Mosquitto broker;
    ASSERT_TRUE(broker.start());
    Machine machine;
    Peer watcher{machine, "watcher", broker.port()};
    watcher.transport->subscribe("state");
    ASSERT_TRUE(connect(machine, watcher));
    {
        Peer mortal{machine, "mortal", broker.port()};
        mortal.transport->set_will({.topic = "state", .payload = "death", .retained = true});
        ASSERT_TRUE(connect(machine, mortal));
    }
    EXPECT_TRUE(kit::run_until(machine.loop, [&] { return watcher.has_heard("death"); }));
}

TEST(Transport, StopsCleanlyAndLeavesNoWill) {
    NEEDS_A_BROKER();
    kit::Mosquitto broker;
    ASSERT_TRUE(broker.start());
    Machine machine;
    Peer watcher{machine, "watcher", broker.port()};
    watcher.transport->subscribe("+");
    ASSERT_TRUE(connect(machine, watcher));
    Peer leaving{machine, "leaving", broker.port()};
    leaving.transport->set_will({.topic = "will", .payload = "death"});
    ASSERT_TRUE(connect(machine, leaving));
    // What was handed over just before still arrives.
    ASSERT_TRUE(
        leaving.transport->publish({.topic = "last", .payload = "words"}, [](const Status&) {}));
    bool stopped = false;
    const auto links_before = leaving.links.size();
    leaving.transport->stop([&] { stopped = true; });
    EXPECT_TRUE(
        kit::run_until(machine.loop, [&] { return stopped && watcher.has_heard("words"); }));
    EXPECT_FALSE(watcher.has_heard("death"));
    EXPECT_EQ(leaving.links.size(), links_before);
}

TEST(Transport, StopsWithinItsTimeWhereNobodyListens) {
    kit::Mosquitto never_started;
    Machine machine;
    Peer peer{machine, "peer", never_started.port()};
    peer.transport->start();
    bool stopped = false;
    peer.transport->stop([&] { stopped = true; });
    EXPECT_TRUE(kit::run_until(
        machine.loop, [&] { return stopped; }, seconds{2}));
}

TEST(Transport, TakesARetainedMessageAsSuch) {
    NEEDS_A_BROKER();
    kit::Mosquitto broker;
    ASSERT_TRUE(broker.start());
    Machine machine;
    Peer early{machine, "early", broker.port()};
    ASSERT_TRUE(connect(machine, early));
    bool kept = false;
    ASSERT_TRUE(early.transport->publish({.topic = "state", .payload = "birth", .retained = true},
                                         [&](const Status&) { kept = true; }));
    ASSERT_TRUE(kit::run_until(machine.loop, [&] { return kept; }));
    Peer late{machine, "late", broker.port()};
    late.transport->subscribe("state");
    ASSERT_TRUE(connect(machine, late));
    ASSERT_TRUE(kit::run_until(machine.loop, [&] { return late.has_heard("birth"); }));
    EXPECT_TRUE(late.heard.front().retained);
}

}  // namespace
}  // namespace aisle::mqtt
