#pragma once

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <utility>

#include "agent/runtime/http_server.hpp"
#include "agent/runtime/inline_executor.hpp"
#include "agent/runtime/worker_thread.hpp"

// A server on a loop of its own thread, and a client that can send anything at all.
namespace aisle::runtime {

class LiveServer {
public:
    explicit LiveServer(HttpLimits limits = {})
        : server{make_http_server(loop, limits, *metrics)} {}
    ~LiveServer() { stop(); }
    LiveServer(const LiveServer&) = delete;
    LiveServer& operator=(const LiveServer&) = delete;

    // Routes are hung in before.
    void start(const HttpBinding& binding = {});
    // Runs `task` on the loop and waits for it.
    void on_loop(const std::function<void()>& task);
    void stop();

    [[nodiscard]] std::string address() const;
    // "<method> path" with `headers` and `body`; an answer that failed is a test failure.
    HttpResponse call(const std::string& method, const std::string& path,
                      std::map<std::string, std::string> headers = {}, std::string body = {});
    double refused(const std::string& reason);

    ManualClock clock;
    std::unique_ptr<Metrics> metrics = make_metrics();
    IoLoop loop{clock, *metrics};
    std::unique_ptr<HttpServer> server;

private:
    WorkerThread thread_{{.name = "test-loop"}, *metrics};
    bool running_ = false;
    bool stopped_ = false;
};

// A TCP connection as bare as it gets. Reads end after five seconds: that is a failure, not a wait.
class BareConnection {
public:
    explicit BareConnection(std::uint16_t port);
    ~BareConnection();
    BareConnection(const BareConnection&) = delete;
    BareConnection& operator=(const BareConnection&) = delete;

    void send(std::string_view bytes) const;
    void end_sending() const;
    // All up to the other end's close; "TIMED OUT" at the end if it did not close.
    [[nodiscard]] std::string read_all() const;
    // Up to and with `end`.
    [[nodiscard]] std::string read_until(std::string_view end) const;

private:
    int fd_;
};

// Sends, and reads until the server closes.
std::string answer_to(std::uint16_t port, std::string_view bytes);

// The status in an answer's first line; 0 if there is none.
int status_of(std::string_view answer);

// A handler that answers 200 with the request's method, path and body.
HttpHandler echo();

inline void LiveServer::start(const HttpBinding& binding) {
    on_loop([&] {
        const Status listening = server->listen(binding);
        EXPECT_TRUE(listening) << listening.error().detail;
    });
}

inline void LiveServer::on_loop(const std::function<void()>& task) {
    if (!running_) running_ = thread_.submit([this] { loop.run(); });
    std::promise<void> done;
    loop.post([&] {
        task();
        done.set_value();
    });
    done.get_future().wait();
}

inline void LiveServer::stop() {
    if (std::exchange(stopped_, true)) return;
    on_loop([this] { server->stop(); });
    loop.stop();
    thread_.stop(WorkerThread::OnStop::Drain);
}

inline std::string LiveServer::address() const {
    return "127.0.0.1:" + std::to_string(server->port());
}

inline HttpResponse LiveServer::call(const std::string& method, const std::string& path,
                                     std::map<std::string, std::string> headers, std::string body) {
    const HttpRequest request{
        .method = method, .path = path, .headers = std::move(headers), .body = std::move(body)};
    auto answer = http_call(address(), request, seconds{5});
    EXPECT_TRUE(answer) << answer.error().detail;
    return answer ? std::move(*answer) : HttpResponse{.status = 0};
}

inline double LiveServer::refused(const std::string& reason) {
    return metrics->counter("aisle_http_refused_total", "", {{"reason", reason}}).value();
}

inline BareConnection::BareConnection(std::uint16_t port) : fd_{socket(AF_INET, SOCK_STREAM, 0)} {
    const timeval five_seconds{.tv_sec = 5, .tv_usec = 0};
    setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &five_seconds, sizeof five_seconds);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
}

inline BareConnection::~BareConnection() { close(fd_); }

inline void BareConnection::send(std::string_view bytes) const {
    while (!bytes.empty()) {
        const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) return;  // refused half-way: the answer tells
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
}

inline void BareConnection::end_sending() const { shutdown(fd_, SHUT_WR); }

inline std::string BareConnection::read_all() const { return read_until({}); }

inline std::string BareConnection::read_until(std::string_view end) const {
    std::string all;
    std::array<char, 4096> part{};
    while (end.empty() || all.find(end) == all.npos) {
        const ssize_t got = recv(fd_, part.data(), part.size(), 0);
        if (got < 0 && errno == EAGAIN) return all + "TIMED OUT";
        if (got <= 0) return all;
        all.append(part.data(), static_cast<std::size_t>(got));
    }
    return all;
}

inline std::string answer_to(std::uint16_t port, std::string_view bytes) {
    const BareConnection connection{port};
    connection.send(bytes);
    connection.end_sending();
    return connection.read_all();
}

inline int status_of(std::string_view answer) {
    if (!answer.starts_with("HTTP/1.") || answer.size() < 12) return 0;
    return std::stoi(std::string{answer.substr(9, 3)});
}

inline HttpHandler echo() {
    return [](const HttpRequest& request, HttpReply reply) {
        reply({.type = "text/plain",
               .body = request.method + ' ' + request.path + ' ' + request.body});
    };
}

}  // namespace aisle::runtime
