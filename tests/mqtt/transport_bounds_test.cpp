#include <gtest/gtest.h>

#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <map>
#include <optional>

#include "peers.hpp"
#include "tests/kit/program.hpp"
#include "tests/kit/temp_folder.hpp"

// What the broker limits or refuses, and what comes in the wrong moment.
namespace aisle::mqtt {
namespace {

// A file that nobody else may read, as keys have to be.
void write_private(const std::string& path, const std::string& text) {
    std::ofstream{path} << text;
    ::chmod(path.c_str(), 0600);
}

TEST(TransportBounds, AMessageLongerThanTheBrokerAllowsIsRefusedAndTheLinkStays) {
    NEEDS_A_BROKER();
    kit::Mosquitto broker{"max_packet_size 2000"};
    ASSERT_TRUE(broker.start());
    Machine machine;
    Peer peer{machine, "peer", broker.port()};
    peer.transport->subscribe("a");
    ASSERT_TRUE(connect(machine, peer));
    const auto refused = peer.transport->publish({.topic = "a", .payload = std::string(2'000, 'x')},
                                                 [](const Status&) { FAIL(); });
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().fault, Fault::Malformed);
    // 1 + 2 fixed header, 2 + 1 topic, 2 packet id, 1 properties: the rest may be payload.
    ASSERT_TRUE(peer.transport->publish({.topic = "a", .payload = std::string(1'989, 'y')},
                                        [](const Status&) {}));
    EXPECT_TRUE(
        kit::run_until(machine.loop, [&] { return peer.has_heard(std::string(1'989, 'y')); }));
    EXPECT_EQ(peer.links.size(), 1U);
}

TEST(TransportBounds, AMegabyteAndNothingComeAcrossAsTheyAre) {
    NEEDS_A_BROKER();
    kit::Mosquitto broker;
    ASSERT_TRUE(broker.start());
    Machine machine;
    Peer peer{machine, "peer", broker.port()};
    peer.transport->subscribe("large");
    peer.transport->subscribe("empty");
    ASSERT_TRUE(connect(machine, peer));
    std::string large(1'000'000, '\0');
    for (std::size_t i = 0; i < large.size(); ++i) large[i] = static_cast<char>(i * 7);
    ASSERT_TRUE(peer.transport->publish({.topic = "large", .payload = large}, nullptr));
    ASSERT_TRUE(peer.transport->publish({.topic = "empty"}, nullptr));
    ASSERT_TRUE(kit::run_until(machine.loop, [&] { return peer.heard.size() == 2; }));
    EXPECT_EQ(peer.heard[0].payload, large);
    EXPECT_EQ(peer.heard[1].topic, "empty");
    EXPECT_TRUE(peer.heard[1].payload.empty());
}

TEST(TransportBounds, EachPublishIsAnsweredOnce) {
    NEEDS_A_BROKER();
    kit::Mosquitto broker;
    ASSERT_TRUE(broker.start());
    Machine machine;
    Peer peer{machine, "peer", broker.port()};
    ASSERT_TRUE(connect(machine, peer));
    std::map<int, int> answers;
    int sent = 0;
    const bool all = kit::run_until(machine.loop, [&] {
        while (sent < 200 && peer.transport->publish(
                                 {.topic = "a"}, [&, n = sent](const Status&) { ++answers[n]; }))
            ++sent;
        return answers.size() == 200;
    });
    ASSERT_TRUE(all);
    for (const auto& [n, times] : answers) EXPECT_EQ(times, 1) << n;
    EXPECT_EQ(machine.counted("aisle_mqtt_published_total", "peer"), 200);
}

TEST(TransportBounds, ASubscriptionWhileConnectedIsGrantedToo) {
    NEEDS_A_BROKER();
    kit::Mosquitto broker;
    ASSERT_TRUE(broker.start());
    Machine machine;
    Peer peer{machine, "peer", broker.port()};
    ASSERT_TRUE(connect(machine, peer));
    peer.transport->subscribe("late/#");
    EXPECT_TRUE(kit::run_until(machine.loop, [&] {
        (void)peer.transport->publish({.topic = "late/a/b", .payload = "hi"}, nullptr);
        return peer.has_heard("hi");
    }));
    EXPECT_EQ(peer.links.size(), 1U);  // it was not disconnected for it
}

TEST(TransportBounds, ASecondClientOfTheSameNameThrowsTheFirstOneOut) {
    NEEDS_A_BROKER();
    kit::Mosquitto broker;
    ASSERT_TRUE(broker.start());
    Machine machine;
    Peer first{machine, "twin", broker.port()};
    ASSERT_TRUE(connect(machine, first));
    Peer second{machine, "twin", broker.port()};
    second.transport->start();
    EXPECT_TRUE(kit::run_until(machine.loop, [&] {
        return std::ranges::any_of(first.links, [](const Link& link) { return !link.connected; });
    }));
    for (const auto& link : first.links) EXPECT_EQ(link.connected, link.reason.empty());
}

TEST(TransportBounds, ReadsItsPasswordAgainAtEachAttempt) {
    NEEDS_A_BROKER();
    const kit::TempFolder folder;
    const std::string users = folder.file("users");
    if (kit::Program{{"mosquitto_passwd", "-b", "-c", users, "shop", "right"}, folder.file("log")}
            .wait() != 0)
        GTEST_SKIP() << "mosquitto_passwd is not installed";
    write_private(folder.file("secret"), "wrong\n");
    kit::Mosquitto broker{"allow_anonymous false\npassword_file " + users};
    ASSERT_TRUE(broker.start());
    Machine machine;
    Peer peer{machine,
              {.name = "peer",
               .port = broker.port(),
               .client_id = "peer",
               .username = "shop",
               .password_file = folder.file("secret"),
               .first_wait = milliseconds{20},
               .last_wait = milliseconds{100},
               .denied_wait = milliseconds{20}}};
    peer.transport->start();
    ASSERT_TRUE(kit::run_until(machine.loop, [&] {
        return machine.counted("aisle_mqtt_connect_failures_total", "peer") >= 2;
    }));
    EXPECT_FALSE(peer.up());
    EXPECT_FALSE(peer.transport->link().reason.empty());
    write_private(folder.file("secret"), "right\n");
    EXPECT_TRUE(kit::run_until(machine.loop, [&] { return peer.up(); }));
}

TEST(TransportBounds, KeepsTryingWithoutItsPasswordFile) {
    Machine machine;
    Peer peer{machine,
              {.name = "peer",
               .port = 1,
               .client_id = "peer",
               .username = "shop",
               .password_file = "/nowhere/at/all",
               .first_wait = milliseconds{5},
               .last_wait = milliseconds{20}}};
    peer.transport->start();
    EXPECT_TRUE(kit::run_until(machine.loop, [&] {
        return machine.counted("aisle_mqtt_connect_failures_total", "peer") >= 3;
    }));
    EXPECT_NE(peer.transport->link().reason.find("/nowhere/at/all"), std::string::npos);
}

TEST(TransportBounds, SaysNothingAfterItHasStopped) {
    NEEDS_A_BROKER();
    kit::Mosquitto broker;
    ASSERT_TRUE(broker.start());
    Machine machine;
    Peer peer{machine, "peer", broker.port()};
    peer.transport->subscribe("a");
    ASSERT_TRUE(connect(machine, peer));
    bool answered = false;
    ASSERT_TRUE(peer.transport->publish({.topic = "a"}, [&](const Status&) { answered = true; }));
    const auto heard = peer.heard.size();
    bool stopped = false;
    peer.transport->stop([&] { stopped = true; });
    ASSERT_TRUE(kit::run_until(machine.loop, [&] { return stopped; }));
    EXPECT_FALSE(answered);
    EXPECT_EQ(peer.heard.size(), heard);
    EXPECT_EQ(peer.transport->link().reason, "stopped");
    EXPECT_EQ(peer.transport->publish({.topic = "a"}, nullptr).error().fault, Fault::Unavailable);
}

TEST(TransportBounds, StartsAgainAfterAStop) {
    NEEDS_A_BROKER();
    kit::Mosquitto broker;
    ASSERT_TRUE(broker.start());
    Machine machine;
    Peer peer{machine, "peer", broker.port()};
    ASSERT_TRUE(connect(machine, peer));
    bool stopped = false;
    peer.transport->stop([&] { stopped = true; });
    ASSERT_TRUE(kit::run_until(machine.loop, [&] { return stopped; }));
    EXPECT_TRUE(connect(machine, peer));
}

TEST(TransportBounds, AStartWhileItRunsChangesNothing) {
    NEEDS_A_BROKER();
    kit::Mosquitto broker;
    ASSERT_TRUE(broker.start());
    Machine machine;
    Peer peer{machine, "peer", broker.port()};
    ASSERT_TRUE(connect(machine, peer));
    peer.transport->start();
    bool answered = false;
    ASSERT_TRUE(peer.transport->publish({.topic = "a"}, [&](const Status&) { answered = true; }));
    EXPECT_TRUE(kit::run_until(machine.loop, [&] { return answered; }));
    EXPECT_EQ(machine.counted("aisle_mqtt_connects_total", "peer"), 1);
}

TEST(TransportBounds, CountsWhatItReceives) {
    NEEDS_A_BROKER();
    kit::Mosquitto broker;
    ASSERT_TRUE(broker.start());
    Machine machine;
    Peer peer{machine, "peer", broker.port()};
    peer.transport->subscribe("a");
    ASSERT_TRUE(connect(machine, peer));
    for (int i = 0; i < 10; ++i) ASSERT_TRUE(peer.transport->publish({.topic = "a"}, nullptr));
    ASSERT_TRUE(kit::run_until(machine.loop, [&] { return peer.heard.size() == 10; }));
    EXPECT_EQ(machine.counted("aisle_mqtt_received_total", "peer"), 10);
    EXPECT_EQ(machine.metrics->gauge("aisle_mqtt_connected", "", {{"link", "peer"}}).value(), 1);
}

}  // namespace
}  // namespace aisle::mqtt
