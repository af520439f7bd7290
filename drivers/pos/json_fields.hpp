#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "agent/core/error.hpp"

// Strict JSON from strangers, field by field, in the order in which they come. simdjson stays in
// the .cpp.
namespace aisle::pos {

// A value that is being read. Good only inside the handler that was given it; read it once.
class JsonValue {
public:
    struct Cursor;
    explicit JsonValue(Cursor& cursor) : cursor_{cursor} {}

    // Each answers false and remembers why where the value is of another type.
    bool text(std::string& out);
    bool integer(std::int64_t& out);  // 64 bits, no fraction, no exponent
    bool flag(bool& out);
    bool text_or_digits(
        std::string& out);  // ids come as "17" and as 17; the digits are taken as they are written
    using Field = std::function<void(std::string_view key, JsonValue value)>;
    bool object(const Field& field);
    bool objects(const Field& field, const std::function<bool(std::size_t index)>& next);
    void fail(std::string_view why);

private:
    Cursor& cursor_;
};

// The whole of a body as one object. Malformed names the path of the first field that was wrong.
Status read_json_object(std::string_view json, const JsonValue::Field& field);

}  // namespace aisle::pos
