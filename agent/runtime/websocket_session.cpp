#include "agent/runtime/websocket_session.hpp"

#include <utility>

#include "agent/runtime/log.hpp"

namespace aisle::runtime {

namespace {

constexpr std::size_t kSendQueueMax = 256;
constexpr std::size_t kMessageBytesMax = 16 * 1024;
constexpr std::size_t kCloseReasonBytesMax =
    123;  // RFC 6455: a control frame holds 125 bytes, two are the code
constexpr milliseconds kCloseWait{2'000};

websocket::stream_base::timeout timeouts_of(const HttpLimits& limits) {
    // The server pings: up to Beast 1.81 the peer's own pings do not count as a sign of life.
    return {.handshake_timeout = limits.request_timeout,
            .idle_timeout = limits.idle_timeout,
            .keep_alive_pings = true};
}

}  // namespace

WebSocketSession::WebSocketSession(Socket socket, ConnectionSlot slot, Origins origins)
    : stream_{std::move(socket)},
      slot_{std::move(slot)},
      origins_{std::move(origins)},
      close_timer_{stream_.get_executor()},
      buffer_{kMessageBytesMax} {}

void WebSocketSession::start() {
    slot_.held_by(weak_from_this());
    stream_.set_option(timeouts_of(slot_.core().limits));
    stream_.set_option(websocket::stream_base::decorator(
        [](websocket::response_type& response) { set_security_headers(response); }));
    stream_.read_message_max(kMessageBytesMax);
    stream_.text(true);
    stream_.async_accept(origins_.upgrade, [self = shared_from_this()](ErrorCode error) {
        self->on_accepted(error);
    });
}

void WebSocketSession::on_accepted(ErrorCode error) {
    if (phase_ != Phase::Shaking) return;
    slot_.core().count_request(error ? 400 : 101);
    if (error) return close_socket();
    phase_ = Phase::Open;
    HttpCore& core = slot_.core();
    core.websockets_gauge.set(static_cast<double>(++core.websockets_open));
    read();
    if (origins_.handlers.opened) origins_.handlers.opened(shared_from_this());
}

void WebSocketSession::read() {
    stream_.async_read(buffer_, [self = shared_from_this()](ErrorCode error, std::size_t) {
        self->on_read(error);
    });
}

void WebSocketSession::on_read(ErrorCode error) {
    if (phase_ == Phase::Gone) return;
    if (error) return gone();
    if (phase_ == Phase::Open && !stream_.got_text()) {
        close_with({websocket::close_code::unknown_data, "text only"});
    } else if (phase_ == Phase::Open && origins_.handlers.text) {
        const auto* const text = static_cast<const char*>(buffer_.cdata().data());
        origins_.handlers.text(shared_from_this(), {text, buffer_.size()});
    }
    buffer_.consume(buffer_.size());
    if (phase_ != Phase::Gone) read();
}

void WebSocketSession::send(std::string text) {
    if (phase_ != Phase::Open) return;
    if (queue_.size() >= kSendQueueMax) {
        slot_.core().refused("websocket_slow").add();
        log::warn("websocket_slow_client", {{"queued", queue_.size()}});
        phase_ = Phase::Closing;
        return close_socket();  // its TCP window is shut: a close frame could not reach it either
    }
    queue_.push_back(std::move(text));
    if (queue_.size() == 1) write();
}

void WebSocketSession::write() {
    stream_.async_write(
        asio::buffer(queue_.front()),
        [self = shared_from_this()](ErrorCode error, std::size_t) { self->on_written(error); });
}

void WebSocketSession::on_written(ErrorCode error) {
    // After an error the read ends too and tells the handlers.
    if (error || phase_ != Phase::Open) return;
    queue_.pop_front();
    if (!queue_.empty()) write();
}

void WebSocketSession::close(std::string_view why) {
    const std::string_view fits = why.substr(0, kCloseReasonBytesMax);
    close_with({websocket::close_code::normal, beast::string_view{fits.data(), fits.size()}});
}

void WebSocketSession::close_with(const websocket::close_reason& reason) {
    if (phase_ != Phase::Open) return;
    phase_ = Phase::Closing;
    // Beast's closing can wait for ever for a peer that is silent.
    close_timer_.expires_after(kCloseWait);
    close_timer_.async_wait([self = shared_from_this()](ErrorCode error) {
        if (!error) self->close_socket();
    });
    stream_.async_close(reason, [self = shared_from_this()](ErrorCode) {
        self->close_timer_.cancel();
        self->close_socket();
    });
}

void WebSocketSession::abort() {
    close_socket();
    gone();
}

void WebSocketSession::close_socket() {
    ErrorCode ignored;
    beast::get_lowest_layer(stream_).close(ignored);
}

void WebSocketSession::gone() {
    const bool was_open = phase_ == Phase::Open || phase_ == Phase::Closing;
    phase_ = Phase::Gone;
    close_timer_.cancel();
    close_socket();
    if (!was_open) return;
    HttpCore& core = slot_.core();
    core.websockets_gauge.set(static_cast<double>(--core.websockets_open));
    if (origins_.handlers.closed) origins_.handlers.closed(shared_from_this());
}

}  // namespace aisle::runtime
