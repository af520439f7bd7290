#include <gtest/gtest.h>

#include <vector>

#include "agent/runtime/websocket_client.hpp"
#include "live_server.hpp"

// How one connection is kept over several requests, told by the bytes on the wire.
namespace aisle::runtime {
namespace {

constexpr std::string_view kGet = "GET /here HTTP/1.1\r\nHost: localhost\r\n\r\n";
constexpr std::string_view kLastGet =
    "GET /here HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

// Answers at /here with what it was asked.
struct Here : LiveServer {
    explicit Here(HttpLimits limits = {}) : LiveServer{limits} {
        for (const char* const method : {"GET", "POST"}) server->on(method, "/here", echo());
        start();
    }
    [[nodiscard]] std::string ask(std::string_view bytes) const {
        return answer_to(server->port(), bytes);
    }
};

int answers_in(std::string_view text) {
    int n = 0;
    for (std::size_t at = 0; (at = text.find("HTTP/1.", at)) != text.npos; ++at) ++n;
    return n;
}

TEST(HttpSession, KeepsTheConnectionForTheNextRequest) {
    const Here here;
    const BareConnection client{here.server->port()};
    for (int i = 0; i < 5; ++i) {
        client.send(kGet);
        EXPECT_EQ(status_of(client.read_until("GET /here ")), 200) << i;
    }
    client.send(kLastGet);
    EXPECT_NE(client.read_all().find("Connection: close"), std::string::npos);
}

TEST(HttpSession, ClosesAfterAnAnswerInHttp10) {
    const Here here;
    const BareConnection client{here.server->port()};
    client.send("GET /here HTTP/1.0\r\nHost: localhost\r\n\r\n");
    const std::string answer = client.read_all();
    EXPECT_EQ(status_of(answer), 200);
    EXPECT_EQ(answer.find("TIMED OUT"), answer.npos);
}

TEST(HttpSession, ReadsARequestThatComesByteByByte) {
    const Here here;
    const BareConnection client{here.server->port()};
    const std::string request =
        "POST /here HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\nabc";
    for (const char byte : request) client.send({&byte, 1});
    EXPECT_EQ(status_of(client.read_until("POST /here abc")), 200);
}

TEST(HttpSession, TakesNoRequestAfterOneThatItRefused) {
    const Here here;
    const std::string answers =
        here.ask("POST /here HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n" +
                 std::string{kGet});
    EXPECT_EQ(status_of(answers), 400);
    EXPECT_EQ(answers_in(answers), 1) << answers;
}

TEST(HttpSession, SendsNoBodyInAnswerToHeadAndGoesOn) {
    const Here here;
    const std::string answers =
        here.ask("HEAD /here HTTP/1.1\r\nHost: localhost\r\n\r\n" + std::string{kLastGet});
    EXPECT_EQ(answers_in(answers), 2);
    EXPECT_NE(answers.find("\r\n\r\nHTTP/1.1 200 OK"), answers.npos) << answers;
}

TEST(HttpSession, SaysThatWhatItReadIsNoRequest) {
    const Here here;
    for (const char* const bytes :
         {"hello\r\n\r\n", "GET /here\r\n\r\n", "GET /here HTTP/3.0\r\n\r\n",
          "GET /here HTTP/1.1\r\nno colon\r\n\r\n", "\x16\x03\x01\x02 TLS\r\n\r\n"}) {
        EXPECT_EQ(status_of(here.ask(bytes)), 400) << bytes;
    }
}

TEST(HttpSession, SaysThatARequestWasCutOff) {
    const Here here;
    EXPECT_EQ(status_of(here.ask(
                  "POST /here HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nabc")),
              400);
}

TEST(HttpSession, RefusesATargetThatIsNoPath) {
    const Here here;
    for (const char* const target : {"*", "http://localhost/here", "here", "/%zz"}) {
        const std::string request =
            "GET " + std::string{target} + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
        EXPECT_EQ(status_of(here.ask(request)), 400) << target;
    }
}

TEST(HttpSession, RefusesAnImpossibleLength) {
    const Here here;
    for (const char* const length : {"-1", "abc", "1 2", "0x10", "99999999999999999999999"}) {
        const std::string request =
            "POST /here HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + std::string{length} +
            "\r\n\r\n";
        EXPECT_EQ(status_of(here.ask(request)), 400) << length;
    }
}

TEST(HttpSession, RefusesTwoHosts) {
    const Here here;
    EXPECT_EQ(
        status_of(here.ask("GET /here HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n")),
        400);
}

TEST(HttpSession, RefusesTwoOrigins) {
    const Here here;
    const std::string ours = "Origin: http://localhost\r\n";
    EXPECT_EQ(
        status_of(here.ask("POST /here HTTP/1.1\r\nHost: localhost\r\n" + ours + ours + "\r\n")),
        403);
}

TEST(HttpSession, TellsTheTimeIfItsClockIsWorthIt) {
    Here here;
    EXPECT_EQ(here.call("GET", "/here").headers.at("date"), "Sun, 15 Jun 2025 15:06:40 GMT");
    Stamp unsure = here.clock.now();
    unsure.quality = ClockQuality::None;
    here.on_loop([&] { here.clock.set(unsure); });
    EXPECT_FALSE(here.call("GET", "/here").headers.contains("date"));
}

TEST(HttpSession, LeavesAHandlerItsOwnHeaders) {
    LiveServer live;
    live.server->on("GET", "/page", [](const HttpRequest&, const HttpReply& reply) {
        reply(
            {.type = "text/html", .headers = {{"Cache-Control", "max-age=60"}, {"ETag", "\"1\""}}});
    });
    live.start();
    const auto answer = live.call("GET", "/page");
    EXPECT_EQ(answer.type, "text/html");
    EXPECT_EQ(answer.headers.at("cache-control"), "max-age=60");
    EXPECT_EQ(answer.headers.at("etag"), "\"1\"");
}

TEST(HttpSession, DoesNotLetAnswersBeKeptUnlessToldTo) {
    Here here;
    EXPECT_EQ(here.call("GET", "/here").headers.at("cache-control"), "no-store");
}

TEST(HttpSession, SendsNoBodyWhereThereCanBeNone) {
    LiveServer live;
    live.server->on("GET", "/none", [](const HttpRequest&, const HttpReply& reply) {
        reply({.status = 204, .body = "never seen"});
    });
    live.start();
    const std::string answers =
        answer_to(live.server->port(),
                  "GET /none HTTP/1.1\r\nHost: localhost\r\n\r\n"
                  "GET /none HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    EXPECT_EQ(answers_in(answers), 2);
    EXPECT_EQ(answers.find("never seen"), answers.npos);
}

TEST(HttpSession, JoinsAHeaderThatIsRepeated) {
    LiveServer live;
    std::string seen;
    live.server->on("GET", "/here", [&](const HttpRequest& request, const HttpReply& reply) {
        seen = request.headers.at("x-tag");
        reply({});
    });
    live.start();
    EXPECT_EQ(status_of(answer_to(
                  live.server->port(),
                  "GET /here HTTP/1.1\r\nHost: localhost\r\nX-Tag: a\r\nx-tag: b\r\n\r\n")),
              200);
    EXPECT_EQ(seen, "a, b");
}

TEST(HttpSession, GivesUpOnAClientThatDoesNotReadItsAnswer) {
    LiveServer live{{.request_timeout = milliseconds{50}}};
    live.server->on("GET", "/long", [](const HttpRequest&, const HttpReply& reply) {
        reply({.body = std::string(64 * 1024 * 1024, 'x')});
    });
    live.start();
    const BareConnection client{live.server->port()};
    client.send("GET /long HTTP/1.1\r\nHost: localhost\r\n\r\n");
    auto& open = live.metrics->gauge("aisle_http_connections", "");
    bool seen = false;
    for (bool gone = false; !gone;) {
        live.on_loop([&] {
            seen = seen || open.value() == 1;
            gone = seen && open.value() == 0;
        });
    }
    EXPECT_EQ(open.value(), 0);
}

TEST(HttpSession, WantsTheUpgradeToBeARequestWithoutABody) {
    LiveServer live;
    live.server->on_websocket("/live", {});
    live.start();
    const std::string upgrade =
        "GET /live HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    const std::uint16_t port = live.server->port();
    EXPECT_EQ(status_of(answer_to(port, upgrade + "Sec-WebSocket-Version: 13\r\n\r\n")), 101);
    EXPECT_EQ(status_of(answer_to(
                  port, upgrade + "Sec-WebSocket-Version: 13\r\nContent-Length: 2\r\n\r\nab")),
              400);
    EXPECT_EQ(status_of(answer_to(port, upgrade + "Sec-WebSocket-Version: 7\r\n\r\n")), 426);
}

TEST(HttpSession, OffersNoCompressionOnAWebSocket) {
    LiveServer live;
    live.server->on_websocket("/live", {});
    live.start();
    const std::string answer = answer_to(
        live.server->port(),
        "GET /live HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n");
    EXPECT_EQ(status_of(answer), 101);
    EXPECT_EQ(answer.find("permessage-deflate"), answer.npos);
    EXPECT_NE(answer.find("X-Content-Type-Options: nosniff"), answer.npos);
}

TEST(HttpSession, TakesOnlyTextOnAWebSocket) {
    LiveServer live;
    int texts = 0;
    live.server->on_websocket(
        "/live",
        {.opened = {}, .text = [&](const auto&, std::string_view) { ++texts; }, .closed = {}});
    live.start();
    const BareConnection client{live.server->port()};
    client.send(
        "GET /live HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n");
    EXPECT_EQ(status_of(client.read_until("\r\n\r\n")), 101);
    client.send("\x82\x82\x01\x01\x01\x01 !");  // binary, two bytes, masked
    const std::string close_frame = client.read_all();
    ASSERT_GE(close_frame.size(), 4U);
    EXPECT_EQ(close_frame[0], '\x88');
    EXPECT_EQ(close_frame.substr(2, 2), std::string("\x03\xeb"));  // 1003: cannot accept this kind
    EXPECT_EQ(texts, 0);
}

}  // namespace
}  // namespace aisle::runtime
