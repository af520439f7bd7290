#pragma once

#include "agent/core/error.hpp"
#include "sync/hq/erasure.hpp"
#include "sync/hq/postgresql_connection.hpp"

namespace aisle::hq {

// One slice of one stream, one statement. `after` is stream key and seq in one, as in SQLite.
Result<ErasedSlice> erase_in(PostgresqlConnection& connection, const EraseOrder& order);

}  // namespace aisle::hq
