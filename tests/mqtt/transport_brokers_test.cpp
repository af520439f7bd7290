#include <gtest/gtest.h>

#include <fstream>

#include "peers.hpp"
#include "tests/kit/tcp_proxy.hpp"

// Several brokers, brokers that refuse, brokers that nobody listens at.
namespace aisle::mqtt {
namespace {

TransportSettings quick(const std::string& name, std::vector<Endpoint> endpoints) {
    return {.name = name,
            .client_id = name,
            .first_wait = milliseconds{20},
            .last_wait = milliseconds{100},
            .endpoints = std::move(endpoints)};
}

TEST(TransportBrokers, GoesToTheNextWhenOneIsKilled) {
    NEEDS_A_BROKER();
    kit::Mosquitto first;
    kit::Mosquitto second;
    ASSERT_TRUE(first.start() && second.start());
    Machine machine;
    Peer peer{machine, quick("peer", {{"127.0.0.1", first.port()}, {"127.0.0.1", second.port()}})};
    Peer watcher{machine, "watcher", second.port()};
    watcher.transport->subscribe("a");
    ASSERT_TRUE(connect(machine, peer) && connect(machine, watcher));
    first.kill();
    EXPECT_TRUE(kit::run_until(machine.loop, [&] {
        (void)peer.transport->publish({.topic = "a", .payload = "here"}, nullptr);
        return watcher.has_heard("here");
    }));
}

TEST(TransportBrokers, PassesOverOneThatNeverWasThere) {
    NEEDS_A_BROKER();
    kit::Mosquitto there;
    const kit::Mosquitto never_started;
    ASSERT_TRUE(there.start());
    Machine machine;
    Peer peer{machine,
              quick("peer", {{"127.0.0.1", never_started.port()}, {"127.0.0.1", there.port()}})};
    EXPECT_TRUE(connect(machine, peer));
}

TEST(TransportBrokers, TriesSeldomWhereItIsRefused) {
    NEEDS_A_BROKER();
    kit::Mosquitto broker{"allow_anonymous false"};
    const kit::Mosquitto nowhere;
    ASSERT_TRUE(broker.start());
    Machine machine;
    Peer refused{machine, quick("refused", {{"127.0.0.1", broker.port()}})};
    Peer patient{machine, quick("patient", {{"127.0.0.1", nowhere.port()}})};
    refused.transport->start();
    patient.transport->start();
    ASSERT_TRUE(kit::run_until(machine.loop, [&] {
        return machine.counted("aisle_mqtt_connect_failures_total", "refused") >= 1 &&
               machine.counted("aisle_mqtt_connect_failures_total", "patient") >= 20;
    }));
    EXPECT_EQ(machine.counted("aisle_mqtt_connect_failures_total", "refused"), 1);
    EXPECT_NE(refused.transport->link().reason.find("refused"), std::string::npos);
}

TEST(TransportBrokers, TwoDevicesOfOneIdentityDoNotThrowEachOtherOut) {
    NEEDS_A_BROKER();
    kit::Mosquitto broker;
    ASSERT_TRUE(broker.start());
    Machine machine;
    auto settings = quick("twin", {{"127.0.0.1", broker.port()}});
    settings.unique_client_id = true;
    Peer one{machine, settings};
    Peer other{machine, settings};
    one.transport->subscribe("a");
    ASSERT_TRUE(connect(machine, one) && connect(machine, other));
    bool said = false;
    ASSERT_TRUE(other.transport->publish({.topic = "a", .payload = "x"},
                                         [&](const Status&) { said = true; }));
    EXPECT_TRUE(kit::run_until(machine.loop, [&] { return said && one.has_heard("x"); }));
    EXPECT_EQ(one.links.size(), 1U);
    EXPECT_EQ(other.links.size(), 1U);
}

TEST(TransportBrokers, MakesANewConnectionWhenItIsAskedTo) {
    NEEDS_A_BROKER();
    kit::Mosquitto broker;
    ASSERT_TRUE(broker.start());
    Machine machine;
    Peer peer{machine, "peer", broker.port()};
    peer.transport->subscribe("self");
    ASSERT_TRUE(connect(machine, peer));
    peer.transport->reconnect("HQ is silent");
    EXPECT_FALSE(peer.up());
    EXPECT_EQ(peer.transport->link().reason, "HQ is silent");
    ASSERT_TRUE(kit::run_until(machine.loop, [&] { return peer.up(); }));
    ASSERT_TRUE(peer.transport->publish({.topic = "self", .payload = "again"}, nullptr));
    EXPECT_TRUE(kit::run_until(machine.loop, [&] { return peer.has_heard("again"); }));
}

TEST(TransportBrokers, HearsNothingMoreOfWhatItUnsubscribed) {
    NEEDS_A_BROKER();
    kit::Mosquitto broker;
    ASSERT_TRUE(broker.start());
    Machine machine;
    Peer peer{machine, "peer", broker.port()};
    peer.transport->subscribe("a");
    peer.transport->subscribe("b");
    ASSERT_TRUE(connect(machine, peer));
    peer.transport->unsubscribe("a");
    // The broker reads in order, so what comes after the goodbye is no longer for us.
    ASSERT_TRUE(peer.transport->publish({.topic = "a", .payload = "to a"}, nullptr));
    ASSERT_TRUE(peer.transport->publish({.topic = "b", .payload = "to b"}, nullptr));
    EXPECT_TRUE(kit::run_until(machine.loop, [&] { return peer.has_heard("to b"); }));
    EXPECT_FALSE(peer.has_heard("to a"));
}

TEST(TransportBrokers, FindsOutThatALinkLeadsIntoABlackHole) {
    NEEDS_A_BROKER();
    kit::Mosquitto broker;
    ASSERT_TRUE(broker.start());
    kit::TcpProxy proxy{broker.port()};
    Machine machine;
    Peer peer{machine,
              {.name = "peer",
               .port = proxy.port(),
               .client_id = "peer",
               .keep_alive = seconds{1},
               .first_wait = milliseconds{20},
               .last_wait = milliseconds{100}}};
    ASSERT_TRUE(connect(machine, peer));
    proxy.set({.black_hole = true});
    ASSERT_TRUE(kit::run_until(machine.loop, [&] { return !peer.up(); }));
    proxy.set({});
    EXPECT_TRUE(kit::run_until(machine.loop, [&] { return peer.up(); }));
}

TEST(TransportBrokers, NoticesThatTheBrokerSendsItAwayWithAWord) {
    NEEDS_A_BROKER();
    kit::Mosquitto broker;
    ASSERT_TRUE(broker.start());
    Machine machine;
    Peer peer{machine, "peer", broker.port()};
    ASSERT_TRUE(connect(machine, peer));
    // No topic to publish to: the broker answers with a DISCONNECT and its reason.
    ASSERT_TRUE(peer.transport->publish({.topic = "a/+"}, nullptr));
    ASSERT_TRUE(kit::run_until(machine.loop, [&] { return peer.links.size() >= 2; }));
    EXPECT_NE(peer.links[1].reason, "");
    EXPECT_TRUE(kit::run_until(machine.loop, [&] { return peer.up(); }));
}

TEST(TransportBrokers, LeavesABrokerOverWhichItHearsNothing) {
    NEEDS_A_BROKER();
    // It grants the subscription and delivers nothing.
    kit::Mosquitto deaf{kit::Mosquitto::Whole{
        "listener @PORT@ 127.0.0.1\nallow_anonymous true\nacl_file @DIR@/acl\n"}};
    std::ofstream{deaf.folder() / "acl"} << "topic write self\n";
    kit::Mosquitto hearing;
    ASSERT_TRUE(deaf.start() && hearing.start());
    Machine machine;
    auto settings = quick("peer", {{"127.0.0.1", deaf.port()}, {"127.0.0.1", hearing.port()}});
    settings.echo_every = seconds{60};
    settings.echo_max = milliseconds{100};
    Peer peer{machine, settings};
    peer.transport->subscribe("self");
    ASSERT_TRUE(connect(machine, peer));
    ASSERT_TRUE(kit::run_until(machine.loop, [&] { return peer.links.size() >= 3; }));
    EXPECT_EQ(peer.links[1].reason, "deaf: nothing comes over self");
    EXPECT_EQ(machine.counted("aisle_mqtt_deaf_total", "peer"), 1);
    ASSERT_TRUE(peer.transport->publish({.topic = "self", .payload = "here"}, nullptr));
    EXPECT_TRUE(kit::run_until(machine.loop, [&] { return peer.has_heard("here"); }));
}

TEST(TransportBrokers, ComesBackAfterEveryReset) {
    NEEDS_A_BROKER();
    kit::Mosquitto broker;
    ASSERT_TRUE(broker.start());
    kit::TcpProxy proxy{broker.port()};
    Machine machine;
    Peer peer{machine, "peer", proxy.port()};
    ASSERT_TRUE(connect(machine, peer));
    for (int round = 0; round < 5; ++round) {
        if (round % 2 == 0)
            proxy.reset();
        else
            proxy.cut();
        ASSERT_TRUE(kit::run_until(machine.loop, [&] { return !peer.up(); }));
        ASSERT_TRUE(kit::run_until(machine.loop, [&] { return peer.up(); }));
    }
    EXPECT_GE(proxy.connections(), 6U);
}

}  // namespace
}  // namespace aisle::mqtt
