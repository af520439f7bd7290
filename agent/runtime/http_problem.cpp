#include "agent/runtime/http_reason.hpp"

#include "agent/runtime/http.hpp"

// RFC 9457 answers. Their few fields are written by hand: this room has no JSON library.
namespace aisle::runtime {

namespace {

constexpr std::string_view kRetryAfterSeconds = "1";

std::string json_string(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (byte < 0x20) {
            out += "\\u00";
            out += "0123456789abcdef"[byte >> 4U];
            out += "0123456789abcdef"[byte & 15U];
        } else {
            out += c;
        }
    }
    return out += '"';
}

}  // namespace

std::string_view reason_of(int status) {
    switch (status) {
        case 400:
            return "Bad Request";
        case 401:
            return "Unauthorized";
        case 403:
            return "Forbidden";
        case 404:
            return "Not Found";
        case 405:
            return "Method Not Allowed";
        case 408:
            return "Request Timeout";
        case 409:
            return "Conflict";
        case 410:
            return "Gone";
        case 413:
            return "Content Too Large";
        case 414:
            return "URI Too Long";
        case 422:
            return "Unprocessable Content";
        case 429:
            return "Too Many Requests";
        case 431:
            return "Request Header Fields Too Large";
        case 500:
            return "Internal Server Error";
        case 503:
            return "Service Unavailable";
        case 504:
            return "Gateway Timeout";
        default:
            return "Error";
    }
}

HttpResponse problem(int status, std::string_view title, std::string_view detail) {
    HttpResponse response;
    response.status = status;
    response.type = "application/problem+json";
    response.body = R"({"type":"about:blank","title":)" + json_string(title) + R"(,"status":)" +
                    std::to_string(status) + R"(,"detail":)" + json_string(detail) + '}';
    if (status == 429 || status == 503) response.headers["Retry-After"] = kRetryAfterSeconds;
    return response;
}

HttpResponse plain_problem(int status, std::string_view detail) {
    return problem(status, reason_of(status), detail);
}

HttpResponse problem(const Error& error) {
    switch (error.fault) {
        case Fault::Malformed:
            return plain_problem(400, error.detail);
        case Fault::Denied:
            return plain_problem(403, error.detail);
        case Fault::Unavailable:
        case Fault::Full:
            return plain_problem(503, error.detail);
    }
    return plain_problem(500, error.detail);
}

}  // namespace aisle::runtime
