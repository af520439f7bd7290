#pragma once

#include <span>

#include "agent/sqlite/database.hpp"

// The numbered steps from an empty file to today's tables: agent/store/migrations/NNNN_name.sql,
// step n at index n - 1.
//
// An expansion only adds, keeps what the version before reads and writes (as a view with triggers,
// if need be), and leaves user_version, which says from which schema on a program can work with the
// file. A contraction raises it, at the earliest one version later. The step that was reached is in
// meta, key `schema`.
namespace aisle::store {

inline constexpr std::int64_t kApplicationId =
    0x4149'534c;  // "AISL", as file(1) and we recognise the database

[[nodiscard]] std::span<const char* const> migrations();

enum class Identity {
    Ours,
    Empty,
    Foreign,  // of another program, or with a damaged header
    Newer,    // of a version whose tables this one cannot work with
};
// Leaves the file untouched. Errors are SQLite's.
Result<Identity> identify(sqlite::Database& database);

// The last step that was taken; 0: none.
Result<std::size_t> schema_of(sqlite::Database& database);

// Brings the tables to step `to` (0: the newest). Each step is one transaction together with its
// mark; later steps than are known here stay.
Status migrate(sqlite::Database& database, std::size_t to = 0);

}  // namespace aisle::store
