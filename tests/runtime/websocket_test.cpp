#include "agent/runtime/websocket_client.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "live_server.hpp"

namespace aisle::runtime {
namespace {

constexpr milliseconds kSoon{5'000};

// A socket that answers each text with the same and remembers what happened; touched on the loop
// only.
struct Echoing {
    WebSocketHandlers handlers() {
        return {
            .opened =
                [this](std::shared_ptr<WebSocket> socket) { open.push_back(std::move(socket)); },
            .text = [](const std::shared_ptr<WebSocket>& socket,
                       std::string_view text) { socket->send("echo " + std::string{text}); },
            .closed = [this](const std::shared_ptr<WebSocket>&) { ++closed; }};
    }
    std::vector<std::shared_ptr<WebSocket>> open;
    int closed = 0;
};

Result<std::unique_ptr<WebSocketClient>> client_of(
    const LiveServer& live, std::map<std::string, std::string> headers = {}) {
    return WebSocketClient::connect({live.address(), "/live", std::move(headers)}, kSoon);
}

// Until the loop has seen what the other end did; the test's own time-out is the bound.
void wait_on_loop(LiveServer& live, const std::function<bool()>& done) {
    for (bool is_done = false; !is_done;) live.on_loop([&] { is_done = done(); });
}

TEST(WebSocket, CarriesTextBothWays) {
    LiveServer live;
    Echoing echoing;
    live.server->on_websocket("/live", echoing.handlers());
    live.start();
    const auto client = client_of(live);
    ASSERT_TRUE(client) << client.error().detail;
    ASSERT_TRUE((*client)->send("hello"));
    EXPECT_EQ((*client)->receive(kSoon).value(), "echo hello");
    live.on_loop([&] {
        echoing.open.front()->send("one");
        echoing.open.front()->send("two");
    });
    EXPECT_EQ((*client)->receive(kSoon).value(), "one");
    EXPECT_EQ((*client)->receive(kSoon).value(), "two");
}

TEST(WebSocket, SaysWhenNothingCameInTimeAndGoesOn) {
    LiveServer live;
    Echoing echoing;
    live.server->on_websocket("/live", echoing.handlers());
    live.start();
    const auto client = client_of(live);
    ASSERT_TRUE(client);
    EXPECT_EQ((*client)->receive(milliseconds{1}).error().fault, Fault::Full);
    ASSERT_TRUE((*client)->send("still"));
    EXPECT_EQ((*client)->receive(kSoon).value(), "echo still");
}

TEST(WebSocket, RefusesAnotherSitesPage) {
    LiveServer live;
    Echoing echoing;
    live.server->on_websocket("/live", echoing.handlers());
    live.start();
    EXPECT_FALSE(client_of(live, {{"Origin", "http://evil.example"}}));
    EXPECT_TRUE(client_of(live, {{"Origin", "http://" + live.address()}}));
    EXPECT_EQ(live.refused("origin"), 1);
}

TEST(WebSocket, RefusesAForeignHost) {
    LiveServer live;
    Echoing echoing;
    live.server->on_websocket("/live", echoing.handlers());
    live.start();
    EXPECT_FALSE(client_of(live, {{"Host", "evil.example"}}));
}

TEST(WebSocket, TellsAPlainRequestWhatLivesThere) {
    LiveServer live;
    live.server->on_websocket("/live", {});
    live.start();
    EXPECT_EQ(live.call("GET", "/live").status, 426);
}

TEST(WebSocket, TellsTheHandlersOnceThatTheClientHasGone) {
    LiveServer live;
    Echoing echoing;
    live.server->on_websocket("/live", echoing.handlers());
    live.start();
    client_of(live).value()->close();
    wait_on_loop(live, [&] { return echoing.closed == 1; });
    live.on_loop([&] { echoing.open.front()->send("nobody"); });
    live.stop();
    EXPECT_EQ(echoing.closed, 1);
}

TEST(WebSocket, ClosesFromTheServersSide) {
    LiveServer live;
    Echoing echoing;
    live.server->on_websocket("/live", echoing.handlers());
    live.start();
    const auto client = client_of(live);
    ASSERT_TRUE(client);
    wait_on_loop(live, [&] { return !echoing.open.empty(); });
    live.on_loop([&] { echoing.open.front()->close("enough"); });
    EXPECT_EQ((*client)->receive(kSoon).error().fault, Fault::Unavailable);
    wait_on_loop(live, [&] { return echoing.closed == 1; });
}

TEST(WebSocket, ClosesAClientThatLetsMessagesGather) {
    LiveServer live;
    Echoing echoing;
    live.server->on_websocket("/live", echoing.handlers());
    live.start();
    const auto client = client_of(live);
    ASSERT_TRUE(client);
    wait_on_loop(live, [&] { return !echoing.open.empty(); });
    // No turn of the loop in between: nothing but the first can have left.
    live.on_loop([&] {
        for (int i = 0; i < 300; ++i) echoing.open.front()->send(std::string(1000, 'x'));
    });
    wait_on_loop(live, [&] { return echoing.closed == 1; });
    EXPECT_EQ(live.refused("websocket_slow"), 1);
}

TEST(WebSocket, KeepsAsManyMessagesAsItPromises) {
    LiveServer live;
    Echoing echoing;
    live.server->on_websocket("/live", echoing.handlers());
    live.start();
    const auto client = client_of(live);
    ASSERT_TRUE(client);
    wait_on_loop(live, [&] { return !echoing.open.empty(); });
    live.on_loop([&] {
        for (int i = 0; i < 256; ++i) echoing.open.front()->send(std::to_string(i));
    });
    for (int i = 0; i < 256; ++i) EXPECT_EQ((*client)->receive(kSoon).value(), std::to_string(i));
}

TEST(WebSocket, DoesNotTakeHugeMessages) {
    LiveServer live;
    Echoing echoing;
    live.server->on_websocket("/live", echoing.handlers());
    live.start();
    const auto client = client_of(live);
    ASSERT_TRUE(client);
    (void)(*client)->send(std::string(17 * 1024, 'x'));
    wait_on_loop(live, [&] { return echoing.closed == 1; });
}

TEST(WebSocket, DropsAClientThatNoLongerAnswersPings) {
    LiveServer live{{.idle_timeout = milliseconds{50}}};
    Echoing echoing;
    live.server->on_websocket("/live", echoing.handlers());
    live.start();
    const auto client = client_of(live);  // blocking: pings are answered only inside receive()
    ASSERT_TRUE(client);
    wait_on_loop(live, [&] { return echoing.closed == 1; });
}

TEST(WebSocket, HearsOfTheServersStop) {
    LiveServer live;
    Echoing echoing;
    live.server->on_websocket("/live", echoing.handlers());
    live.start();
    const auto client = client_of(live);
    ASSERT_TRUE(client);
    wait_on_loop(live, [&] { return !echoing.open.empty(); });
    live.stop();
    EXPECT_EQ(echoing.closed, 1);
    EXPECT_EQ((*client)->receive(kSoon).error().fault, Fault::Unavailable);
}

}  // namespace
}  // namespace aisle::runtime
