#pragma once

#include <functional>
#include <memory>
#include <string>

#include "agent/runtime/beast_http.hpp"
#include "agent/runtime/http.hpp"
#include "agent/runtime/http_message.hpp"

namespace aisle::runtime {

// One address that is listened on, TCP or Unix. Private to this room. On the loop.
class HttpListener : public std::enable_shared_from_this<HttpListener> {
public:
    using Accepted = std::function<void(Socket, Peer)>;

    // Denied beyond loopback, Malformed for what is no address, Unavailable if it is taken.
    static Result<std::shared_ptr<HttpListener>> tcp(asio::io_context& io,
                                                     const HttpBinding& binding);
    static Result<std::shared_ptr<HttpListener>> unix_socket(asio::io_context& io,
                                                             const std::string& path);

    explicit HttpListener(asio::io_context& io) : acceptor_{io}, pause_{io} {}
    ~HttpListener();
    HttpListener(const HttpListener&) = delete;
    HttpListener& operator=(const HttpListener&) = delete;

    void start(Accepted accepted);
    void stop();
    [[nodiscard]] std::uint16_t port() const;  // 0 for a Unix socket

private:
    using Protocol = asio::generic::stream_protocol;

    Status bind(const Protocol::endpoint& endpoint);
    Status listen();
    void accept();
    void on_accepted(ErrorCode error, Socket socket);

    asio::basic_socket_acceptor<Protocol> acceptor_;
    asio::steady_timer pause_;
    Accepted accepted_;
    std::string unix_path_;
};

}  // namespace aisle::runtime
