#pragma once

#include <string_view>
#include <vector>

#include "agent/sqlite/database.hpp"
#include "sync/hq/event_store.hpp"

namespace aisle::hq {

// EventStore::completeness on SQLite's tables, in one snapshot.
Result<std::vector<Completeness>> read_completeness(sqlite::Database& database,
                                                    EventStore::Proof proof,
                                                    std::string_view store);

}  // namespace aisle::hq
