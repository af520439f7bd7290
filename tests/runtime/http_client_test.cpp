#include <gtest/gtest.h>

#include "agent/runtime/websocket_client.hpp"
#include "live_server.hpp"

namespace aisle::runtime {
namespace {

TEST(HttpCall, SaysThatNobodyListens) {
    EXPECT_EQ(http_call("unix:/nonexistent/aisled.sock", {}, seconds{1}).error().fault,
              Fault::Unavailable);
    EXPECT_EQ(http_call("127.0.0.1:1", {}, seconds{1}).error().fault, Fault::Unavailable);
}

TEST(HttpCall, SaysThatATargetIsNone) {
    EXPECT_EQ(http_call("localhost", {}, seconds{1}).error().fault, Fault::Malformed);
    EXPECT_EQ(http_call("unix:" + std::string(200, 'x'), {}, seconds{1}).error().fault,
              Fault::Malformed);
}

TEST(HttpCall, EndsWhenItsTimeIsOver) {
    LiveServer live;
    live.server->on("GET", "/never", [](const HttpRequest&, const HttpReply&) {});
    live.start();
    const auto answer =
        http_call(live.address(), {.method = "GET", .path = "/never"}, milliseconds{30});
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().fault, Fault::Unavailable);
}

TEST(HttpCall, BringsALongBodyBothWays) {
    LiveServer live;
    live.server->on("POST", "/", echo());
    live.start();
    const std::string body(3 * 1024 * 1024, 'x');
    EXPECT_EQ(live.call("POST", "/", {}, body).body, "POST / " + body);
}

TEST(HttpCall, SendsGetWhenNoMethodIsNamed) {
    LiveServer live;
    live.server->on("GET", "/", echo());
    live.start();
    EXPECT_EQ(live.call("", "").body, "GET / ");
}

TEST(WebSocketClient, SaysThatNobodyListens) {
    const auto client =
        WebSocketClient::connect({.address = "127.0.0.1:1", .path = "/"}, seconds{1});
    EXPECT_EQ(client.error().fault, Fault::Unavailable);
}

TEST(WebSocketClient, SaysThatThereIsNoWebSocket) {
    LiveServer live;
    live.server->on("GET", "/", echo());
    live.start();
    EXPECT_FALSE(WebSocketClient::connect({.address = live.address(), .path = "/"}, seconds{5}));
}

}  // namespace
}  // namespace aisle::runtime
