#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json.hpp>

#include "agent/core/error.hpp"

namespace aisle::hq {

inline constexpr std::size_t kCsvColumnsMax = 256;

struct CsvRow {
    std::int64_t line = 0;  // where it begins, from 1
    std::string_view text;
    Result<boost::json::object> object;  // as a JSON line would say it
};

// RFC 4180 with a head line; comma or semicolon, whichever the head has more of. What a column
// holds follows from its name: price, cost, qty and score.NAME are integers; tags and segments are
// lists with | between; consent.PURPOSE is the time at which it was given; gone is true or 1;
// `value` is a flag, a number or else text; all others are text. Empty cells are left out. Pure.
class CsvReader {
public:
    // `text` outlives the reader.
    explicit CsvReader(std::string_view text) : left_{text} {}
    // First of all. Malformed: no head, or too many columns, or one twice.
    Status head();
    // Nothing at the end.
    std::optional<CsvRow> next();

private:
    struct Cells {
        std::vector<std::string> cells;
        std::string_view text;
        bool closed = true;  // every quote was
    };
    Cells take_row();
    [[nodiscard]] Result<boost::json::object> object_of(const Cells& row) const;

    std::string_view left_;
    std::int64_t line_ = 1;
    char comma_ = ',';
    std::vector<std::string> columns_;
};

}  // namespace aisle::hq
