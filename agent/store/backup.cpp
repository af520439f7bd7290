#include "agent/store/backup.hpp"

#include "agent/sqlite/database.hpp"
#include "agent/store/data_lock.hpp"
#include "agent/store/migrations.hpp"
#include "agent/store/start.hpp"

namespace aisle::store {
namespace {

std::string quoted(const std::string& text) {
    std::string out = "'";
    for (const char c : text) {
        out += c;
        if (c == '\'') out += c;
    }
    return out + "'";
}

Status check(sqlite::Database& database) {
    const auto identity = identify(database);
    if (!identity) return identity.error();
    if (*identity == Identity::Newer) return malformed("written by a newer version of Aisle");
    if (*identity != Identity::Ours) return malformed("no database of Aisle");
    const auto verdict = database.text("PRAGMA quick_check(1)");
    if (!verdict) return verdict.error();
    return *verdict == "ok" ? Status{} : malformed(*verdict);
}

// VACUUM INTO does not sync what it writes; the mark's own transaction does, and with it the file.
Status mark_as_copy(const std::string& path, const std::string& vfs) {
    auto copy = sqlite::Database::open(path, {.vfs = vfs});
    if (!copy) return copy.error();
    if (auto done = copy->exec("PRAGMA synchronous = FULL;"
                               "INSERT OR REPLACE INTO meta(key, value) VALUES ('copy', '1')");
        !done) {
        return done;
    }
    return check(*copy);
}

struct Paths {
    std::string from;
    std::string to;
};

// One consistent view of `from`, without its unused pages, as one file without a log.
Status copy_database(const Paths& paths, sqlite::Disk& disk) {
    auto source = sqlite::Database::open(
        paths.from, {.read_only = true, .checkpoint_on_close = false, .vfs = disk.vfs()});
    if (!source) return source.error();
    const auto identity = identify(*source);
    if (!identity) return identity.error();
    if (*identity != Identity::Ours) return malformed(paths.from + ": no database of Aisle");
    const std::string made = paths.to + ".new";
    if (auto done = disk.remove(made); !done) return done;
    auto done = source->exec("VACUUM INTO " + quoted(made));
    if (done) done = mark_as_copy(made, disk.vfs());
    if (done) done = disk.rename(made, paths.to);
    if (!done) (void)disk.remove(made);
    return done;
}

}  // namespace

Status backup(const BackupCall& call) {
    const std::string database = call.data_dir + "/aisle.db";
    if (!call.disk->exists(database)) return unavailable(database + " is not there");
    return copy_database({database, call.file}, *call.disk);
}

Status restore_backup(const BackupCall& call, WallTime now) {
    sqlite::Disk& disk = *call.disk;
    if (!disk.exists(call.file)) return unavailable(call.file + " is not there");
    std::optional<DataLock> lock;
    if (disk.vfs().empty()) {
        auto taken = DataLock::take(call.data_dir);
        if (!taken) return taken.error();
        lock.emplace(std::move(*taken));
    }
    // Copied and looked at as a whole before anything that is there is touched.
    const std::string made = call.data_dir + "/aisle.db.restored";
    if (auto done = copy_database({call.file, made}, disk); !done) return done;
    if (auto done = set_aside_database(disk, call.data_dir, now); !done) return done;
    return disk.rename(made, call.data_dir + "/aisle.db");
}

}  // namespace aisle::store
