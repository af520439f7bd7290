#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sync/mqtt/socket_options.hpp"

namespace aisle::mqtt {
namespace {

struct Pair {
    Pair() {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto* const any = reinterpret_cast<sockaddr*>(&address);
        listener = socket(AF_INET, SOCK_STREAM, 0);
        client = socket(AF_INET, SOCK_STREAM, 0);
        connected = bind(listener, any, size) == 0 && listen(listener, 1) == 0 &&
                    getsockname(listener, any, &size) == 0 && connect(client, any, size) == 0;
        port = ntohs(address.sin_port);
    }
    ~Pair() {
        close(client);
        close(listener);
    }
    [[nodiscard]] bool no_delay() const {
        int on = 0;
        socklen_t size = sizeof on;
        getsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, &size);
        return on != 0;
    }
    [[nodiscard]] int unanswered_ms() const {
        int ms = 0;
        socklen_t size = sizeof ms;
        getsockopt(client, IPPROTO_TCP, TCP_USER_TIMEOUT, &ms, &size);
        return ms;
    }
    int listener = -1;
    int client = -1;
    bool connected = false;
    std::uint16_t port = 0;
};

TEST(SocketOptions, AreSetOnTheConnectionToThatPort) {
    const Pair wanted;
    const Pair other;
    ASSERT_TRUE(wanted.connected && other.connected);
    EXPECT_FALSE(wanted.no_delay());
    EXPECT_EQ(tune_connections(wanted.port), 1);
    EXPECT_TRUE(wanted.no_delay());
    EXPECT_FALSE(other.no_delay());
    EXPECT_EQ(wanted.unanswered_ms(), 20'000);
    EXPECT_EQ(other.unanswered_ms(), 0);
}

TEST(SocketOptions, FindNothingWhereThereIsNoConnection) { EXPECT_EQ(tune_connections(1), 0); }

}  // namespace
}  // namespace aisle::mqtt
