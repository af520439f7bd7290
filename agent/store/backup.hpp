#pragma once

#include <string>

#include "agent/core/error.hpp"
#include "agent/core/time.hpp"
#include "agent/sqlite/disk.hpp"

// Copies of the database. A copy is one file without a log, says of itself that it is one, and
// whoever opens it begins a new epoch: two lives of one store are never mixed at HQ.
namespace aisle::store {

struct BackupCall {
    std::string data_dir;
    std::string file;  // replaced if it is there
    sqlite::Disk* disk = &sqlite::system_disk();
};

// One consistent copy while the daemon runs, from a read connection; the writer goes on. The file
// is whole or absent. Unavailable: no database there. Full: no room for the copy.
Status backup(const BackupCall& call);

// Puts the copy in the place of DIR's database, which is set aside (`aisle.db.bad-<now>`) with its
// log. The next start begins a new epoch `restored`. Unavailable: a daemon is running, or the file
// is not there. Malformed: it is no database of Aisle, or damaged; nothing was changed.
Status restore_backup(const BackupCall& call, WallTime now);

}  // namespace aisle::store
