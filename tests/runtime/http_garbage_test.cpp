#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "live_server.hpp"

// Whatever bytes arrive, each connection is answered or closed, and the server goes on.
namespace aisle::runtime {
namespace {

constexpr int kMutants = 5'000;
constexpr unsigned kSeed = 20261121;

using Random = std::mt19937;

std::size_t below(Random& random, std::size_t end) { return end == 0 ? 0 : random() % end; }

const std::vector<std::string>& good_requests() {
    static const std::vector<std::string> kGood{
        "GET /api/v1/offers?since=7&zone=a%20b HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\n\r\n",
        "POST /api/v1/sales HTTP/1.1\r\nHost: 127.0.0.1:8480\r\nContent-Type: application/json\r\n"
        "X-Aisle-Signature: t=1,sha256=00\r\nContent-Length: 17\r\n\r\n{\"store\":\"s-001\"}",
        "POST /api/v1/offers/42:accept HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n"
        "Expect: 100-continue\r\n\r\n{}",
        "GET /api/v1/live HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: "
        "Upgrade\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
        "\x81\x85\x01\x02\x03\x04iglhn",
        "HEAD /livez HTTP/1.0\r\nHost: localhost\r\n\r\n"};
    return kGood;
}

void flip_bytes(std::string& text, Random& random) {
    for (std::size_t i = 0, n = 1 + below(random, 8); i < n; ++i) {
        text[below(random, text.size())] = static_cast<char>(random());
    }
}

void truncate(std::string& text, Random& random) {
    text.resize(1 + below(random, text.size() - 1));
}

void repeat_a_part(std::string& text, Random& random) {
    const std::size_t from = below(random, text.size());
    const std::string part = text.substr(from, 1 + below(random, 64));
    std::string run;
    for (std::size_t i = 0, n = 1 + below(random, 300); i < n; ++i) run += part;
    text.insert(from, run);
}

void inject_a_header(std::string& text, Random& random) {
    static const std::vector<std::string> kHeaders{
        "Transfer-Encoding: chunked\r\n",  "Content-Length: 5\r\n",
        "Content-Length: -1\r\n",          "Host: evil.example\r\n",
        "Connection: upgrade, close\r\n",  "Content-Length: 99999999999999999999\r\n",
        "Upgrade: websocket\r\n",          " folded: yes\r\n",
        "Origin: http://evil.example\r\n", ": no name\r\n",
        "Expect: 100-continue\r\n",        std::string{"N\0l: x\r\n", 8}};
    const std::size_t line = text.find("\r\n");
    if (line != text.npos) text.insert(line + 2, kHeaders[below(random, kHeaders.size())]);
}

std::string mutant(Random& random) {
    std::string text = good_requests()[below(random, good_requests().size())];
    for (std::size_t i = 0, n = 1 + below(random, 3); i < n; ++i) {
        switch (below(random, 4)) {
            case 0:
                flip_bytes(text, random);
                break;
            case 1:
                truncate(text, random);
                break;
            case 2:
                repeat_a_part(text, random);
                break;
            default:
                inject_a_header(text, random);
        }
        if (text.size() < 2) break;
    }
    return text;
}

TEST(HttpGarbage, IsAnsweredOrClosedAndTheServerGoesOn) {
    LiveServer live{{.request_timeout = seconds{2}, .idle_timeout = seconds{2}}};
    live.server->on("GET", "/api/v1/offers", echo());
    live.server->on("POST", "/api/v1/sales", echo());
    live.server->on("POST", "/api/v1/offers/{id}:accept", echo());
    live.server->on("GET", "/livez", echo());
    live.server->on_websocket("/api/v1/live", {});
    live.start();

    Random random{kSeed};
    int answered = 0;
    for (int i = 0; i < kMutants; ++i) {
        const std::string bytes = mutant(random);
        const std::string answer = answer_to(live.server->port(), bytes);
        ASSERT_EQ(answer.find("TIMED OUT"), answer.npos) << "mutant " << i << ": " << bytes;
        answered += status_of(answer) != 0 ? 1 : 0;
    }
    EXPECT_GT(answered, kMutants / 2);
    EXPECT_EQ(live.call("GET", "/livez").status, 200);
}

}  // namespace
}  // namespace aisle::runtime
