#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace aisle::store {

// What a gap stands for, by kind. In the table as "kind=count,...", on the wire as a JSON object.
// Kinds are of [a-z0-9_].
using KindCounts = std::map<std::string, std::int64_t, std::less<>>;

std::string to_text(const KindCounts& counts);
void add_counts(KindCounts& counts, std::string_view text);

// {"reason":"quota","n":15,"kinds":{"footfall_minute":15}}; without kinds where none are known.
std::string gap_body(std::string_view reason, std::int64_t n, std::string_view kinds);

}  // namespace aisle::store
