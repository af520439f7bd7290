#include "tests/kit/tcp_proxy.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdlib>
#include <deque>
#include <list>
#include <mutex>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace aisle::kit {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kHeldBytesMax = 1024 * 1024;  // each way; beyond, the sender waits
constexpr std::size_t kReadBytes = 16 * 1024;
constexpr std::uint64_t kMillion = 1'000'000;

sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

struct Chunk {
    std::string bytes;
    Clock::time_point due;
};

// One direction of one connection.
struct Way {
    int from = -1;
    int to = -1;
    std::deque<Chunk> held;
    std::size_t held_bytes = 0;
    bool ended = false;  // `from` has said that nothing more comes
};

struct Link {
    Way up;
    Way down;
    std::size_t bytes = 0;
};

void close_link(Link& link, bool with_reset) {
    const linger at_once{.l_onoff = 1, .l_linger = 0};
    for (const int fd : {link.up.from, link.up.to}) {
        if (with_reset) setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
        close(fd);
    }
}

}  // namespace

struct TcpProxy::Core {
    enum class End { None, Cut, Reset };

    void run();
    void accept_one();
    void wait_for_work();
    bool carry(Link& link);  // false: the link is over
    bool read_from(Link& link, Way& way);
    bool write_due(Way& way) const;
    void corrupt(std::string& bytes);
    void nudge() const {
        const std::uint64_t one = 1;
        if (write(wake, &one, sizeof one) != sizeof one) std::abort();
    }

    int listener = -1;
    int wake = -1;
    std::uint16_t port = 0;
    std::atomic<bool> stopping = false;
    std::atomic<std::size_t> connections = 0;
    std::atomic<std::size_t> corrupted = 0;
    std::atomic<std::size_t> passed = 0;
    std::mutex mutex;
    Faults asked;
    std::uint16_t target = 0;
    End end = End::None;

    // The thread's own.
    Faults faults;
    std::list<Link> links;
    std::mt19937_64 random;
    std::thread thread;
};

void TcpProxy::Core::accept_one() {
    const int client = accept4(listener, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (client < 0) return;
    ++connections;
    const int server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    std::uint16_t goal = 0;
    {
        const std::lock_guard lock{mutex};
        goal = target;
    }
    const sockaddr_in address = loopback(goal);
    if (faults.refuse ||
        connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        close(client);
        close(server);
        return;
    }
    fcntl(server, F_SETFL, O_NONBLOCK);
    const int on = 1;
    for (const int fd : {client, server}) setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    links.push_back({.up = {.from = client, .to = server}, .down = {.from = server, .to = client}});
}

void TcpProxy::Core::corrupt(std::string& bytes) {
    if (faults.corrupt_per_million == 0) return;
    for (char& byte : bytes) {
        if (random() % kMillion >= faults.corrupt_per_million) continue;
        byte = static_cast<char>(byte ^ static_cast<char>(1 + random() % 255));
        ++corrupted;
    }
}

bool TcpProxy::Core::read_from(Link& link, Way& way) {
    std::array<char, kReadBytes> part{};
    while (!way.ended && way.held_bytes < kHeldBytesMax) {
        const ssize_t got = recv(way.from, part.data(), part.size(), 0);
        if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) return true;
        if (got < 0) return false;
        if (got == 0) way.ended = true;
        if (got == 0 || faults.black_hole) continue;
        std::string bytes{part.data(), static_cast<std::size_t>(got)};
        link.bytes += bytes.size();
        passed += bytes.size();
        corrupt(bytes);
        way.held_bytes += bytes.size();
        way.held.push_back({std::move(bytes), Clock::now() + faults.delay});
    }
    return true;
}

bool TcpProxy::Core::write_due(Way& way) const {
    while (!faults.black_hole && !way.held.empty() && way.held.front().due <= Clock::now()) {
        std::string& bytes = way.held.front().bytes;
        const ssize_t sent = send(way.to, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) return true;
        if (sent < 0) return false;
        way.held_bytes -= static_cast<std::size_t>(sent);
        bytes.erase(0, static_cast<std::size_t>(sent));
        if (bytes.empty()) way.held.pop_front();
    }
    return !way.ended || !way.held.empty() || faults.black_hole;
}

bool TcpProxy::Core::carry(Link& link) {
    for (Way* way : {&link.up, &link.down})
        if (!read_from(link, *way) || !write_due(*way)) return close_link(link, false), false;
    if (faults.reset_after_bytes > 0 && link.bytes >= faults.reset_after_bytes)
        return close_link(link, true), false;
    return true;
}

// At most 10 ms while something is held back, so that delays are kept and full sockets are retried.
void TcpProxy::Core::wait_for_work() {
    std::vector<pollfd> all{{listener, POLLIN, 0}, {wake, POLLIN, 0}};
    bool holding = false;
    for (const Link& link : links) {
        for (const Way* way : {&link.up, &link.down}) {
            holding = holding || !way->held.empty();
            if (!way->ended && way->held_bytes < kHeldBytesMax)
                all.push_back({way->from, POLLIN, 0});
        }
    }
    poll(all.data(), all.size(), holding ? (faults.delay.count() > 0 ? 10 : 1) : 1'000);
    std::uint64_t ignored = 0;
    if ((all[1].revents & POLLIN) != 0 && read(wake, &ignored, sizeof ignored) < 0) std::abort();
    if ((all[0].revents & POLLIN) != 0) accept_one();
}

void TcpProxy::Core::run() {
    while (!stopping) {
        wait_for_work();
        End now = End::None;
        {
            const std::lock_guard lock{mutex};
            faults = asked;
            now = std::exchange(end, End::None);
        }
        if (now != End::None) {
            for (auto& link : links) close_link(link, now == End::Reset);
            links.clear();
        }
        links.remove_if([this](Link& link) { return !carry(link); });
    }
    for (auto& link : links) close_link(link, false);
}

TcpProxy::TcpProxy(std::uint16_t target, std::uint64_t seed) : core_{std::make_unique<Core>()} {
    core_->target = target;
    core_->random.seed(seed);
    core_->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    core_->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    sockaddr_in address = loopback(0);
    socklen_t size = sizeof address;
    auto* const any = reinterpret_cast<sockaddr*>(&address);
    if (bind(core_->listener, any, size) != 0 || listen(core_->listener, 64) != 0 ||
        getsockname(core_->listener, any, &size) != 0)
        std::abort();
    core_->port = ntohs(address.sin_port);
    core_->thread = std::thread{[core = core_.get()] { core->run(); }};
}

TcpProxy::~TcpProxy() {
    core_->stopping = true;
    core_->nudge();
    core_->thread.join();
    close(core_->listener);
    close(core_->wake);
}

std::uint16_t TcpProxy::port() const { return core_->port; }

void TcpProxy::set(const Faults& faults) {
    const std::lock_guard lock{core_->mutex};
    core_->asked = faults;
    core_->nudge();
}

void TcpProxy::aim(std::uint16_t target) {
    const std::lock_guard lock{core_->mutex};
    core_->target = target;
}

void TcpProxy::cut() {
    const std::lock_guard lock{core_->mutex};
    core_->end = Core::End::Cut;
    core_->nudge();
}

void TcpProxy::reset() {
    const std::lock_guard lock{core_->mutex};
    core_->end = Core::End::Reset;
    core_->nudge();
}

std::size_t TcpProxy::connections() const { return core_->connections; }
std::size_t TcpProxy::corrupted() const { return core_->corrupted; }
std::size_t TcpProxy::passed() const { return core_->passed; }

}  // namespace aisle::kit
