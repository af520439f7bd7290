#include "drivers/pos/json_fields.hpp"

#include <optional>

#include <simdjson.h>

namespace aisle::pos {
namespace {

namespace ondemand = simdjson::ondemand;

// Raw tokens come with the white space behind them.
std::string_view trimmed(std::string_view token) {
    const auto end = token.find_last_not_of(" \t\r\n");
    return end == std::string_view::npos ? std::string_view{} : token.substr(0, end + 1);
}

}  // namespace

// `path` grows and shrinks with the reading; `error` is the first one.
struct JsonValue::Cursor {
    ondemand::value value;
    std::string& path;
    std::optional<Error>& error;
};

namespace {

using Cursor = JsonValue::Cursor;

void remember(Cursor& cursor, std::string_view why) {
    if (!cursor.error) cursor.error = malformed(cursor.path + ": " + std::string{why});
}

template <typename Object>
bool read_fields(Object& object, std::string& path, std::optional<Error>& error,
                 const JsonValue::Field& field) {
    const std::size_t above = path.size();
    for (auto each : object) {
        std::string_view key;
        ondemand::value value;
        if (each.unescaped_key().get(key) || each.value().get(value)) {
            if (!error) error = malformed(path + ": broken JSON");
            return false;
        }
        if (above > 0) path += '.';
        path += key.substr(0, 64);
        Cursor cursor{value, path, error};
        const std::string name{key};
        field(name, JsonValue{cursor});
        path.resize(above);
        if (error) return false;
    }
    return true;
}

}  // namespace

void JsonValue::fail(std::string_view why) { remember(cursor_, why); }

bool JsonValue::text(std::string& out) {
    std::string_view found;
    if (cursor_.value.get_string().get(found)) {
        fail("not a text");
        return false;
    }
    out = found;
    return true;
}

bool JsonValue::integer(std::int64_t& out) {
    if (cursor_.value.get_int64().get(out)) {
        fail("not a whole number");
        return false;
    }
    return true;
}

bool JsonValue::flag(bool& out) {
    if (cursor_.value.get_bool().get(out)) {
        fail("neither true nor false");
        return false;
    }
    return true;
}

bool JsonValue::text_or_digits(std::string& out) {
    ondemand::json_type type{};
    if (cursor_.value.type().get(type)) {
        fail("broken JSON");
        return false;
    }
    if (type == ondemand::json_type::string) return text(out);
    if (type == ondemand::json_type::null) {
        out.clear();
        return true;
    }
    const auto token = trimmed(cursor_.value.raw_json_token());
    constexpr std::size_t kIdDigitsMax = 64;
    const bool digits = token.find_first_not_of("0123456789") == std::string_view::npos;
    if (type != ondemand::json_type::number || !digits || token.size() > kIdDigitsMax) {
        fail("neither a text nor digits");
        return false;
    }
    out = token;
    return true;
}

bool JsonValue::object(const Field& field) {
    ondemand::object found;
    if (cursor_.value.get_object().get(found)) {
        fail("not an object");
        return false;
    }
    return read_fields(found, cursor_.path, cursor_.error, field);
}

bool JsonValue::objects(const Field& field, const std::function<bool(std::size_t)>& next) {
    ondemand::array array;
    if (cursor_.value.get_array().get(array)) {
        fail("not an array");
        return false;
    }
    std::size_t index = 0;
    const std::size_t above = cursor_.path.size();
    for (auto each : array) {
        cursor_.path += '[' + std::to_string(index) + ']';
        ondemand::object found;
        if (each.get_object().get(found)) {
            fail("not an object");
        } else if (next(index)) {
            read_fields(found, cursor_.path, cursor_.error, field);
        } else {
            fail("too many");
        }
        cursor_.path.resize(above);
        if (cursor_.error) return false;
        ++index;
    }
    return true;
}

Status read_json_object(std::string_view json, const JsonValue::Field& field) {
    if (json.starts_with("\xef\xbb\xbf")) json.remove_prefix(3);
    ondemand::parser parser;
    const simdjson::padded_string padded{json};
    ondemand::document document;
    ondemand::object object;
    if (const auto failed = parser.iterate(padded).get(document)) {
        return malformed(std::string{"not JSON: "} + simdjson::error_message(failed));
    }
    if (document.get_object().get(object)) return malformed("not a JSON object");
    std::string path;
    std::optional<Error> error;
    read_fields(object, path, error, field);
    if (error) return *error;
    const char* where = nullptr;
    const bool ended = document.current_location().get(where) == simdjson::OUT_OF_BOUNDS;
    if (!ended) return malformed("something behind the JSON object");
    return {};
}

}  // namespace aisle::pos
