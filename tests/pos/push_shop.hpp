#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <utility>

#include "agent/runtime/hmac.hpp"
#include "agent/runtime/inline_executor.hpp"
#include "drivers/pos/http_push.hpp"
#include "poslog_samples.hpp"
#include "recording_sink.hpp"

namespace aisle::pos {

// Stands for the server: keeps the one handler that is hung in.
class OneRoute final : public runtime::HttpRoutes {
public:
    void on(std::string, std::string, runtime::HttpHandler made) override {
        handler = std::move(made);
    }
    void on_websocket(std::string, runtime::WebSocketHandlers) override {}
    runtime::HttpHandler handler;
};

class PushShop {
public:
    explicit PushShop(std::string secret = {})
        : push{{.secret = std::move(secret)}, {sink, executor, *metrics}, routes} {
        push.start();
    }
    // The response, or status 0 while there is none.
    runtime::HttpResponse post(const std::string& body, const std::string& signature = {}) {
        runtime::HttpRequest request{.method = "POST", .path = "/api/v1/sales", .body = body};
        if (!signature.empty()) request.headers["x-aisle-signature"] = signature;
        response = {.status = 0};
        routes.handler(request, [this](runtime::HttpResponse sent) { response = std::move(sent); });
        return response;
    }
    [[nodiscard]] std::string sign(const std::string& body, seconds skew = seconds{0}) const {
        const auto at =
            std::chrono::floor<seconds>(clock.now().wall + skew).time_since_epoch().count();
        const std::string message = std::to_string(at) + '.' + body;
        return "t=" + std::to_string(at) +
               ",sha256=" + runtime::hmac_sha256_hex({"secret", message});
    }

    std::unique_ptr<runtime::Metrics> metrics = runtime::make_metrics();
    runtime::ManualClock clock;
    runtime::InlineExecutor executor{clock};
    RecordingSink sink;
    OneRoute routes;
    HttpPush push;
    runtime::HttpResponse response;
};

}  // namespace aisle::pos
