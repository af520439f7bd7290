#pragma once

#include <string>

#include "agent/core/sink.hpp"
#include "agent/runtime/executor.hpp"
#include "agent/runtime/http.hpp"
#include "agent/runtime/metrics.hpp"

// `POST /api/v1/sales` (DESIGN section 7): one sale a request, JSON as aisle.sale/1. 200 with
// `{sale, revision, duplicate}` comes only after the commit. 400 names the field, and the reading
// is quarantined; 401 without, 403 with a wrong or an old signature; 413 beyond kPushBytesMax; 503
// with Retry-After when there is no room now.
namespace aisle::pos {

inline constexpr std::size_t kPushBytesMax = 1024 * 1024;
inline constexpr milliseconds kSignatureWindow{300'000};

struct HttpPushSettings {
    std::string name =
        "http";          // the driver's name in metrics and quarantine; a sale names its own source
    std::string secret;  // HMAC key; empty: no signature is asked for
    int minor_digits = 2;
};

struct HttpPushPorts {
    Sink& sink;
    runtime::Executor& executor;
    runtime::Metrics& metrics;
};

// Registers the route at once; before start() and after stop() it answers 503. Must outlive the
// server's handlers.
class HttpPush final : public Driver {
public:
    HttpPush(HttpPushSettings settings, HttpPushPorts ports, runtime::HttpRoutes& routes);
    void start() override { running_ = true; }
    void stop() override { running_ = false; }

private:
    void receive(const runtime::HttpRequest& request, const runtime::HttpReply& reply);
    void refuse_malformed(const runtime::HttpRequest& request, const Error& error,
                          const runtime::HttpReply& reply);
    [[nodiscard]] Status check_signature(const runtime::HttpRequest& request) const;

    HttpPushSettings settings_;
    HttpPushPorts ports_;
    bool running_ = false;
};

}  // namespace aisle::pos
