#include "agent/runtime/http_session.hpp"

#include <utility>

#include "agent/runtime/http_reason.hpp"
#include "agent/runtime/websocket_session.hpp"

#include <boost/asio/write.hpp>

namespace aisle::runtime {

namespace {

constexpr std::size_t kReadBytes = 4 * 1024;
constexpr std::size_t kBufferBytesMax = 128 * 1024;
constexpr std::size_t kDrainBytesMax = 1024 * 1024;
constexpr milliseconds kDrainWait{1'000};
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

bool is_http_error(ErrorCode error) {
    return error.category() == make_error_code(http::error::bad_method).category();
}

}  // namespace

HttpSession::HttpSession(Socket socket, ConnectionSlot slot, Peer peer)
    : socket_{std::move(socket)},
      slot_{std::move(slot)},
      peer_{std::move(peer)},
      deadline_{socket_.get_executor()},
      buffer_{kBufferBytesMax} {}

void HttpSession::start() {
    slot_.held_by(weak_from_this());
    wait_for_request();
}

void HttpSession::refuse(HttpResponse why) {
    slot_.held_by(weak_from_this());
    answer_last(std::move(why));
}

void HttpSession::abort() { close(); }

void HttpSession::wait_for_request() {
    shape_ = {};
    if (buffer_.size() > 0) return read_head();  // pipelined
    set_deadline(Phase::Idle, slot_.core().limits.idle_timeout);
    socket_.async_read_some(buffer_.prepare(kReadBytes),
                            [self = shared_from_this()](ErrorCode error, std::size_t got) {
                                if (self->phase_ == Phase::Closed) return;
                                if (error) return self->close();
                                self->buffer_.commit(got);
                                self->read_head();
                            });
}

void HttpSession::read_head() {
    const HttpLimits& limits = slot_.core().limits;
    set_deadline(Phase::Reading, limits.request_timeout);
    parser_.emplace();
    parser_->header_limit(static_cast<std::uint32_t>(limits.header_bytes_max));
    parser_->body_limit(limits.body_bytes_max);
    http::async_read_header(
        socket_, buffer_, *parser_,
        [self = shared_from_this()](ErrorCode error, std::size_t) { self->on_head(error); });
}

void HttpSession::on_head(ErrorCode error) {
    if (phase_ == Phase::Closed) return;
    if (error || timed_out_) return on_read_error(error);
    const BeastRequest& request = parser_->get();
    shape_ = {.version = request.version(),
              .keep_alive = request.keep_alive(),
              .head_only = request.method() == http::verb::head};
    if (auto refusal = judge_head()) return answer_last(std::move(*refusal));
    route();
}

std::optional<HttpResponse> HttpSession::judge_head() {
    HttpCore& core = slot_.core();
    const BeastRequest& request = parser_->get();
    const RequestHead head = head_of(request);
    Status verdict = check_framing(head);
    if (verdict && !peer_.local) verdict = check_host(head, core.host_names);
    if (verdict) verdict = check_origin(head);
    if (!verdict) {
        core.refused(verdict.error().fault == Fault::Denied ? "origin" : "request_check").add();
        return problem(verdict.error());
    }
    const std::string_view text{request.target().data(), request.target().size()};
    if (text.size() > kTargetBytesMax) return plain_problem(414, "target too long");
    auto target = parse_target(text);
    if (!target) return problem(target.error());
    target_ = std::move(*target);
    return std::nullopt;
}

void HttpSession::route() {
    HttpCore& core = slot_.core();
    const BeastRequest& request = parser_->get();
    if (const auto at = core.websockets.find(target_.path); at != core.websockets.end()) {
        if (websocket::is_upgrade(request) && buffer_.size() == 0)
            return become_websocket(at->second);
        HttpResponse only_upgrade = plain_problem(426, "a WebSocket lives here");
        only_upgrade.headers["Upgrade"] = "websocket";
        return answer_last(std::move(only_upgrade));
    }
    const auto method = request.method_string();
    found_ = core.table.find({method.data(), method.size()}, target_.path);
    if (found_.index) return ask_for_body();
    if (found_.allow.empty()) return answer_last(plain_problem(404, "nothing lives at this path"));
    HttpResponse other_method = plain_problem(405, "this path has other methods");
    other_method.headers["Allow"] = found_.allow;
    answer_last(std::move(other_method));
}

void HttpSession::become_websocket(const WebSocketHandlers& handlers) {
    ++deadlines_set_;
    deadline_.cancel();
    phase_ = Phase::Closed;  // for whatever still holds this session
    BeastRequest upgrade = parser_->release();
    HttpRequest request = request_from(upgrade, std::move(target_), peer_);
    std::make_shared<WebSocketSession>(
        std::move(socket_), std::move(slot_),
        WebSocketSession::Origins{std::move(upgrade), std::move(request), handlers})
        ->start();
}

void HttpSession::ask_for_body() {
    const auto expect = parser_->get()[http::field::expect];
    if (!beast::iequals(expect, "100-continue") || parser_->is_done()) return read_body();
    asio::async_write(socket_, asio::buffer(kContinue),
                      [self = shared_from_this()](ErrorCode error, std::size_t) {
                          if (self->phase_ == Phase::Closed) return;
                          if (error) return self->on_read_error(error);
                          self->read_body();
                      });
}

void HttpSession::read_body() {
    if (parser_->is_done()) return handle();
    if (timed_out_) return on_read_error({});  // it struck while the last operation was ending well
    http::async_read(socket_, buffer_, *parser_,
                     [self = shared_from_this()](ErrorCode error, std::size_t) {
                         if (self->phase_ == Phase::Closed) return;
                         if (error) return self->on_read_error(error);
                         self->handle();
                     });
}

void HttpSession::handle() {
    HttpCore& core = slot_.core();
    set_deadline(Phase::Handling, core.limits.request_timeout);
    HttpRequest request = request_from(parser_->release(), std::move(target_), peer_);
    request.wild = std::move(found_.wild);
    const std::uint64_t number = ++request_number_;
    core.handlers.at (*found_.index)(request,
                                     [weak = weak_from_this(), number](HttpResponse response) {
                                         if (const auto self = weak.lock())
                                             self->answer(number, std::move(response));
                                     });
}

void HttpSession::answer(std::uint64_t request_number, HttpResponse response) {
    // Too late, twice, or for a request of before.
    if (phase_ != Phase::Handling || request_number != request_number_) return;
    write(std::move(response), shape_.keep_alive);
}

void HttpSession::on_read_error(ErrorCode error) {
    if (timed_out_) return answer_last(plain_problem(408, "the request did not arrive in time"));
    if (error == http::error::header_limit) {
        const bool in_target = parser_->get().target().empty();
        return answer_last(in_target ? plain_problem(414, "target too long")
                                     : plain_problem(431, "header too long"));
    }
    if (error == http::error::body_limit) {
        slot_.core().refused("body_limit").add();
        return answer_last(plain_problem(413, "body too long"));
    }
    if (is_http_error(error) && error != http::error::end_of_stream) {
        return answer_last(plain_problem(400, error.message()));
    }
    close();
}

void HttpSession::answer_last(HttpResponse response) { write(std::move(response), false); }

void HttpSession::write(HttpResponse response, bool keep_alive) {
    HttpCore& core = slot_.core();
    core.count_request(response.status);
    set_deadline(Phase::Writing, core.limits.request_timeout);
    shape_.keep_alive = keep_alive;
    response_ = response_from(std::move(response), shape_, core.loop.clock().now());
    http::async_write(
        socket_, response_,
        [self = shared_from_this()](ErrorCode error, std::size_t) { self->on_written(error); });
}

void HttpSession::on_written(ErrorCode error) {
    if (phase_ == Phase::Closed) return;
    if (error) return close();
    response_ = {};
    if (shape_.keep_alive) return wait_for_request();
    drain();
}

// Closing with unread bytes would send a reset, and that can overtake the answer: read on for a
// while.
void HttpSession::drain() {
    ErrorCode ignored;
    socket_.shutdown(Socket::shutdown_send, ignored);
    set_deadline(Phase::Draining, kDrainWait);
    buffer_.clear();
    drain_more();
}

void HttpSession::drain_more() {
    socket_.async_read_some(buffer_.prepare(kReadBytes),
                            [self = shared_from_this()](ErrorCode error, std::size_t got) {
                                if (self->phase_ == Phase::Closed) return;
                                self->drained_ += got;
                                if (error || self->drained_ > kDrainBytesMax) return self->close();
                                self->drain_more();
                            });
}

void HttpSession::set_deadline(Phase phase, milliseconds wait) {
    phase_ = phase;
    timed_out_ = false;
    deadline_.expires_after(wait);
    deadline_.async_wait([self = shared_from_this(), number = ++deadlines_set_](ErrorCode error) {
        if (!error && number == self->deadlines_set_) self->on_deadline();
    });
}

void HttpSession::on_deadline() {
    if (phase_ == Phase::Reading) {
        timed_out_ = true;
        ErrorCode ignored;
        socket_.cancel(ignored);  // the read ends and is answered with 408
    } else if (phase_ == Phase::Handling) {
        answer_last(plain_problem(504, "no answer in time"));
    } else {
        close();
    }
}

void HttpSession::close() {
    phase_ = Phase::Closed;
    ++deadlines_set_;
    deadline_.cancel();
    ErrorCode ignored;
    socket_.close(ignored);
}

}  // namespace aisle::runtime
