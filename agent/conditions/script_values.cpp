#include "agent/conditions/script_values.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

namespace aisle::conditions::script {
namespace {

namespace json = boost::json;

constexpr std::size_t kVersionDigits = 5;

bool is_digits(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

double number_of(const json::value& value) {
    if (value.is_int64()) return static_cast<double>(value.get_int64());
    if (value.is_uint64()) return static_cast<double>(value.get_uint64());
    return value.get_double();
}

// The shortest digits that read back the same, in JavaScript's form: no exponent from 1e-6 up to
// 1e21, and none of its zeros (Number::toString).
std::string number_text(double number) {
    if (std::isnan(number)) return "NaN";
    if (std::isinf(number)) return number < 0 ? "-Infinity" : "Infinity";
    const double size = std::abs(number);
    const bool plain = size == 0 || (size >= 1e-6 && size < 1e21);
    std::array<char, 40> room{};
    const auto done =
        std::to_chars(room.data(), room.data() + room.size(), size == 0 ? 0 : number,
                      plain ? std::chars_format::fixed : std::chars_format::scientific);
    std::string text{room.data(), done.ptr};
    const auto exponent = text.find('e');
    if (exponent != std::string::npos && text[exponent + 2] == '0') text.erase(exponent + 2, 1);
    return text;
}

// Names and hexadecimal digits are JavaScript's own; from_chars would take others.
std::optional<double> named_number(std::string_view text) {
    if (text == "Infinity" || text == "+Infinity") return std::numeric_limits<double>::infinity();
    if (text == "-Infinity") return -std::numeric_limits<double>::infinity();
    if (!text.starts_with("0x") && !text.starts_with("0X")) {
        const bool named = text.find_first_of("infatyINFATY") != std::string_view::npos;
        return named ? std::optional{std::numeric_limits<double>::quiet_NaN()} : std::nullopt;
    }
    std::uint64_t whole = 0;
    const auto done = std::from_chars(text.data() + 2, text.data() + text.size(), whole, 16);
    if (done.ec != std::errc{} || done.ptr != text.data() + text.size())
        return std::numeric_limits<double>::quiet_NaN();
    return static_cast<double>(whole);
}

double parse_number(std::string_view text) {
    const auto first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) return 0;
    text = text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
    if (const auto named = named_number(text)) return *named;
    if (text.starts_with("+-")) return std::numeric_limits<double>::quiet_NaN();
    if (text.starts_with('+')) text.remove_prefix(1);
    double number = 0;
    const auto done = std::from_chars(text.data(), text.data() + text.size(), number);
    if (done.ec != std::errc{} || done.ptr != text.data() + text.size())
        return std::numeric_limits<double>::quiet_NaN();
    return number;
}

std::string joined(const json::array& array) {
    std::string text;
    for (const json::value& element : array) {
        if (&element != &array.front()) text += ',';
        if (!element.is_null()) text += to_text(element);
    }
    return text;
}

// Text stays text, arrays and objects become text: what JavaScript compares when it is not
// comparing numbers.
bool is_texty(const json::value& value) { return value.is_string() || value.is_structured(); }

}  // namespace

std::string lower(std::string text) {
    for (char& c : text)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return text;
}

bool truthy(const json::value& value) {
    if (value.is_null()) return false;
    if (value.is_bool()) return value.get_bool();
    if (value.is_string()) return !value.get_string().empty();
    if (value.is_number()) return number_of(value) != 0;
    return true;
}

std::string to_text(const json::value& value) {
    if (value.is_null()) return "null";
    if (value.is_bool()) return value.get_bool() ? "true" : "false";
    if (value.is_string()) return std::string{value.get_string()};
    if (value.is_array()) return joined(value.get_array());
    if (value.is_object()) return "[object Object]";
    return number_text(number_of(value));
}

double to_number(const json::value& value) {
    if (value.is_null()) return 0;
    if (value.is_bool()) return value.get_bool() ? 1 : 0;
    if (value.is_number()) return number_of(value);
    return parse_number(to_text(value));
}

std::string_view type_of(const json::value& value) {
    if (value.is_null()) return "null";
    if (value.is_bool()) return "boolean";
    if (value.is_string()) return "string";
    if (value.is_array()) return "array";
    return value.is_object() ? "object" : "number";
}

bool strictly_equal(const json::value& a, const json::value& b, Case fold) {
    if (a.is_string() && b.is_string())
        return fold == Case::Exact ? a.get_string() == b.get_string()
                                   : lower(to_text(a)) == lower(to_text(b));
    if (a.is_number() && b.is_number()) return number_of(a) == number_of(b);
    // Two objects are the same only if they are one: from two places they never are.
    return !a.is_structured() && a.kind() == b.kind() && a == b;
}

std::partial_ordering compare(const json::value& a, const json::value& b) {
    if (is_texty(a) && is_texty(b)) return to_text(a) <=> to_text(b);
    return to_number(a) <=> to_number(b);
}

bool same_json(const json::value& a, const json::value& b) {
    if (a.is_number() && b.is_number()) return number_of(a) == number_of(b);
    if (a.kind() != b.kind()) return false;
    if (a.is_array()) return std::ranges::equal(a.get_array(), b.get_array(), same_json);
    if (a.is_object())
        return std::ranges::equal(a.get_object(), b.get_object(), [](const auto& x, const auto& y) {
            return x.key() == y.key() && same_json(x.value(), y.value());
        });
    return a == b;
}

const json::value& at_path(const json::value& from, std::string_view path) {
    static const json::value kNull;
    const json::value* at = &from;
    while (at) {
        const auto dot = path.find('.');
        const auto part = path.substr(0, dot);
        if (const auto* const object = at->if_object()) {
            at = object->if_contains(part);
        } else if (const auto* const array = at->if_array(); array && is_digits(part)) {
            std::size_t index = 0;
            const auto read = std::from_chars(part.data(), part.data() + part.size(), index);
            // A number beyond any index leads nowhere, and not to the first element.
            at = read.ec == std::errc{} ? array->if_contains(index) : nullptr;
        } else {
            at = nullptr;
        }
        if (at && dot == std::string_view::npos) return *at;
        path.remove_prefix(dot == std::string_view::npos ? path.size() : dot + 1);
    }
    return kNull;
}

std::string padded_version(const json::value& value) {
    std::string text = value.is_string() || value.is_number() ? to_text(value) : "";
    if (text.empty()) text.push_back('0');
    if (text.starts_with('v')) text.erase(0, 1);
    text.erase(std::min(text.find('+'), text.size()));

    std::vector<std::string> parts(1);
    for (const char c : text) {
        if (c == '-' || c == '.')
            parts.emplace_back();
        else
            parts.back() += c;
    }
    // A release comes after its pre-releases: "~" sorts behind all that they can start with.
    if (parts.size() == 3) parts.emplace_back("~");

    std::string padded;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (i > 0) padded += '-';
        if (is_digits(parts[i]) && parts[i].size() < kVersionDigits)
            padded.append(kVersionDigits - parts[i].size(), ' ');
        padded += parts[i];
    }
    return padded;
}

}  // namespace aisle::conditions::script
