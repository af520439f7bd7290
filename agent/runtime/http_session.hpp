#pragma once

#include <memory>
#include <optional>

#include "agent/runtime/beast_http.hpp"
#include "agent/runtime/http_core.hpp"
#include "agent/runtime/http_message.hpp"

namespace aisle::runtime {

// One connection, one request after the other. It keeps itself alive by the operation that is under
// way: a read, a write, or the timer while a handler works. A reply that outlives it goes nowhere.
class HttpSession final : public Connection, public std::enable_shared_from_this<HttpSession> {
public:
    HttpSession(Socket socket, ConnectionSlot slot, Peer peer);

    void start();
    // Says why and closes, without reading a request. For connections over a limit.
    void refuse(HttpResponse why);
    void abort() override;

private:
    enum class Phase { Idle, Reading, Handling, Writing, Draining, Closed };

    void wait_for_request();
    void read_head();
    void on_head(ErrorCode error);
    // What is wrong with the head, if anything: an answer that ends the connection.
    std::optional<HttpResponse> judge_head();
    void route();
    void become_websocket(const WebSocketHandlers& handlers);
    void ask_for_body();
    void read_body();
    void handle();
    void answer(std::uint64_t request_number, HttpResponse response);

    void on_read_error(ErrorCode error);
    void answer_last(
        HttpResponse response);  // and then close: what follows cannot be trusted or will not come
    void write(HttpResponse response, bool keep_alive);
    void on_written(ErrorCode error);
    void drain();
    void drain_more();
    void set_deadline(Phase phase, milliseconds wait);
    void on_deadline();
    void close();

    Socket socket_;
    ConnectionSlot slot_;
    Peer peer_;
    asio::steady_timer deadline_;
    std::uint64_t deadlines_set_ = 0;
    Phase phase_ = Phase::Idle;
    bool timed_out_ = false;
    beast::flat_buffer buffer_;
    std::optional<http::request_parser<http::string_body>> parser_;
    HttpTarget target_;
    RouteTable::Found found_;
    std::uint64_t request_number_ = 0;
    AnswerShape shape_;
    BeastResponse response_;
    std::size_t drained_ = 0;
};

}  // namespace aisle::runtime
