#include "agent/app/message_router.hpp"

#include <gtest/gtest.h>

namespace aisle::app {
namespace {

// Keeps what it is asked for.
class FakeTransport final : public Transport {
public:
    void on_link(std::function<void(const Link&)>) override {}
    void on_message(std::function<void(const Message&)> handler) override {
        arrived = std::move(handler);
    }
    void set_will(Message) override {}
    void subscribe(std::string filter) override { filters.push_back(std::move(filter)); }
    void start() override {}
    void stop(std::function<void()> done) override { done(); }
    Status publish(Message, std::function<void(Status)>) override { return {}; }
    [[nodiscard]] Link link() const override { return {}; }

    std::function<void(const Message&)> arrived;
    std::vector<std::string> filters;
};

struct RouterWorld {
    // A handler that takes what comes on `topic` and notes all that it was shown.
    void listen(const std::string& topic) {
        router.add({topic}, [this, topic](const Message& message) {
            shown.push_back(topic + "<" + message.topic);
            return message.topic == topic;
        });
    }
    FakeTransport transport;
    MessageRouter router;
    std::vector<std::string> shown;
};
using Texts = std::vector<std::string>;

TEST(MessageRouter, SubscribesForAllItsListeners) {
    RouterWorld world;
    world.router.add({"a/#", "b"}, [](const Message&) { return true; });
    world.listen("c");
    world.router.attach(world.transport);
    EXPECT_EQ(world.transport.filters, (Texts{"a/#", "b", "c"}));
}

// A gateway and a counter may listen to one topic: each knows its own messages.
TEST(MessageRouter, ShowsAMessageToEveryListener) {
    RouterWorld world;
    for (const char* topic : {"a", "b", "b"}) world.listen(topic);
    world.router.attach(world.transport);
    world.transport.arrived({.topic = "b", .payload = "", .retained = false});
    EXPECT_EQ(world.shown, (Texts{"a<b", "b<b", "b<b"}));
}

TEST(MessageRouter, SubscribesOnceForTwoListenersOfOneTopic) {
    RouterWorld world;
    for (const char* topic : {"a", "b", "a"}) world.listen(topic);
    world.router.attach(world.transport);
    EXPECT_EQ(world.transport.filters, (Texts{"a", "b"}));
}

TEST(MessageRouter, DropsWhatNobodyTakes) {
    RouterWorld world;
    for (const char* topic : {"a", "b"}) world.listen(topic);
    world.router.attach(world.transport);
    world.transport.arrived({.topic = "z", .payload = "", .retained = false});
    EXPECT_EQ(world.shown, (Texts{"a<z", "b<z"}));
}

TEST(MessageRouter, NeedsNoConnectionForListenersWithoutATopic) {
    RouterWorld world;
    EXPECT_TRUE(world.router.empty());
    world.router.add({}, [](const Message&) { return true; });
    EXPECT_TRUE(world.router.empty());
    world.listen("a");
    EXPECT_FALSE(world.router.empty());
}

}  // namespace
}  // namespace aisle::app
