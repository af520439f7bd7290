#include "agent/runtime/http_message.hpp"

#include <time.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <chrono>
#include <utility>

#include "agent/runtime/log.hpp"

namespace aisle::runtime {

namespace {

std::string_view view(beast::string_view text) { return {text.data(), text.size()}; }

std::string lower(std::string_view text) {
    std::string out{text};
    std::ranges::transform(out, out.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return out;
}

// RFC 9110 section 5.6.7. Names are spelt out here because strftime's follow the locale.
std::string http_date(WallTime wall) {
    constexpr std::array kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr std::array kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                 "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const time_t whole = std::chrono::floor<seconds>(wall).time_since_epoch().count();
    tm parts{};
    gmtime_r(&whole, &parts);
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "%s, %02d %s %04d %02d:%02d:%02d GMT",
                  kDays.at(static_cast<std::size_t>(parts.tm_wday)), parts.tm_mday,
                  kMonths.at(static_cast<std::size_t>(parts.tm_mon)), parts.tm_year + 1900,
                  parts.tm_hour, parts.tm_min, parts.tm_sec);
    return text.data();
}

bool is_token(std::string_view name) {
    constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
    return !name.empty() && std::ranges::all_of(name, [&](unsigned char c) {
        return std::isalnum(c) != 0 || kMarks.find(static_cast<char>(c)) != kMarks.npos;
    });
}

bool is_field_value(std::string_view value) {
    return std::ranges::none_of(
        value, [](unsigned char c) { return (c < 0x20 && c != '\t') || c == 0x7f; });
}

bool has_no_body(int status) { return status == 204 || status == 304; }

void set_handlers_headers(BeastResponse& into, const HttpResponse& from) {
    for (const auto& [name, value] : from.headers) {
        if (is_token(name) && is_field_value(value)) {
            into.set(name, value);
        } else {
            log::warn("http_bad_response_header", {{"bytes", name.size() + value.size()}});
        }
    }
}

}  // namespace

RequestHead head_of(const BeastRequest& request) {
    RequestHead head;
    head.version = static_cast<int>(request.version());
    head.method = view(request.method_string());
    head.host = view(request[http::field::host]);
    head.hosts = request.count(http::field::host);
    head.content_lengths = request.count(http::field::content_length);
    head.transfer_encodings = request.count(http::field::transfer_encoding);
    head.has_body = head.content_lengths > 0 && request[http::field::content_length] != "0";
    head.has_origin = request.count(http::field::origin) > 0;
    // Two of them could be read differently by two readers: an empty one is nobody's.
    if (request.count(http::field::origin) == 1) head.origin = view(request[http::field::origin]);
    head.upgrade = request.count(http::field::upgrade) > 0;
    return head;
}

HttpRequest request_from(BeastRequest request, HttpTarget target, const Peer& peer) {
    HttpRequest out;
    out.method = std::string{view(request.method_string())};
    // A handler of GET need not know HEAD: the answer's body is left out on its way.
    if (out.method == "HEAD") out.method = "GET";
    out.path = std::move(target.path);
    out.query = std::move(target.query);
    for (const auto& field : request) {
        auto [at, fresh] =
            out.headers.try_emplace(lower(view(field.name_string())), view(field.value()));
        if (!fresh) at->second.append(", ").append(view(field.value()));
    }
    out.body = std::move(request.body());
    out.peer = peer.address;
    out.local = peer.local;
    return out;
}

void set_security_headers(http::fields& fields) {
    fields.set("X-Content-Type-Options", "nosniff");
    fields.set("Referrer-Policy", "no-referrer");
    fields.set("Cross-Origin-Resource-Policy", "same-origin");
}

BeastResponse response_from(HttpResponse response, const AnswerShape& shape, const Stamp& now) {
    BeastResponse out;
    out.version(shape.version);
    response.status = std::clamp(response.status, 200, 599);
    out.result(static_cast<unsigned>(response.status));
    set_security_headers(out);
    out.set(http::field::cache_control, "no-store");  // handlers of static files say otherwise
    if (now.quality >= ClockQuality::Ntp) out.set(http::field::date, http_date(now.wall));
    set_handlers_headers(out, response);
    out.keep_alive(shape.keep_alive);
    if (has_no_body(response.status)) return out;

    if (is_field_value(response.type)) out.set(http::field::content_type, response.type);
    out.content_length(response.body.size());
    if (!shape.head_only) out.body() = std::move(response.body);
    return out;
}

}  // namespace aisle::runtime
