#include "sync/hq/content_digest.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>
#include <vector>

#include "sync/wire/line.hpp"

namespace aisle::hq {
namespace {

namespace json = boost::json;

// Whole numbers below this are the same as a double and as an integer.
constexpr double kExact = 9'007'199'254'740'992.0;

void append(std::string& out, const json::value& value);

void append_object(std::string& out, const json::object& object) {
    std::vector<const json::key_value_pair*> members;
    for (const auto& member : object) members.push_back(&member);
    std::ranges::sort(members, {}, [](const auto* member) { return member->key(); });
    out += '{';
    for (const auto* member : members) {
        out += json::serialize(json::string_view{member->key()});
        out += ':';
        append(out, member->value());
        out += ',';
    }
    out += '}';
}

void append(std::string& out, const json::value& value) {
    if (const auto* object = value.if_object()) return append_object(out, *object);
    if (const auto* array = value.if_array()) {
        out += '[';
        for (const auto& one : *array) {
            append(out, one);
            out += ',';
        }
        out += ']';
        return;
    }
    const double* number = value.if_double();
    if (number != nullptr && std::abs(*number) < kExact && std::trunc(*number) == *number) {
        out += std::to_string(static_cast<std::int64_t>(*number));
        return;
    }
    out += json::serialize(value);
}

}  // namespace

std::string content_digest(std::string_view body) {
    boost::system::error_code error;
    json::value value = json::parse({body.data(), body.size()}, error);
    if (error) return wire::check_of(body);
    if (auto* object = value.if_object()) {
        object->erase("lineage");
        object->erase("revision");
    }
    std::string canonical;
    append(canonical, value);
    return wire::check_of(canonical);
}

}  // namespace aisle::hq
