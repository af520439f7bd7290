#include "sync/mqtt/socket_options.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <charconv>
#include <filesystem>
#include <string>
#include <system_error>

namespace aisle::mqtt {

std::uint16_t peer_port_of(int descriptor) {
    sockaddr_storage peer{};
    socklen_t size = sizeof peer;
    if (getpeername(descriptor, reinterpret_cast<sockaddr*>(&peer), &size) != 0) return 0;
    if (peer.ss_family == AF_INET) return ntohs(reinterpret_cast<sockaddr_in*>(&peer)->sin_port);
    if (peer.ss_family == AF_INET6) return ntohs(reinterpret_cast<sockaddr_in6*>(&peer)->sin6_port);
    return 0;
}

// Another connection to the same port number loses nothing by it, so the host is not compared.
int tune_connections(std::uint16_t peer_port) {
    int found = 0;
    std::error_code failed;
    for (const auto& entry : std::filesystem::directory_iterator{"/proc/self/fd", failed}) {
        const std::string name = entry.path().filename().string();
        int descriptor = -1;
        std::from_chars(name.data(), name.data() + name.size(), descriptor);
        if (descriptor < 0 || peer_port_of(descriptor) != peer_port) continue;
        const int on = 1;
        if (setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) != 0) continue;
        constexpr int kUnansweredMs = 20'000;
        setsockopt(descriptor, IPPROTO_TCP, TCP_USER_TIMEOUT, &kUnansweredMs, sizeof kUnansweredMs);
        ++found;
    }
    return found;
}

}  // namespace aisle::mqtt
