#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "agent/core/time.hpp"

namespace aisle {

// Where a record came from, down to the bytes. Committed time is the journal's own column.
struct Lineage {
    std::string source;  // configured name of the source
    std::string driver;  // driver and version: "poslog_dir/1"
    std::string profile;
    std::string origin;          // file name or message id; never a path with personal data
    std::int64_t byte_from = 0;  // range in `origin`, half-open
    std::int64_t byte_to = 0;
    std::string digest;  // SHA-256, hex, of the masked raw bytes
    WallTime received{};
    std::vector<std::string> rules;  // what intake changed or noticed, by rule id
};

}  // namespace aisle
