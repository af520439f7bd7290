#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>

// Reads one JSON object field by field. Inside this room only.
namespace aisle::offers {

struct FieldFault {
    std::string path;
    std::string reason;
};
using FieldFaults = std::vector<FieldFault>;

struct Range {
    std::int64_t min = 0;
    std::int64_t max = INT64_MAX;
};

inline constexpr std::size_t kTextBytesMax = 512;
inline constexpr std::size_t kListMax = 1'000;

// Missing fields are nothing; fields of another type or out of range are faults and nothing.
// finish() turns every field that nobody took into a fault, so that a mistyped key cannot hide.
class Reader {
public:
    Reader(const boost::json::object& object, std::string path, FieldFaults& faults)
        : object_{object}, path_{std::move(path)}, faults_{faults} {}

    const boost::json::value* take(std::string_view key);
    std::optional<std::int64_t> integer(std::string_view key, Range range);
    std::optional<double> number(std::string_view key);
    std::optional<bool> boolean(std::string_view key);
    std::optional<std::string> text(std::string_view key);
    std::vector<std::string> texts(std::string_view key);
    const boost::json::object* object(std::string_view key);
    const boost::json::array* array(std::string_view key);

    void fault(std::string_view key, std::string reason);
    void missing(std::string_view key) { fault(key, "is missing"); }
    [[nodiscard]] std::string path(std::string_view key) const;
    [[nodiscard]] FieldFaults& faults() { return faults_; }
    void finish();

private:
    const boost::json::object& object_;
    std::string path_;
    FieldFaults& faults_;
    std::set<std::string_view> taken_;
};

// The line, from 1, on which the value at `path` ("limits.per_customer[0].n") stands, or the
// closest parent that is there. `text` must be valid JSON.
int line_of(std::string_view text, std::string_view path);
// The line of a byte.
int line_at(std::string_view text, std::size_t offset);

}  // namespace aisle::offers
