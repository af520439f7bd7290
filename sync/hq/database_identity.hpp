#pragma once

#include <string>

#include "agent/core/error.hpp"
#include "agent/sqlite/database.hpp"
#include "agent/sqlite/disk.hpp"

// HQ's database carries a random id, and FILE.id beside it says which one was here last. A database
// that has gone, is empty or is another one would otherwise be filled from nothing, and every store
// would have to declare what it no longer has as a gap.
namespace aisle::hq {

struct DatabaseFile {
    sqlite::Disk& disk;
    std::string path;
};

// Before the database is opened: Denied if FILE.id is there and FILE is not, or is empty.
Status expect_database(const DatabaseFile& file);
// Malformed, in words that say what to do, if it is no database or a page of it is damaged. Every
// page of a file up to kCheckedBytesMax is looked at; of a larger one what a start reads anyway, so
// that service does not wait for a look at gigabytes.
Status check_whole(const DatabaseFile& file, sqlite::Database& database);
inline constexpr std::int64_t kCheckedBytesMax = 64LL * 1024 * 1024;
// After its tables are there: gives it an id if it has none. Denied if FILE.id names another one.
Status check_identity(const DatabaseFile& file, sqlite::Database& database, bool accept_new);

}  // namespace aisle::hq
