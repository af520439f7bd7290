#pragma once

#include "agent/core/error.hpp"
#include "agent/sqlite/database.hpp"

namespace aisle::hq {

// A row's key: which stream (a row of `streams`) and which seq in it, kSeqBits wide. Two integers
// in one, because a text key costs 15 to 20 % of the insert rate.

// Makes the tables of a new file, brings an older version's up to date (all or nothing), or checks
// that the file is ours and of this version.
Status set_up_schema(sqlite::Database& database);
// Only checks.
Status check_schema(sqlite::Database& database);

}  // namespace aisle::hq
