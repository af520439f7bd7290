#include "agent/staff/answers.hpp"

#include <algorithm>

namespace aisle::staff {
namespace {

namespace json = boost::json;

bool has_control(std::string_view text) {
    return std::ranges::any_of(text, [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte < 0x20 || byte == 0x7F;
    });
}

}  // namespace

runtime::HttpResponse json_answer(const json::object& body) {
    runtime::HttpResponse response;
    response.body = json::serialize(body);
    response.headers["Cache-Control"] = "no-store";
    return response;
}

runtime::HttpResponse refuse(const Refusal& refusal, const json::object& more) {
    json::object body;
    body["type"] = "about:blank";
    body["title"] = refusal.title;
    body["status"] = refusal.status;
    body["detail"] = refusal.detail;
    for (const auto& [name, value] : more) body[name] = value;
    runtime::HttpResponse response = json_answer(body);
    response.status = refusal.status;
    response.type = "application/problem+json";
    return response;
}

Result<json::object> body_of(const runtime::HttpRequest& request, BodyLimits limits) {
    const auto type = request.headers.find("content-type");
    if (type == request.headers.end() || !type->second.starts_with("application/json"))
        return malformed("Content-Type must be application/json");
    if (request.body.size() > limits.bytes_max) return malformed("the body is too long");

    boost::system::error_code failed;
    json::parse_options options;
    options.max_depth = limits.depth_max;
    json::value parsed = json::parse(request.body, failed, {}, options);
    if (failed || !parsed.is_object()) return malformed("the body is no JSON object");
    return std::move(parsed.as_object());
}

std::optional<std::string> text_in(const json::object& body, std::string_view name) {
    const json::value* value = body.if_contains(name);
    if (value == nullptr || !value->is_string()) return std::nullopt;
    return std::string{value->as_string()};
}

Result<std::string> by_in(const json::object& body) {
    auto by = text_in(body, "by");
    if (!by || by->empty()) return malformed("by: who does it is missing");
    if (by->size() > kNameBytesMax || has_control(*by))
        return malformed("by: 1 to 32 bytes of text");
    return *std::move(by);
}

}  // namespace aisle::staff
