#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "agent/core/error.hpp"

// What is refused before a request is believed: the checks that Beast 1.81 lacks (all came in later
// releases), and those that keep other people's web pages out. Pure.
namespace aisle::runtime {

// The parts of a request's head that say how it is framed and for whom it is meant.
struct RequestHead {
    int version = 11;  // 10 or 11
    std::string_view method;
    std::string_view host;
    std::string_view origin;
    std::size_t hosts = 0;  // how many Host fields there were
    std::size_t content_lengths = 0;
    std::size_t transfer_encodings = 0;
    bool has_body = false;  // a Content-Length other than 0
    bool has_origin = false;
    bool upgrade = false;  // asks for a WebSocket
};

// Any Transfer-Encoding (so also one beside a Content-Length), a second Content-Length, a body in
// HTTP/1.0 or with an upgrade: two readers could disagree where such a request ends.
Status check_framing(const RequestHead& head);

// Against DNS rebinding: the Host of a request over TCP must be one of ours. `names` are without
// port, in lower case, IPv6 addresses in brackets.
Status check_host(const RequestHead& head, const std::vector<std::string>& names);

// A page of another site must not drive us: on a WebSocket and on anything but GET, HEAD and
// OPTIONS an Origin, if there is one, is that of the Host that was asked, with its port. Denied
// otherwise.
Status check_origin(const RequestHead& head);

}  // namespace aisle::runtime
