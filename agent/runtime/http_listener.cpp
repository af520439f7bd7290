#include "agent/runtime/http_listener.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <optional>
#include <utility>

#include "agent/runtime/log.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>

namespace aisle::runtime {

namespace {

constexpr int kBacklog = 128;
constexpr mode_t kUnixSocketMode = 0660;
constexpr milliseconds kPauseAfterError{100};

Peer unix_peer(int fd) {
    ucred who{};
    socklen_t size = sizeof who;
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &size) != 0) return {"unix:unknown", true};
    return {"unix:" + std::to_string(who.uid), true};
}

Peer tcp_peer(const sockaddr_storage& address) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    const void* const raw =
        address.ss_family == AF_INET6
            ? static_cast<const void*>(&reinterpret_cast<const sockaddr_in6&>(address).sin6_addr)
            : static_cast<const void*>(&reinterpret_cast<const sockaddr_in&>(address).sin_addr);
    inet_ntop(address.ss_family, raw, text.data(), text.size());
    return {text.data(), false};
}

// Empty if the other end has gone already.
std::optional<Peer> peer_of(int fd) {
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    if (getpeername(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0) return std::nullopt;
    return address.ss_family == AF_UNIX ? unix_peer(fd) : tcp_peer(address);
}

// Cards on the tablet are single small messages: they must not wait for one another.
void send_at_once(int fd) {
    const int on = 1;
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

// What an agent that was killed has left. Anything that is no socket stays, and bind() will say so.
void remove_old_socket(const std::string& path) {
    struct stat old {};
    if (lstat(path.c_str(), &old) == 0 && S_ISSOCK(old.st_mode)) unlink(path.c_str());
}

Error cannot_listen(const std::string& where, const ErrorCode& error) {
    return unavailable("cannot listen on " + where + ": " + error.message());
}

}  // namespace

Result<std::shared_ptr<HttpListener>> HttpListener::tcp(asio::io_context& io,
                                                        const HttpBinding& binding) {
    ErrorCode error;
    const std::string& host = binding.host == "localhost" ? "127.0.0.1" : binding.host;
    const auto address = asio::ip::make_address(host, error);
    if (error) return malformed("\"" + binding.host + "\" is no address to listen on");
    if (!address.is_loopback()) {
        return denied("listening on " + binding.host +
                      " needs TLS: use 127.0.0.1 behind a proxy that has it");
    }
    auto listener = std::make_shared<HttpListener>(io);
    Status ready = listener->bind(asio::ip::tcp::endpoint{address, binding.port});
    if (ready) ready = listener->listen();
    if (!ready) return ready.error();
    return listener;
}

Result<std::shared_ptr<HttpListener>> HttpListener::unix_socket(asio::io_context& io,
                                                                const std::string& path) {
    if (path.size() >= sizeof(sockaddr_un::sun_path))
        return malformed(path + ": too long for a socket");
    remove_old_socket(path);
    auto listener = std::make_shared<HttpListener>(io);
    Status ready = listener->bind(asio::local::stream_protocol::endpoint{path});
    if (!ready) return unavailable(path + ": " + ready.error().detail);
    listener->unix_path_ = path;
    // Nobody can connect before listen(): there is no moment with wider rights.
    if (chmod(path.c_str(), kUnixSocketMode) != 0) return unavailable(path + ": chmod failed");
    ready = listener->listen();
    if (!ready) return ready.error();
    return listener;
}

HttpListener::~HttpListener() { stop(); }

Status HttpListener::bind(const Protocol::endpoint& endpoint) {
    ErrorCode error;
    const int family = endpoint.data()->sa_family;
    acceptor_.open(Protocol{family, family == AF_UNIX ? 0 : IPPROTO_TCP}, error);
    // A restart must not wait for connections of before that the kernel still keeps.
    if (!error && family != AF_UNIX)
        acceptor_.set_option(asio::socket_base::reuse_address{true}, error);
    if (!error) acceptor_.bind(endpoint, error);
    if (error) return cannot_listen("the address", error);
    return {};
}

Status HttpListener::listen() {
    ErrorCode error;
    acceptor_.listen(kBacklog, error);
    if (error) return cannot_listen("the address", error);
    return {};
}

std::uint16_t HttpListener::port() const {
    ErrorCode error;
    const auto endpoint = acceptor_.local_endpoint(error);
    if (error || endpoint.data()->sa_family == AF_UNIX) return 0;
    // sin_port and sin6_port lie in the same place.
    sockaddr_in address{};
    std::memcpy(&address, endpoint.data(), sizeof address);
    return ntohs(address.sin_port);
}

void HttpListener::start(Accepted accepted) {
    accepted_ = std::move(accepted);
    accept();
}

void HttpListener::stop() {
    ErrorCode ignored;
    acceptor_.close(ignored);
    pause_.cancel();
    accepted_ = nullptr;
    if (!unix_path_.empty()) unlink(unix_path_.c_str());
    unix_path_.clear();
}

void HttpListener::accept() {
    acceptor_.async_accept([weak = weak_from_this()](ErrorCode error, Socket socket) {
        if (const auto self = weak.lock()) self->on_accepted(error, std::move(socket));
    });
}

void HttpListener::on_accepted(ErrorCode error, Socket socket) {
    if (!acceptor_.is_open() || !accepted_) return;
    if (error) {
        // No descriptors, most likely: trying at once again would only burn the processor.
        log::warn("http_accept_failed", {{"reason", error.message()}});
        pause_.expires_after(kPauseAfterError);
        pause_.async_wait([weak = weak_from_this()](ErrorCode cancelled) {
            const auto self = weak.lock();
            if (self && !cancelled && self->acceptor_.is_open()) self->accept();
        });
        return;
    }
    const int fd = socket.native_handle();
    if (auto peer = peer_of(fd)) {
        if (!peer->local) send_at_once(fd);
        accepted_(std::move(socket), std::move(*peer));
    }
    if (acceptor_.is_open()) accept();
}

}  // namespace aisle::runtime
