#pragma once

#include "agent/core/error.hpp"
#include "agent/sqlite/database.hpp"
#include "sync/hq/erasure.hpp"

namespace aisle::hq {

// One slice, one transaction.
Result<ErasedSlice> erase_in(sqlite::Database& database, const EraseOrder& order);

}  // namespace aisle::hq
