#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "agent/core/error.hpp"
#include "agent/runtime/executor.hpp"

// HTTP/1.1 and WebSocket for the other rooms. Beast stays inside this room: its .cpp files and the
// private headers beside them that include beast_http.hpp; no room that includes this one sees it.
namespace aisle::runtime {

struct HttpRequest {
    std::string method;
    std::string path;                            // without the query, percent-decoded
    std::map<std::string, std::string> query;    // percent-decoded
    std::map<std::string, std::string> headers;  // names in lower case
    std::map<std::string, std::string> wild;     // what `{name}` in the route's pattern matched
    std::string body;
    std::string peer;    // address of the other end; "unix:UID" on the Unix socket
    bool local = false;  // came over the Unix socket
};

struct HttpResponse {
    int status = 200;
    std::string type = "application/json";
    std::string body;
    std::map<std::string, std::string> headers;
};

// RFC 9457: {"type":"about:blank","title","status","detail"}.
HttpResponse problem(int status, std::string_view title, std::string_view detail);
// 400 for Malformed, 503 with Retry-After for Unavailable and Full, 403 for Denied.
HttpResponse problem(const Error& error);

// Called on the loop, at most once; a reply that never comes is answered with 504 after the
// request's time-out.
using HttpReply = std::function<void(HttpResponse)>;
using HttpHandler = std::function<void(const HttpRequest&, HttpReply)>;

// One live connection. On the loop. Sending to one that is gone does nothing.
class WebSocket {
public:
    virtual ~WebSocket() = default;
    virtual void send(
        std::string text) = 0;  // a client that lets 256 messages gather is closed: it resyncs
    virtual void close(std::string_view why) = 0;
    [[nodiscard]] virtual const HttpRequest& request() const = 0;
};

struct WebSocketHandlers {
    std::function<void(std::shared_ptr<WebSocket>)> opened;
    std::function<void(const std::shared_ptr<WebSocket>&, std::string_view text)> text;
    std::function<void(const std::shared_ptr<WebSocket>&)> closed;
};

// Where rooms hang in their handlers, before the server starts. Patterns:
// "/api/v1/offers/{id}:accept". An unknown path is 404, a known path with another method 405.
class HttpRoutes {
public:
    virtual ~HttpRoutes() = default;
    virtual void on(std::string method, std::string pattern, HttpHandler handler) = 0;
    virtual void on_websocket(std::string path, WebSocketHandlers handlers) = 0;
};

struct HttpLimits {
    std::size_t header_bytes_max = 8 * 1024;
    std::size_t body_bytes_max = 4 * 1024 * 1024;
    std::size_t connections_max = 64;
    std::size_t connections_per_peer_max = 32;
    milliseconds request_timeout{15'000};
    milliseconds idle_timeout{30'000};
};

struct HttpBinding {
    std::string host = "127.0.0.1";
    std::uint16_t port = 0;               // 0: any free one
    std::string unix_socket;              // empty: none. Created 0660; an old one is replaced
    bool tcp = true;                      // false: the Unix socket only
    std::vector<std::string> host_names;  // further names by which browsers may call us
};

// Serves on the loop it was opened on. Refuses what Beast 1.81 lets through: Content-Length beside
// Transfer-Encoding, any Transfer-Encoding, bodies in HTTP/1.0, a foreign Origin on a WebSocket, a
// Host that is not ours.
class HttpServer : public HttpRoutes {
public:
    [[nodiscard]] virtual Status listen(const HttpBinding& binding) = 0;
    [[nodiscard]] virtual std::uint16_t port() const = 0;
    virtual void stop() = 0;
};

// A client for aislectl and tests: one blocking request. `target` is "unix:/path" or "host:port".
Result<HttpResponse> http_call(const std::string& target, const HttpRequest& request,
                               milliseconds timeout);

}  // namespace aisle::runtime
