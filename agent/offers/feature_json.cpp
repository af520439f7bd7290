#include "agent/offers/feature_json.hpp"

#include <cmath>

#include "agent/conditions/script_values.hpp"

namespace aisle::offers {
namespace {

namespace json = boost::json;

constexpr double kIndexMax = 1e6;

double number_or(const json::value& value, double fallback) {
    return value.is_number() ? value.to_number<double>() : fallback;
}

}  // namespace

const json::value& at(const json::object& object, std::string_view key) {
    static const json::value kNull;
    const json::value* const value = object.if_contains(key);
    return value ? *value : kNull;
}

const json::object& object_or_none(const json::value& value) {
    static const json::object kNone;
    return value.is_object() ? value.get_object() : kNone;
}

const json::array& array_or_none(const json::value& value) {
    static const json::array kNone;
    return value.is_array() ? value.get_array() : kNone;
}

std::string text_or(const json::object& object, std::string_view key, std::string_view fallback) {
    const json::value& value = at(object, key);
    if (!value.is_string() || value.get_string().empty()) return std::string{fallback};
    return std::string{value.get_string()};
}

bool is_text(const json::value& value, std::string_view text) {
    return value.is_string() && std::string_view{value.get_string()} == text;
}

bool is_false(const json::value& value) { return value.is_bool() && !value.get_bool(); }

int index_from(const json::value& value) {
    const double number = number_or(value, -1);
    if (!(number >= 0 && number <= kIndexMax) || number != std::floor(number)) return -1;
    return static_cast<int>(number);
}

// Zero counts as absent, as in JavaScript's `||`.
int int_or(const json::object& object, std::string_view key, int fallback) {
    const json::value& value = at(object, key);
    if (!value.is_number() || number_or(value, 0) == 0) return fallback;
    return index_from(value);
}

BucketRange range_from(const json::value& pair) {
    const json::array& ends = array_or_none(pair);
    if (ends.size() < 2) return {};
    return {.from = number_or(ends[0], 0), .to = number_or(ends[1], 0)};
}

std::vector<double> numbers_in(const json::value& list) {
    std::vector<double> numbers;
    for (const json::value& value : array_or_none(list)) numbers.push_back(number_or(value, 0));
    return numbers;
}

bool in_layer(const json::array& layer, std::string_view id) {
    if (layer.size() < 3 || !layer[0].is_string()) return false;
    const BucketRange slice{.from = number_or(layer[1], 0), .to = number_or(layer[2], 0)};
    return in_namespace(id, {.name = std::string_view{layer[0].get_string()}, .slice = slice});
}

}  // namespace aisle::offers
