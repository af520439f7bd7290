#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/core/error.hpp"
#include "agent/core/reference.hpp"

// The lines of members.jsonl, products.jsonl, tags.jsonl and facts.jsonl (DESIGN section 6) into
// rows. Pure.
namespace aisle::reference {

enum class ReferenceFile { Members, Products, Tags, Facts };
inline constexpr ReferenceFile kReferenceFiles[] = {ReferenceFile::Members, ReferenceFile::Products,
                                                    ReferenceFile::Tags, ReferenceFile::Facts};
std::string_view file_name(ReferenceFile file);  // members.jsonl, ...

inline constexpr std::size_t kLineBytesMax = 64 * 1024;
inline constexpr std::size_t kRowsMax = 200'000;  // a file
inline constexpr std::size_t kBadLinesMax = 100;  // told one by one; `bad_total` counts all

struct BadLine {
    std::size_t line = 0;   // from 1
    std::string reason;     // encoding, schema or limit
    std::string detail;     // names the field, never its value
    std::int64_t from = 0;  // byte range in the file, half-open, without the line end
    std::int64_t to = 0;
};

struct ParsedFile {
    std::vector<ReferenceRow> rows;
    std::vector<BadLine> bad;
    std::size_t bad_total = 0;
    bool unfinished =
        false;  // the last line has no line end, or is not JSON: someone may still be writing
};

// Empty lines are skipped. Money is an integer in minor units, times are RFC 3339. Full: more than
// kRowsMax rows.
Result<ParsedFile> parse_reference(ReferenceFile file, std::string_view bytes);

}  // namespace aisle::reference
