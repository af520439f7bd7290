#pragma once

#include <memory>

#include "agent/runtime/http.hpp"
#include "agent/runtime/io_loop.hpp"
#include "agent/runtime/metrics.hpp"

namespace aisle::runtime {

// On the loop thread, or before the loop runs; `loop` and `metrics` outlive it. Routes first, then
// listen() (more than once for more bindings; an address beyond loopback is Denied, for there is no
// TLS here). After stop(), which the destructor calls too, no handler is called any more and late
// replies go nowhere; open WebSockets hear `closed` during stop(). Metrics:
// aisle_http_requests_total{class}, aisle_http_connections, aisle_http_websockets,
// aisle_http_refused_total{reason}.
std::unique_ptr<HttpServer> make_http_server(IoLoop& loop, HttpLimits limits, Metrics& metrics);

}  // namespace aisle::runtime
