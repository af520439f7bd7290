#include "tests/world/network.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace aisle::world {
namespace {

struct TwoClients {
    TwoClients() {
        listener->subscribe("t/#");
        listener->on_message([this](const Message& message) { heard.push_back(message.payload); });
        sender->on_link([this](const Link& link) { links.push_back(link.connected); });
        listener->start();
        sender->start();
        run(seconds{10});
    }
    void run(milliseconds time) {
        const MonoTime until = timeline.now() + time;
        while (timeline.run_one(until)) {
        }
    }
    void send(const std::string& payload, bool retained = false) {
        const Status taken =
            sender->publish({.topic = "t/x", .payload = payload, .retained = retained},
                            [this](const Status& said) { said ? ++answered : ++failed; });
        if (!taken) ++refused;
    }

    Trace trace;
    Timeline timeline;
    Network network{timeline, 1, trace};
    DeviceClock clock;
    Node node{timeline, clock};
    std::unique_ptr<Transport> sender = network.client(node, "a");
    std::unique_ptr<Transport> listener = network.client(node, "b");
    std::vector<std::string> heard;
    std::vector<bool> links;
    int answered = 0;
    int failed = 0;
    int refused = 0;
};

TEST(Network, CarriesAndAnswersInFairWeather) {
    TwoClients two;
    two.send("one");
    two.run(seconds{1});
    EXPECT_EQ(two.heard, std::vector<std::string>{"one"});
    EXPECT_EQ(two.answered, 1);
}

TEST(Network, LosesSomeOfWhatItHasAnswered) {
    TwoClients two;
    two.network.weather.lost_permille = 500;
    for (int i = 0; i < 200; ++i) two.send("x"), two.run(seconds{1});
    EXPECT_LT(two.heard.size(), static_cast<std::size_t>(two.answered));
    EXPECT_LT(two.answered, 200);
}

TEST(Network, DoublesAndOvertakes) {
    TwoClients two;
    two.network.weather.doubled_permille = 300;
    two.network.weather.slow_permille = 300;
    for (int i = 100; i < 200; ++i) two.send(std::to_string(i)), two.run(milliseconds{500});
    two.run(minutes{1});
    EXPECT_GT(two.heard.size(), 100U);
    EXPECT_FALSE(std::ranges::is_sorted(two.heard));
}

TEST(Network, TellsWhoWasConnectedThatALineIsCutAndBringsItBack) {
    TwoClients two;
    two.network.cut("a", true);
    two.send("into the void");
    two.run(minutes{1});
    EXPECT_EQ(two.links, (std::vector<bool>{true, false}));
    EXPECT_EQ(two.failed, 1);
    EXPECT_TRUE(two.heard.empty());
    two.network.cut("a", false);
    two.run(minutes{1});
    EXPECT_EQ(two.links.back(), true);
}

TEST(Network, ForgetsRetainedMessagesWithTheBroker) {
    TwoClients two;
    two.send("kept", true);
    two.run(seconds{1});
    const auto late = two.network.client(two.node, "c");
    std::vector<bool> retained;
    late->subscribe("t/x");
    late->on_message([&](const Message& message) { retained.push_back(message.retained); });
    late->start();
    two.run(seconds{10});
    EXPECT_EQ(retained, std::vector<bool>{true});
    two.network.restart_broker();
    two.run(seconds{10});
    EXPECT_EQ(retained.size(), 1U);
}

TEST(Network, PublishesTheWillOfOneThatGoesWithoutAWord) {
    TwoClients two;
    two.sender->set_will({.topic = "t/will", .payload = "gone"});
    two.sender.reset();
    two.run(minutes{1});
    EXPECT_EQ(two.heard, std::vector<std::string>{"gone"});
}

TEST(Network, SaysAnOldMessageAgain) {
    TwoClients two;
    two.send("old");
    two.run(minutes{5});
    two.network.repeat_an_old_message();
    two.run(seconds{5});
    EXPECT_EQ(two.heard, (std::vector<std::string>{"old", "old"}));
}

TEST(Network, RefusesWhatIsTooLongAndWhatIsTooMuch) {
    TwoClients two;
    two.network.weather.packet_bytes_max = 100;
    two.network.weather.in_flight_max = 2;
    two.network.restart_broker();
    two.run(seconds{10});
    two.send(std::string(200, 'x'));
    for (int i = 0; i < 3; ++i) two.send("x");
    EXPECT_EQ(two.refused, 2);
}

}  // namespace
}  // namespace aisle::world
