#include "agent/runtime/service_notify.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <vector>

#include "loop_kit.hpp"

namespace aisle::runtime {
namespace {

// What systemd would hear.
class NotifySocket {
public:
    NotifySocket() : fd_{socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0)} {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::strncpy(address.sun_path, path().c_str(), sizeof address.sun_path - 1);
        EXPECT_EQ(bind(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    }
    ~NotifySocket() { close(fd_); }
    NotifySocket(const NotifySocket&) = delete;
    NotifySocket& operator=(const NotifySocket&) = delete;

    [[nodiscard]] std::vector<std::string> heard() const {
        std::vector<std::string> all;
        std::array<char, 1024> message{};
        for (ssize_t got = 0; (got = recv(fd_, message.data(), message.size(), 0)) > 0;) {
            all.emplace_back(message.data(), static_cast<std::size_t>(got));
        }
        return all;
    }
    [[nodiscard]] std::string path() const { return folder_.path("notify"); }

private:
    TestFolder folder_;
    int fd_;
};

using Heard = std::vector<std::string>;

struct Service {
    NotifySocket systemd;
    TestVariable where{"NOTIFY_SOCKET", systemd.path()};
    ManualClock clock;
    InlineExecutor loop{clock};
    ServiceNotify notify{loop};
};

TEST(ServiceNotify, SaysReadyWithItsStatus) {
    Service service;
    service.notify.ready("3 doors,\n1 till");
    EXPECT_EQ(service.systemd.heard(), (Heard{"READY=1\nSTATUS=3 doors, 1 till"}));
}

TEST(ServiceNotify, SaysStatusAndStopping) {
    Service service;
    service.notify.status("catching up");
    service.notify.stopping();
    EXPECT_EQ(service.systemd.heard(), (Heard{"STATUS=catching up", "STOPPING=1"}));
}

TEST(ServiceNotify, SaysWhenAReloadBegan) {
    Service service;
    service.notify.reloading();
    const Heard heard = service.systemd.heard();
    ASSERT_EQ(heard.size(), 1U);
    EXPECT_TRUE(heard[0].starts_with("RELOADING=1\nMONOTONIC_USEC=")) << heard[0];
}

TEST(ServiceNotify, FeedsTheWatchdogTwiceInItsTime) {
    Service service;
    const TestVariable watchdog{"WATCHDOG_USEC", "10000000"};
    service.notify.ready("up");
    service.notify.ready("up again");
    EXPECT_EQ(service.systemd.heard(),
              (Heard{"READY=1\nSTATUS=up", "WATCHDOG=1", "READY=1\nSTATUS=up again"}));
    service.loop.advance(milliseconds{4'999});
    EXPECT_EQ(service.systemd.heard(), Heard{});
    service.loop.advance(milliseconds{1});
    EXPECT_EQ(service.systemd.heard(), (Heard{"WATCHDOG=1"}));
    service.loop.advance(milliseconds{10'000});
    EXPECT_EQ(service.systemd.heard(), (Heard{"WATCHDOG=1", "WATCHDOG=1"}));
}

TEST(ServiceNotify, DoesNotFeedAnothersWatchdog) {
    Service service;
    const TestVariable watchdog{"WATCHDOG_USEC", "10000000"};
    const TestVariable pid{"WATCHDOG_PID", "1"};
    service.notify.ready("up");
    service.loop.advance(milliseconds{60'000});
    EXPECT_EQ(service.systemd.heard(), (Heard{"READY=1\nSTATUS=up"}));
}

}  // namespace
}  // namespace aisle::runtime
