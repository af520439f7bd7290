#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <boost/json.hpp>

#include "agent/core/error.hpp"
#include "agent/runtime/http.hpp"

// Bodies in and out.
namespace aisle::staff {

inline constexpr std::size_t kBodyBytesMax = 4 * 1024;
inline constexpr std::size_t kNameBytesMax = 32;  // of a member of staff or a device

runtime::HttpResponse json_answer(const boost::json::object& body);

// RFC 9457 with members of our own in `more`.
struct Refusal {
    int status = 400;
    std::string_view title;
    std::string_view detail;
};
runtime::HttpResponse refuse(const Refusal& refusal, const boost::json::object& more = {});

// The request's JSON object. It must say that it is JSON: a page of another origin cannot do so
// unasked.
struct BodyLimits {
    std::size_t bytes_max = kBodyBytesMax;
    std::size_t depth_max = 4;
};
Result<boost::json::object> body_of(const runtime::HttpRequest& request, BodyLimits limits = {});

// A text member; nothing if it is absent or no text.
std::optional<std::string> text_in(const boost::json::object& body, std::string_view name);
// Who did it: 1..kNameBytesMax bytes without control characters.
Result<std::string> by_in(const boost::json::object& body);

}  // namespace aisle::staff
