#pragma once

#include "agent/core/error.hpp"
#include "agent/sqlite/database.hpp"

namespace aisle::hq {

// A row's key: which stream (a row of `streams`) and which seq in it. Two integers in one, because
// a text key costs 15 to 20 % of the insert rate.
inline constexpr int kSeqBits = 40;
inline constexpr std::int64_t kSeqMax = (std::int64_t{1} << kSeqBits) - 1;

// Makes the tables of a new file, or checks that the file is ours and of this version.
Status set_up_schema(sqlite::Database& database);

}  // namespace aisle::hq
