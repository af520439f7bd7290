#pragma once

#include <boost/json.hpp>
#include <map>
#include <optional>
#include <string>

#include "agent/runtime/http.hpp"

// Routes without a server: handlers by method and pattern, called on the spot.
namespace aisle::app {

class DeskRoutes final : public runtime::HttpRoutes {
public:
    void on(std::string method, std::string pattern, runtime::HttpHandler handler) override {
        handlers_[std::move(method) + " " + std::move(pattern)] = std::move(handler);
    }
    void on_websocket(std::string, runtime::WebSocketHandlers) override {}

    using Wild = std::map<std::string, std::string>;
    // What it answers; a reply that comes later stands in `later`.
    runtime::HttpResponse call(const std::string& what, Wild wild = {}, std::string body = {}) {
        return ask(what, std::move(body), {}, std::move(wild));
    }
    // The same from somebody: an address, or "unix:UID".
    runtime::HttpResponse ask(const std::string& what, std::string body, const std::string& peer,
                              Wild wild = {}) {
        runtime::HttpRequest request{.wild = std::move(wild), .body = std::move(body)};
        request.peer = peer;
        request.local = peer.starts_with("unix:");
        if (!request.body.empty()) request.headers["content-type"] = "application/json";
        later.reset();
        handlers_.at(what)(request,
                           [this](const runtime::HttpResponse& response) { later = response; });
        return later.value_or(runtime::HttpResponse{.status = 0});
    }

    std::optional<runtime::HttpResponse> later;

private:
    std::map<std::string, runtime::HttpHandler> handlers_;
};

inline boost::json::object object_of(const runtime::HttpResponse& response) {
    return boost::json::parse(response.body).as_object();
}

}  // namespace aisle::app
