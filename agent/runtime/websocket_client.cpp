#include "agent/runtime/websocket_client.hpp"

#include <chrono>
#include <optional>
#include <utility>

#include "agent/runtime/beast_client.hpp"

namespace aisle::runtime {

namespace {

constexpr milliseconds kSendWait{5'000};
constexpr milliseconds kCloseWait{1'000};
constexpr std::size_t kMessageBytesMax = 16 * 1024 * 1024;

}  // namespace

// A read goes on from one receive() to the next: to end it half-way would end the connection.
struct WebSocketClient::Core {
    // Handlers that still wait refer to this object: they are ended while it is whole.
    ~Core() {
        ErrorCode ignored;
        if (stream) beast::get_lowest_layer(*stream).close(ignored);
        run_until_done(io, kCloseWait);
    }

    Status shake_hands(const WebSocketTarget& target, milliseconds timeout) {
        stream->set_option(websocket::stream_base::decorator([&](websocket::request_type& request) {
            for (const auto& [name, value] : target.headers) request.set(name, value);
        }));
        stream->read_message_max(kMessageBytesMax);
        const auto result = std::make_shared<std::optional<ErrorCode>>();
        stream->async_handshake(host_of(target.address), target.path,
                                [result](ErrorCode error) { *result = error; });
        if (!run(timeout, [&] { return result->has_value(); })) {
            return unavailable("no handshake in time");
        }
        if (**result) return unavailable("no WebSocket: " + (*result)->message());
        return {};
    }

    void read() {
        reading = true;
        stream->async_read(buffer, [this](ErrorCode error, std::size_t) {
            reading = false;
            arrived = !error;
            if (error) failure = error;
        });
    }

    // Runs until `done` or the time is over; says whether it is done.
    template <typename Done>
    bool run(milliseconds timeout, Done&& done) {
        const auto end = std::chrono::steady_clock::now() + timeout;
        io.restart();
        while (!done() && io.run_one_until(end) > 0) {
        }
        return done();
    }

    asio::io_context io;
    std::optional<websocket::stream<Socket>> stream;
    beast::flat_buffer buffer;
    ErrorCode failure;
    bool reading = false;
    bool arrived = false;
};

WebSocketClient::WebSocketClient(std::unique_ptr<Core> core) : core_{std::move(core)} {}

WebSocketClient::~WebSocketClient() = default;

Result<std::unique_ptr<WebSocketClient>> WebSocketClient::connect(const WebSocketTarget& target,
                                                                  milliseconds timeout) {
    auto core = std::make_unique<Core>();
    auto socket = connect_to(core->io, target.address, timeout);
    if (!socket) return socket.error();
    core->stream.emplace(std::move(*socket));
    if (const Status shaken = core->shake_hands(target, timeout); !shaken) return shaken.error();
    return std::unique_ptr<WebSocketClient>{new WebSocketClient{std::move(core)}};
}

Status WebSocketClient::send(std::string_view text) {
    Core& core = *core_;
    if (core.failure) return unavailable("closed: " + core.failure.message());
    // Shared: should the time be over first, the write goes on with it.
    const auto message = std::make_shared<std::string>(text);
    const auto result = std::make_shared<std::optional<ErrorCode>>();
    core.stream->text(true);
    core.stream->async_write(asio::buffer(*message),
                             [message, result](ErrorCode error, std::size_t) { *result = error; });
    if (!core.run(kSendWait, [&] { return result->has_value(); }))
        return full("the other end does not read");
    if (**result) return unavailable((*result)->message());
    return {};
}

Result<std::string> WebSocketClient::receive(milliseconds timeout) {
    Core& core = *core_;
    if (!core.arrived && !core.reading && !core.failure) core.read();
    if (!core.run(timeout, [&] { return core.arrived || core.failure; }))
        return full("no message in time");
    if (!core.arrived) return unavailable("closed: " + core.failure.message());
    std::string text{static_cast<const char*>(core.buffer.cdata().data()), core.buffer.size()};
    core.buffer.consume(core.buffer.size());
    core.arrived = false;
    return text;
}

void WebSocketClient::close() {
    Core& core = *core_;
    if (core.failure) return;
    const auto closed = std::make_shared<bool>(false);
    core.stream->async_close(websocket::close_code::normal,
                             [closed](ErrorCode) { *closed = true; });
    core.run(kCloseWait, [&] { return *closed; });
    core.failure = websocket::error::closed;
}

}  // namespace aisle::runtime
