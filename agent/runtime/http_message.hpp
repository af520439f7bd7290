#pragma once

#include "agent/runtime/beast_http.hpp"
#include "agent/runtime/http_core.hpp"
#include "agent/runtime/http_guard.hpp"

// Beast's messages to ours and back. Private to this room.
namespace aisle::runtime {

struct Peer {
    std::string address;  // or "unix:UID"
    bool local = false;   // over the Unix socket
};

// Views into `request`.
RequestHead head_of(const BeastRequest& request);

// Everything but the wild parts.
HttpRequest request_from(BeastRequest request, HttpTarget target, const Peer& peer);

struct AnswerShape {
    unsigned version = 11;
    bool keep_alive = false;
    bool head_only = false;  // the answer to HEAD: the same header, no body
};

// With security headers, Date (if the clock is worth telling) and Content-Length. Fields whose name
// or value could break the header apart are left out.
BeastResponse response_from(HttpResponse response, const AnswerShape& shape, const Stamp& now);

// On every answer, WebSocket handshakes too.
void set_security_headers(http::fields& fields);

}  // namespace aisle::runtime
