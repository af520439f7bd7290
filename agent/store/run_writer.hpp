#pragma once

#include "agent/sqlite/database.hpp"
#include "agent/store/runs.hpp"

namespace aisle::store {

// Puts runs and gaps into their tables: what OutboxTable appends and what a salvage finds. It knows
// no neighbours: that the outbox stays without holes is the caller's promise, and so is the
// transaction.
class RunWriter {
public:
    Status prepare(sqlite::Database& database);
    // A run that begins at the same seq grows into this one.
    Status put(Stream stream, const Run& run);
    // With the run that holds its place.
    Status put(Stream stream, const Gap& gap);

private:
    sqlite::Statement run_;
    sqlite::Statement gap_;
};

}  // namespace aisle::store
