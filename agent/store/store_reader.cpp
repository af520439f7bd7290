#include "agent/store/migrations.hpp"
#include "agent/store/reads.hpp"

namespace aisle::store {
namespace {

// Where the daemon is down and we may not write to the directory there is no -shm, and SQLite
// cannot make one: but then nobody else has the file open, and without a WAL the file is all there
// is.
Result<sqlite::Database> open_still(const std::string& path, sqlite::OpenOptions options,
                                    sqlite::Disk& disk, const Error& why) {
    const auto log = disk.size(path + "-wal");
    if (log && *log > 0) return why;
    options.immutable = true;
    return sqlite::Database::open(path, options);
}

Status check_schema(sqlite::Database& database) {
    const auto identity = identify(database);
    if (!identity) return identity.error();
    if (*identity == Identity::Foreign) return malformed("this is not an Aisle database");
    const auto schema = schema_of(database);
    if (!schema) return schema.error();
    if (*identity == Identity::Newer) {
        return malformed("the database was written by a newer version of Aisle (schema " +
                         std::to_string(*schema) + ")");
    }
    if (*schema >= migrations().size()) return {};
    return malformed("the database has schema " + std::to_string(*schema) +
                     "; this program reads " + std::to_string(migrations().size()) +
                     ": start aisled once to bring it up to date");
}

}  // namespace

Result<std::unique_ptr<StoreReader>> StoreReader::open(const std::string& data_dir,
                                                       const std::string& vfs, sqlite::Disk& disk) {
    const std::string path = data_dir + "/aisle.db";
    const sqlite::OpenOptions options{
        .read_only = true, .checkpoint_on_close = false, .vfs = vfs.empty() ? disk.vfs() : vfs};
    auto database = sqlite::Database::open(path, options);
    if (!database) return database.error();
    auto fit = check_schema(*database);
    if (!fit && fit.error().fault == Fault::Unavailable) {
        database = open_still(path, options, disk, fit.error());
        if (!database) return database.error();
        fit = check_schema(*database);
    }
    if (!fit) return Error{fit.error().fault, path + ": " + fit.error().detail};

    std::unique_ptr<StoreReader> reader{new StoreReader{std::move(*database)}};
    reader->follows_ = true;
    if (auto ready = reader->prepare(); !ready) return ready.error();
    return reader;
}

}  // namespace aisle::store
