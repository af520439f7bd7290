#include "config/endpoint.hpp"

#include <charconv>
#include <optional>

namespace aisle::config {
namespace {

// "127.0.0.1.example.com" begins like loopback and is somebody's host.
bool is_loopback(std::string_view host) {
    const bool number = host.find_first_not_of("0123456789.") == std::string_view::npos;
    return host == "localhost" || host == "::1" || (host.starts_with("127.") && number);
}

std::optional<Endpoint> parse(const std::string& text) {
    const auto colon = text.rfind(':');
    if (colon == std::string::npos || colon == 0) return std::nullopt;
    Endpoint result{.host = text.substr(0, colon)};
    if (result.host.front() == '[' && result.host.back() == ']') {
        result.host = result.host.substr(1, result.host.size() - 2);
    }
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data() + colon + 1, end, result.port);
    if (error != std::errc{} || stop != end || colon + 1 == text.size()) return std::nullopt;
    return result;
}

}  // namespace

Endpoint endpoint(Table& table, std::string_view key, std::string_view fallback) {
    if (auto parsed = parse(table.text(key, fallback))) return *parsed;
    table.fault(key, "must be \"host:port\"");
    return {};
}

std::vector<Endpoint> further_endpoints(Table& table, std::string_view key) {
    std::vector<Endpoint> all;
    for (const std::string& text : table.texts(key)) {
        const auto parsed = parse(text);
        if (!parsed) table.fault(key, "must be \"host:port\", each of them");
        if (parsed) all.push_back(*parsed);
    }
    return all;
}

Endpoint loopback_endpoint(Table& table, std::string_view key, std::string_view fallback) {
    Endpoint result = endpoint(table, key, fallback);
    if (!result.host.empty() && !is_loopback(result.host)) {
        table.fault(
            key,
            "leaves this machine: an address beyond loopback needs TLS and paired devices, which "
            "this "
            "version does not serve itself; listen on 127.0.0.1 and put a TLS proxy in front");
    }
    return result;
}

Status verdict(TomlFile& file) {
    std::string text;
    for (const std::string& fault : file.faults()) text += (text.empty() ? "" : "\n") + fault;
    if (text.empty()) return {};
    return malformed(text);
}

}  // namespace aisle::config
