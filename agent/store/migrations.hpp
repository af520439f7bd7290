#pragma once

#include <span>

#include "agent/sqlite/database.hpp"

// The numbered steps from an empty file to today's tables: agent/store/migrations/NNNN_name.sql,
// step n at index n - 1.
namespace aisle::store {

inline constexpr std::int64_t kApplicationId =
    0x4149'534c;  // "AISL", as file(1) and we recognise the database

[[nodiscard]] std::span<const char* const> migrations();

// Malformed with the reason, and the file left untouched, unless it is ours, of a schema that we
// know, or empty.
Status check_identity(sqlite::Database& database);

// Brings the tables to step `to` (0: the newest). Each step is one transaction together with its
// user_version.
Status migrate(sqlite::Database& database, std::size_t to = 0);

}  // namespace aisle::store
