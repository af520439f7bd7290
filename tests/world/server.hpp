#pragma once

#include <string>
#include <vector>

#include "agent/runtime/http.hpp"
#include "agent/runtime/http_routing.hpp"

namespace aisle::world {

// The shop's HTTP server without sockets: requests and answers are values. WebSockets are taken and
// never opened.
class Server final : public runtime::HttpServer {
public:
    void on(std::string method, std::string pattern, runtime::HttpHandler handler) override {
        table_.add({std::move(method), std::move(pattern), handlers_.size()});
        handlers_.push_back(std::move(handler));
    }
    void on_websocket(std::string, runtime::WebSocketHandlers) override {}
    Status listen(const runtime::HttpBinding&) override { return {}; }
    [[nodiscard]] std::uint16_t port() const override { return 8480; }
    void stop() override { handlers_.clear(); }

    // 404 and 405 at once; else the handler answers, or never if its process dies before.
    void call(runtime::HttpRequest request, const runtime::HttpReply& reply) {
        const auto found = table_.find(request.method, request.path);
        if (!found.index || *found.index >= handlers_.size())
            return reply({.status = found.allow.empty() ? 404 : 405});
        request.wild = found.wild;
        handlers_[*found.index](request, reply);
    }

private:
    runtime::RouteTable table_;
    std::vector<runtime::HttpHandler> handlers_;
};

}  // namespace aisle::world
