#include "agent/runtime/http_server.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <deque>
#include <filesystem>
#include <mutex>

#include "live_server.hpp"

namespace aisle::runtime {
namespace {

std::string socket_path(const std::string& name) {
    return (std::filesystem::temp_directory_path() /
            ("aisle-" + std::to_string(getpid()) + "-" + name + ".sock"))
        .string();
}

// Keeps replies for later, or for ever.
struct Withheld {
    HttpHandler handler() {
        return [this](const HttpRequest&, HttpReply reply) {
            const std::scoped_lock lock{mutex};
            replies.push_back(std::move(reply));
        };
    }
    std::mutex mutex;
    std::deque<HttpReply> replies;
};

TEST(HttpServer, GivesTheHandlerWhatTheClientSent) {
    LiveServer live;
    HttpRequest seen;
    live.server->on("POST", "/api/v1/offers/{id}:accept",
                    [&](const HttpRequest& request, HttpReply reply) {
                        seen = request;
                        reply({.status = 201, .body = "{}"});
                    });
    live.start();
    HttpRequest request{.method = "POST",
                        .path = "/api/v1/offers/o 1:accept",
                        .query = {{"by", "a&b"}},
                        .headers = {{"X-Device", "tablet"}},
                        .body = "{\"x\":1}"};
    const auto answer = http_call(live.address(), request, seconds{5});
    ASSERT_TRUE(answer) << answer.error().detail;
    EXPECT_EQ(answer->status, 201);
    EXPECT_EQ(answer->type, "application/json");
    EXPECT_EQ(seen.path, request.path);
    EXPECT_EQ(seen.wild.at("id"), "o 1");
    EXPECT_EQ(seen.query.at("by"), "a&b");
    EXPECT_EQ(seen.headers.at("x-device"), "tablet");
    EXPECT_EQ(seen.body, request.body);
    EXPECT_EQ(seen.peer, "127.0.0.1");
    EXPECT_FALSE(seen.local);
}

TEST(HttpServer, PutsSecurityHeadersOnEveryAnswer) {
    LiveServer live;
    live.server->on("GET", "/here", echo());
    live.start();
    for (const char* const path : {"/here", "/nowhere"}) {
        const auto answer = live.call("GET", path);
        EXPECT_EQ(answer.headers.at("x-content-type-options"), "nosniff") << path;
        EXPECT_EQ(answer.headers.at("referrer-policy"), "no-referrer") << path;
    }
}

TEST(HttpServer, AnswersAnUnknownPathWithAProblem) {
    LiveServer live;
    live.start();
    const auto answer = live.call("GET", "/nowhere");
    EXPECT_EQ(answer.status, 404);
    EXPECT_EQ(answer.type, "application/problem+json");
    EXPECT_NE(answer.body.find(R"("title":"Not Found","status":404)"), std::string::npos)
        << answer.body;
}

TEST(HttpServer, NamesTheMethodsOfAKnownPath) {
    LiveServer live;
    live.server->on("GET", "/here", echo());
    live.server->on("PUT", "/here", echo());
    live.start();
    const auto answer = live.call("DELETE", "/here");
    EXPECT_EQ(answer.status, 405);
    EXPECT_EQ(answer.headers.at("allow"), "GET, HEAD, PUT");
}

TEST(HttpServer, AnswersHeadLikeGetWithoutTheBody) {
    LiveServer live;
    live.server->on("GET", "/here", echo());
    live.start();
    const auto get = live.call("GET", "/here");
    const auto head = live.call("HEAD", "/here");
    EXPECT_EQ(head.status, 200);
    EXPECT_EQ(head.headers.at("content-length"), std::to_string(get.body.size()));
    EXPECT_EQ(head.body, "");
}

TEST(HttpServer, TakesAReplyThatComesLater) {
    LiveServer live;
    Withheld withheld;
    live.server->on("GET", "/later", withheld.handler());
    live.start();
    const BareConnection client{live.server->port()};
    client.send("GET /later HTTP/1.1\r\nHost: localhost\r\n\r\n");
    bool replied = false;
    while (!replied) {
        live.on_loop([&] {
            if (withheld.replies.empty()) return;
            withheld.replies.front()({.body = "late"});
            replied = true;
        });
    }
    EXPECT_NE(client.read_until("late").find("200 OK"), std::string::npos);
}

TEST(HttpServer, AnswersForAHandlerThatNeverDoes) {
    LiveServer live{{.request_timeout = milliseconds{50}}};
    Withheld withheld;
    live.server->on("GET", "/never", withheld.handler());
    live.start();
    EXPECT_EQ(live.call("GET", "/never").status, 504);
    live.on_loop([&] { withheld.replies.front()({.body = "too late"}); });
    EXPECT_EQ(live.call("GET", "/nowhere").status, 404);
}

TEST(HttpServer, IgnoresASecondReply) {
    LiveServer live;
    live.server->on("GET", "/twice", [](const HttpRequest&, HttpReply reply) {
        reply({.body = "one"});
        reply({.body = "two"});
    });
    live.start();
    EXPECT_EQ(live.call("GET", "/twice").body, "one");
}

TEST(HttpServer, AnswersPipelinedRequestsInTheirOrder) {
    LiveServer live;
    live.server->on("GET", "/{what}", echo());
    live.start();
    const std::string answers =
        answer_to(live.server->port(),
                  "GET /first HTTP/1.1\r\nHost: localhost\r\n\r\n"
                  "GET /second HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    const auto first = answers.find("GET /first");
    EXPECT_NE(first, std::string::npos) << answers;
    EXPECT_LT(first, answers.find("GET /second")) << answers;
    EXPECT_EQ(answers.find("TIMED OUT"), std::string::npos);
}

TEST(HttpServer, RefusesWhatTwoReadersCouldReadDifferently) {
    LiveServer live;
    live.server->on("POST", "/sales", echo());
    live.start();
    const std::uint16_t port = live.server->port();
    const std::string head = "POST /sales HTTP/1.1\r\nHost: localhost\r\n";
    EXPECT_EQ(status_of(answer_to(
                  port, head + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")),
              400);
    EXPECT_EQ(status_of(answer_to(
                  port, head + "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n")),
              400);
    EXPECT_EQ(status_of(answer_to(port, head + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n")),
              400);
    EXPECT_EQ(status_of(answer_to(port, head + "Transfer-Encoding: gzip\r\n\r\n")), 400);
    EXPECT_EQ(
        status_of(answer_to(port, head + "Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc")),
        400);
    EXPECT_EQ(status_of(answer_to(
                  port, "POST /sales HTTP/1.0\r\nHost: localhost\r\nContent-Length: 3\r\n\r\nabc")),
              400);
    EXPECT_GT(live.refused("request_check"), 0);
}

TEST(HttpServer, RefusesAHostThatIsNotOurs) {
    LiveServer live;
    live.server->on("GET", "/here", echo());
    live.start({.host_names = {"shop.local"}});
    EXPECT_EQ(live.call("GET", "/here", {{"Host", "evil.example"}}).status, 400);
    EXPECT_EQ(live.call("GET", "/here", {{"Host", "127.0.0.1.evil.example"}}).status, 400);
    EXPECT_EQ(live.call("GET", "/here", {{"Host", "Shop.local:8480"}}).status, 200);
    EXPECT_EQ(status_of(answer_to(live.server->port(), "GET /here HTTP/1.1\r\n\r\n")), 400);
}

TEST(HttpServer, RefusesAPostFromAnotherSitesPage) {
    LiveServer live;
    live.server->on("POST", "/sales", echo());
    live.start();
    EXPECT_EQ(live.call("POST", "/sales", {{"Origin", "http://evil.example"}}).status, 403);
    EXPECT_EQ(live.call("POST", "/sales", {{"Origin", "null"}}).status, 403);
    EXPECT_EQ(live.call("POST", "/sales", {{"Origin", "http://" + live.address()}}).status, 200);
    EXPECT_EQ(live.call("POST", "/sales").status, 200);
}

TEST(HttpServer, KeepsItsLimitsOfSize) {
    LiveServer live{{.body_bytes_max = 1000}};
    live.server->on("POST", "/sales", echo());
    live.start();
    EXPECT_EQ(live.call("POST", "/sales", {}, std::string(1000, 'x')).status, 200);
    EXPECT_EQ(live.call("POST", "/sales", {}, std::string(1001, 'x')).status, 413);
    EXPECT_EQ(live.call("POST", "/sales", {{"X-Long", std::string(9000, 'x')}}).status, 431);
    EXPECT_EQ(live.call("POST", "/" + std::string(3000, 'x')).status, 414);
    EXPECT_EQ(live.call("POST", "/" + std::string(9000, 'x')).status, 414);
}

TEST(HttpServer, TellsTheSenderOfARefusedBodyWhyEvenWhileItSends) {
    LiveServer live;
    live.server->on("POST", "/sales", echo());
    live.start();
    EXPECT_EQ(live.call("POST", "/sales", {}, std::string(5 * 1024 * 1024, 'x')).status, 413);
}

TEST(HttpServer, AsksForABodyThatIsAnnounced) {
    LiveServer live;
    live.server->on("POST", "/sales", echo());
    live.start();
    const BareConnection client{live.server->port()};
    client.send(
        "POST /sales HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nExpect: "
        "100-continue\r\n\r\n");
    EXPECT_EQ(status_of(client.read_until("\r\n\r\n")), 100);
    client.send("body");
    EXPECT_EQ(status_of(client.read_until("POST /sales body")), 200);
}

TEST(HttpServer, DoesNotWaitForASlowRequest) {
    LiveServer live{{.request_timeout = milliseconds{50}}};
    live.start();
    const BareConnection client{live.server->port()};
    client.send("GET / HTTP/1.1\r\nHost: loc");
    EXPECT_EQ(status_of(client.read_all()), 408);
}

TEST(HttpServer, ClosesAnIdleConnection) {
    LiveServer live{{.idle_timeout = milliseconds{50}}};
    live.start();
    const BareConnection client{live.server->port()};
    EXPECT_EQ(client.read_all(), "");
}

TEST(HttpServer, RefusesConnectionsBeyondItsLimit) {
    LiveServer live{{.connections_max = 2}};
    live.server->on("GET", "/here", echo());
    live.start();
    const std::uint16_t port = live.server->port();
    {
        const BareConnection first{port};
        const BareConnection second{port};
        const std::string answer = answer_to(port, "GET /here HTTP/1.1\r\nHost: localhost\r\n\r\n");
        EXPECT_EQ(status_of(answer), 503);
        EXPECT_NE(answer.find("Retry-After: 1"), std::string::npos);
        EXPECT_EQ(live.refused("connections"), 1);
    }
    int status = 503;  // the loop may not yet have seen the two go
    for (int tries = 0; status == 503 && tries < 1000; ++tries)
        status = live.call("GET", "/here").status;
    EXPECT_EQ(status, 200);
}

TEST(HttpServer, RefusesOnePeersConnectionsBeyondItsShare) {
    LiveServer live{{.connections_per_peer_max = 1}};
    live.start();
    const BareConnection first{live.server->port()};
    EXPECT_EQ(status_of(answer_to(live.server->port(), "")), 429);
}

TEST(HttpServer, TellsThePeersUserOnTheUnixSocket) {
    LiveServer live;
    HttpRequest seen;
    live.server->on("GET", "/here", [&](const HttpRequest& request, HttpReply reply) {
        seen = request;
        reply({});
    });
    const std::string path = socket_path("peer");
    live.start({.unix_socket = path, .tcp = false});
    struct stat file {};
    ASSERT_EQ(stat(path.c_str(), &file), 0);
    EXPECT_EQ(file.st_mode & 0777U, 0660U);
    const auto answer =
        http_call("unix:" + path, {.path = "/here", .headers = {{"Host", "any"}}}, seconds{5});
    ASSERT_TRUE(answer) << answer.error().detail;
    EXPECT_EQ(answer->status, 200);
    EXPECT_EQ(seen.peer, "unix:" + std::to_string(getuid()));
    EXPECT_TRUE(seen.local);
    live.stop();
    EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(HttpServer, ReplacesAnOldSocketButNoOtherFile) {
    const std::string path = socket_path("old");
    {
        auto abandoned = std::make_unique<LiveServer>();
        abandoned->start({.unix_socket = path, .tcp = false});
        LiveServer next;
        next.start({.unix_socket = path, .tcp = false});
    }
    std::filesystem::create_directory(path);
    LiveServer live;
    live.on_loop([&] {
        EXPECT_EQ(live.server->listen({.unix_socket = path, .tcp = false}).error().fault,
                  Fault::Unavailable);
    });
    EXPECT_TRUE(std::filesystem::remove(path));
}

TEST(HttpServer, DoesNotListenBeyondLoopback) {
    LiveServer live;
    live.on_loop([&] {
        EXPECT_EQ(live.server->listen({.host = "0.0.0.0"}).error().fault, Fault::Denied);
        EXPECT_EQ(live.server->listen({.host = "shop"}).error().fault, Fault::Malformed);
    });
}

TEST(HttpServer, SaysThatAPortIsTaken) {
    LiveServer live;
    live.start();
    LiveServer other;
    const HttpBinding taken{.port = live.server->port()};
    other.on_loop(
        [&] { EXPECT_EQ(other.server->listen(taken).error().fault, Fault::Unavailable); });
}

TEST(HttpServer, LeavesOutHeadersThatWouldBreakTheAnswerApart) {
    LiveServer live;
    live.server->on("GET", "/here", [](const HttpRequest&, HttpReply reply) {
        reply({.headers = {{"X-Bad", "a\r\nSet-Cookie: b"}, {"X-Good", "c"}}});
    });
    live.start();
    const auto answer = live.call("GET", "/here");
    EXPECT_EQ(answer.headers.at("x-good"), "c");
    EXPECT_FALSE(answer.headers.contains("set-cookie"));
}

TEST(HttpServer, ClosesEverythingWhenItStops) {
    LiveServer live;
    Withheld withheld;
    live.server->on("GET", "/never", withheld.handler());
    live.start();
    const BareConnection idle{live.server->port()};
    const BareConnection waiting{live.server->port()};
    waiting.send("GET /never HTTP/1.1\r\nHost: localhost\r\n\r\n");
    bool in_handler = false;
    while (!in_handler) live.on_loop([&] { in_handler = !withheld.replies.empty(); });
    live.on_loop([&] {
        live.server->stop();
        withheld.replies.front()({.body = "nobody hears"});
    });
    EXPECT_EQ(idle.read_all(), "");
    EXPECT_EQ(waiting.read_all(), "");
}

TEST(HttpServer, CountsRequestsByTheClassOfTheirStatus) {
    LiveServer live;
    live.server->on("GET", "/here", echo());
    live.start();
    live.call("GET", "/here");
    live.call("GET", "/nowhere");
    const std::string text = live.metrics->text();
    EXPECT_NE(text.find(R"(aisle_http_requests_total{class="2xx"} 1)"), std::string::npos) << text;
    EXPECT_NE(text.find(R"(aisle_http_requests_total{class="4xx"} 1)"), std::string::npos) << text;
}

}  // namespace
}  // namespace aisle::runtime
