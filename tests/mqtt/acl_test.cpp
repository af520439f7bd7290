#include <gtest/gtest.h>

#include <optional>

#include "secured.hpp"

// What the shipped access rules let a store do.
namespace aisle::mqtt {
namespace {

struct Shop {
    explicit Shop(const std::string& name) : store{machine, chain.settings(name)} {
        hq.transport->subscribe("aisle/v1/+/+/up/+");
        hq.transport->subscribe("aisle/v1/+/+/state");
    }
    bool open() { return chain.broker.start() && connect(machine, hq) && connect(machine, store); }
    // The broker's answer to a message of `from`.
    Status say(Peer& from, const std::string& topic, const std::string& payload) {
        std::optional<Status> answer;
        const auto sent = from.transport->publish({.topic = topic, .payload = payload},
                                                  [&](const Status& status) { answer = status; });
        if (!sent) return sent;
        EXPECT_TRUE(kit::run_until(machine.loop, [&] { return answer.has_value(); }));
        return *answer;
    }

    Secured chain;
    Machine machine;
    Peer hq{machine, chain.settings("aisle-hq")};
    Peer store;
};

TEST(Acl, AStoreIsHeardUnderItsOwnName) {
    NEEDS_A_BROKER();
    NEEDS_OPENSSL();
    Shop shop{"s-0001"};
    ASSERT_TRUE(shop.open());
    EXPECT_TRUE(shop.say(shop.store, "aisle/v1/26/s-0001/up/ledger", "mine"));
    EXPECT_TRUE(kit::run_until(shop.machine.loop, [&] { return shop.hq.has_heard("mine"); }));
    EXPECT_TRUE(shop.say(shop.store, "aisle/v1/26/s-0001/state", "birth"));
    EXPECT_TRUE(kit::run_until(shop.machine.loop, [&] { return shop.hq.has_heard("birth"); }));
}

TEST(Acl, AStoreCannotSpeakForAnother) {
    NEEDS_A_BROKER();
    NEEDS_OPENSSL();
    Shop shop{"s-0001"};
    ASSERT_TRUE(shop.open());
    for (const char* topic : {"aisle/v1/26/s-0002/up/ledger", "aisle/v1/26/s-0002/state",
                              "aisle/v1/26/s-0002/ack", "aisle/v1/26/s-0001/down/cmd",
                              "aisle/v1/26/s-0002/down/_echo", "aisle/v1/26/_echo/up/_echo"}) {
        const auto answer = shop.say(shop.store, topic, "forged");
        ASSERT_FALSE(answer) << topic;
        EXPECT_EQ(answer.error().fault, Fault::Denied);
    }
    EXPECT_TRUE(shop.say(shop.store, "aisle/v1/26/s-0001/up/ledger", "true"));
    EXPECT_TRUE(kit::run_until(shop.machine.loop, [&] { return shop.hq.has_heard("true"); }));
    EXPECT_FALSE(shop.hq.has_heard("forged"));
}

TEST(Acl, AStoreHearsNothingThatIsMeantForAnother) {
    NEEDS_A_BROKER();
    NEEDS_OPENSSL();
    Shop shop{"s-0002"};
    shop.store.transport->subscribe("aisle/v1/+/+/ack");
    shop.store.transport->subscribe("#");
    ASSERT_TRUE(shop.open());
    (void)shop.say(shop.hq, "aisle/v1/26/s-0001/ack", "for the first");
    (void)shop.say(shop.hq, "aisle/v1/27/s-0002/ack", "for the second");
    EXPECT_TRUE(
        kit::run_until(shop.machine.loop, [&] { return shop.store.has_heard("for the second"); }));
    EXPECT_FALSE(shop.store.has_heard("for the first"));
}

TEST(Acl, BothEndsHearTheirOwnEchoOverEverySubscription) {
    NEEDS_A_BROKER();
    NEEDS_OPENSSL();
    Secured chain;
    ASSERT_TRUE(chain.broker.start());
    Machine machine;
    const auto listener = [&](const char* name, std::vector<std::string> filters) {
        auto settings = chain.settings(name);
        settings.echo_every = milliseconds{1};
        auto peer = std::make_unique<Peer>(machine, settings);
        for (auto& filter : filters) peer->transport->subscribe(std::move(filter));
        return peer;
    };
    auto store = listener("s-0001", {"aisle/v1/26/s-0001/ack", "aisle/v1/26/s-0001/down/+"});
    auto hq = listener("aisle-hq", {"aisle/v1/+/+/up/+", "aisle/v1/07/+/state"});
    ASSERT_TRUE(connect(machine, *store) && connect(machine, *hq));
    for (const char* name : {"s-0001", "aisle-hq"})
        EXPECT_TRUE(kit::run_until(machine.loop, [&] {
            return machine.counted("aisle_mqtt_received_total", name) >= 2;
        })) << name;
    EXPECT_TRUE(store->heard.empty() && hq->heard.empty());
}

TEST(Acl, HeadquartersWritesOnlyWhatGoesDown) {
    NEEDS_A_BROKER();
    NEEDS_OPENSSL();
    Shop shop{"s-0001"};
    ASSERT_TRUE(shop.open());
    for (const char* channel : {"ack", "down/bundle", "down/data", "down/cmd"})
        EXPECT_TRUE(shop.say(shop.hq, std::string{"aisle/v1/26/s-0001/"} + channel, "x"));
    EXPECT_FALSE(shop.say(shop.hq, "aisle/v1/26/s-0001/up/ledger", "x"));
}

}  // namespace
}  // namespace aisle::mqtt
