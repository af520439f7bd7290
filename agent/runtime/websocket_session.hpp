#pragma once

#include <deque>
#include <memory>
#include <string>

#include "agent/runtime/beast_http.hpp"
#include "agent/runtime/http_core.hpp"
#include "agent/runtime/http_message.hpp"

namespace aisle::runtime {

// One WebSocket, from its handshake on. It keeps itself alive by its read.
class WebSocketSession final : public WebSocket,
                               public Connection,
                               public std::enable_shared_from_this<WebSocketSession> {
public:
    struct Origins {
        BeastRequest upgrade;
        HttpRequest request;
        WebSocketHandlers handlers;
    };
    WebSocketSession(Socket socket, ConnectionSlot slot, Origins origins);
    ~WebSocketSession() override = default;

    void start();

    void send(std::string text) override;
    void close(std::string_view why) override;
    [[nodiscard]] const HttpRequest& request() const override { return origins_.request; }
    void abort() override;

private:
    enum class Phase { Shaking, Open, Closing, Gone };

    void on_accepted(ErrorCode error);
    void read();
    void on_read(ErrorCode error);
    void write();
    void on_written(ErrorCode error);
    void close_with(const websocket::close_reason& reason);
    void close_socket();
    void gone();

    websocket::stream<Socket> stream_;
    ConnectionSlot slot_;
    Origins origins_;
    asio::steady_timer close_timer_;
    beast::flat_buffer buffer_;
    std::deque<std::string> queue_;  // the front one is being written
    Phase phase_ = Phase::Shaking;
};

}  // namespace aisle::runtime
