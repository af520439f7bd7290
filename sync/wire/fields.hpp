#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "agent/core/error.hpp"
#include "agent/core/record.hpp"
#include "agent/core/time.hpp"

// Small JSON objects of the protocol, read field by field. Private to wire.
namespace aisle::wire {

// Nothing of ours is longer; more is refused before it is parsed.
inline constexpr std::size_t kControlBytesMax = 4096;

// One object, opened for reading. The first field that is missing or of the wrong type is
// remembered, so that a reader asks for all fields and looks at `fault` once.
class Fields {
public:
    explicit Fields(std::string_view json);
    ~Fields();
    Fields(const Fields&) = delete;
    Fields& operator=(const Fields&) = delete;

    std::string text(std::string_view name);
    std::string text_or(std::string_view name, std::string_view absent);
    std::int64_t integer(std::string_view name);
    std::int64_t integer_or(std::string_view name, std::int64_t absent);
    bool flag_or(std::string_view name, bool absent);
    Stream stream(std::string_view name);
    WallTime time(std::string_view name);
    // The nested object's members: name and its own object as text. Empty if there is none.
    std::string object_or_empty(std::string_view name);
    [[nodiscard]] bool has(std::string_view name) const;
    // Of all members, in their order.
    [[nodiscard]] std::vector<std::string> names() const;

    void reject(std::string_view why);
    [[nodiscard]] bool bad() const { return !fault_.empty(); }
    [[nodiscard]] Error error() const { return malformed(fault_); }

private:
    struct Object;
    std::unique_ptr<Object> object_;
    std::string fault_;
};

// Sixteen lower-case hex digits.
bool is_hex16(std::string_view text);

}  // namespace aisle::wire
