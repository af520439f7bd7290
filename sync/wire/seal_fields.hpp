#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include <boost/json/object.hpp>

#include "agent/core/time.hpp"
#include "sync/wire/seal_refusal.hpp"

// A signed payload's JSON object, read field by field. Private to wire.
namespace aisle::wire {

// JSON within the depth bound, or why not.
Judged<boost::json::value> parse_json(std::string_view text);

// The first field that is missing, of the wrong type or unknown is remembered; a reader asks for
// all and looks at `fault` once. The object must outlive it.
class SealFields {
public:
    explicit SealFields(const boost::json::object& object) : object_{object} {}

    [[nodiscard]] const boost::json::value* find(std::string_view name) const;
    [[nodiscard]] bool has(std::string_view name) const { return find(name) != nullptr; }
    std::string text(std::string_view name);
    std::string text_or(std::string_view name, std::string_view absent);
    std::int64_t integer(std::string_view name);
    std::int64_t integer_or(std::string_view name, std::int64_t absent);
    bool flag_or(std::string_view name, bool absent);
    WallTime time(std::string_view name);
    std::optional<WallTime> time_if(std::string_view name);
    // What else is there is a fault: half of a message must not be taken for the whole.
    void only(std::initializer_list<std::string_view> names);

    void reject(std::string_view why);
    [[nodiscard]] bool bad() const { return !fault_.empty(); }
    [[nodiscard]] Refusal refused() const { return refusal(Refused::Malformed, fault_); }

private:
    const boost::json::object& object_;
    std::string fault_;
};

}  // namespace aisle::wire
