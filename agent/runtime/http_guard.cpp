#include "agent/runtime/http_guard.hpp"

#include <algorithm>
#include <cctype>

namespace aisle::runtime {

namespace {

std::string lower(std::string_view text) {
    std::string out{text};
    std::ranges::transform(out, out.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return out;
}

struct Authority {
    std::string name;  // lower case, IPv6 in brackets
    std::string port;  // digits, or empty
};

bool is_name(std::string_view name) {
    return !name.empty() && std::ranges::all_of(name, [](unsigned char c) {
        return std::isalnum(c) != 0 || c == '-' || c == '.' || c == '_';
    });
}

bool is_port(std::string_view port) {
    return port.size() <= 5 &&
           std::ranges::all_of(port, [](unsigned char c) { return std::isdigit(c) != 0; });
}

// "name", "name:port", "[v6]", "[v6]:port". An empty name means that it is none of these.
Authority parse_authority(std::string_view text) {
    std::size_t end = text.find(':');
    if (text.starts_with('[')) {
        end = text.find(']');
        if (end == std::string_view::npos) return {};
        ++end;
    }
    const std::string_view name = text.substr(0, end);
    std::string_view rest = text.substr(name.size());
    if (!name.starts_with('[') && !is_name(name)) return {};
    if (!rest.empty() && !rest.starts_with(':')) return {};
    if (!rest.empty()) rest.remove_prefix(1);
    if (!is_port(rest)) return {};
    return {.name = lower(name), .port = std::string{rest}};
}

Authority with_port(Authority authority, std::string_view otherwise) {
    if (authority.port.empty()) authority.port = otherwise;
    return authority;
}

bool changes_nothing(std::string_view method) {
    return method == "GET" || method == "HEAD" || method == "OPTIONS";
}

}  // namespace

Status check_framing(const RequestHead& head) {
    if (head.transfer_encodings > 0) return malformed("Transfer-Encoding is not accepted here");
    if (head.content_lengths > 1) return malformed("more than one Content-Length");
    if (head.version < 11 && head.has_body) return malformed("a body in HTTP/1.0");
    if (head.upgrade && head.has_body) return malformed("a body with an upgrade");
    return {};
}

Status check_host(const RequestHead& head, const std::vector<std::string>& names) {
    if (head.hosts != 1) return malformed("exactly one Host is needed");
    const Authority host = parse_authority(head.host);
    if (host.name.empty()) return malformed("bad Host");
    if (std::ranges::find(names, host.name) == names.end())
        return malformed("this Host is not ours");
    return {};
}

Status check_origin(const RequestHead& head) {
    if (!head.has_origin || (changes_nothing(head.method) && !head.upgrade)) return {};
    const std::string origin = lower(head.origin);
    std::string_view rest = origin;
    std::string_view default_port;
    if (rest.starts_with("http://")) {
        rest.remove_prefix(7);
        default_port = "80";
    } else if (rest.starts_with("https://")) {
        rest.remove_prefix(8);
        default_port = "443";
    } else {
        return denied("a foreign Origin");
    }
    const Authority theirs = with_port(parse_authority(rest), default_port);
    const Authority ours = with_port(parse_authority(head.host), default_port);
    const bool same = !theirs.name.empty() && theirs.name == ours.name && theirs.port == ours.port;
    return same ? Status{} : Status{denied("a foreign Origin")};
}

}  // namespace aisle::runtime
