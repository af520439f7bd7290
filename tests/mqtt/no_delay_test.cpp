#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sync/mqtt/paho_client.hpp"

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
    int listener = -1;
    int client = -1;
    bool connected = false;
    std::uint16_t port = 0;
};

TEST(NoDelay, IsSetOnTheConnectionToThatPort) {
    const Pair wanted;
    const Pair other;
    ASSERT_TRUE(wanted.connected && other.connected);
    EXPECT_FALSE(wanted.no_delay());
    EXPECT_EQ(set_no_delay(wanted.port), 1);
    EXPECT_TRUE(wanted.no_delay());
    EXPECT_FALSE(other.no_delay());
}

TEST(NoDelay, FindsNothingWhereThereIsNoConnection) { EXPECT_EQ(set_no_delay(1), 0); }

}  // namespace
}  // namespace aisle::mqtt
