#include <algorithm>
#include <cctype>
#include <string_view>
#include <utility>

#include "agent/runtime/beast_client.hpp"
#include "agent/runtime/http.hpp"

namespace aisle::runtime {

namespace {

constexpr std::size_t kAnswerBytesMax = 64 * 1024 * 1024;

std::string percent_encoded(std::string_view text, std::string_view also_plain) {
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (std::isalnum(byte) != 0 || also_plain.find(c) != also_plain.npos) {
            out += c;
        } else {
            out += '%';
            out += "0123456789ABCDEF"[byte >> 4U];
            out += "0123456789ABCDEF"[byte & 15U];
        }
    }
    return out;
}

std::string target_of(const HttpRequest& request) {
    std::string target =
        percent_encoded(request.path.empty() ? "/" : request.path, "-._~/:@!$&'()*+,;=");
    char before = '?';
    for (const auto& [name, value] : request.query) {
        target += before + percent_encoded(name, "-._~");
        if (!value.empty()) target += '=' + percent_encoded(value, "-._~");
        before = '&';
    }
    return target;
}

BeastRequest to_beast(const std::string& address, const HttpRequest& request) {
    BeastRequest out;
    out.version(11);
    out.method_string(request.method.empty() ? "GET" : request.method);
    out.target(target_of(request));
    out.set(http::field::host, host_of(address));
    for (const auto& [name, value] : request.headers) out.set(name, value);
    out.keep_alive(false);
    out.body() = request.body;
    out.prepare_payload();
    return out;
}

HttpResponse from_beast(BeastResponse response) {
    HttpResponse out;
    out.status = static_cast<int>(response.result_int());
    out.type = {};
    for (const auto& field : response) {
        std::string name{field.name_string().data(), field.name_string().size()};
        std::ranges::transform(name, name.begin(),
                               [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
        std::string value{field.value().data(), field.value().size()};
        if (name == "content-type") out.type = value;
        out.headers.emplace(std::move(name), std::move(value));
    }
    out.body = std::move(response.body());
    return out;
}

// Unlike the server this reads whatever framing the other end uses.
ErrorCode exchange(asio::io_context& io, Socket& socket, BeastRequest& request,
                   http::response_parser<http::string_body>& parser, milliseconds timeout) {
    ErrorCode result = asio::error::timed_out;
    beast::flat_buffer buffer;
    parser.body_limit(kAnswerBytesMax);
    if (request.method() == http::verb::head) parser.skip(true);
    http::async_write(socket, request, [&](ErrorCode, std::size_t) {
        // An answer may be there although not all was taken: the server has refused the rest.
        http::async_read(socket, buffer, parser,
                         [&](ErrorCode error, std::size_t) { result = error; });
    });
    if (!run_until_done(io, timeout)) {
        ErrorCode ignored;
        socket.close(ignored);
        run_until_done(io, timeout);
        return asio::error::timed_out;
    }
    return result;
}

}  // namespace

Result<HttpResponse> http_call(const std::string& target, const HttpRequest& request,
                               milliseconds timeout) {
    try {
        asio::io_context io;
        auto socket = connect_to(io, target, timeout);
        if (!socket) return socket.error();
        BeastRequest message = to_beast(target, request);
        http::response_parser<http::string_body> parser;
        const ErrorCode error = exchange(io, *socket, message, parser, timeout);
        if (error) return unavailable(target + ": " + error.message());
        return from_beast(parser.release());
    } catch (const std::exception& error) {  // a field that Beast cannot put into a header
        return malformed("not a request: " + std::string{error.what()});
    }
}

}  // namespace aisle::runtime
