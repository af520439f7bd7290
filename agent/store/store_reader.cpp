#include <filesystem>

#include "agent/store/migrations.hpp"
#include "agent/store/reads.hpp"

namespace aisle::store {
namespace {

bool has_bytes(const std::string& path) {
    std::error_code ignored;
    const auto size = std::filesystem::file_size(path, ignored);
    return !ignored && size > 0;
}

// Where the daemon is down and we may not write to the directory there is no -shm, and SQLite
// cannot make one: but then nobody else has the file open, and without a WAL the file is all there
// is.
Result<sqlite::Database> open_still(const std::string& path, sqlite::OpenOptions options,
                                    const Error& why) {
    if (has_bytes(path + "-wal")) return why;
    options.immutable = true;
    return sqlite::Database::open(path, options);
}

Status check_schema(sqlite::Database& database) {
    if (auto ours = check_identity(database); !ours) return ours;
    const auto version = database.integer("PRAGMA user_version");
    if (!version) return version.error();
    if (*version == static_cast<std::int64_t>(migrations().size())) return {};
    return malformed("the database has schema " + std::to_string(*version) +
                     "; this program reads " + std::to_string(migrations().size()) +
                     ": start aisled once to bring it up to date");
}

}  // namespace

Result<std::unique_ptr<StoreReader>> StoreReader::open(const std::string& data_dir,
                                                       const std::string& vfs) {
    const std::string path = data_dir + "/aisle.db";
    const sqlite::OpenOptions options{.read_only = true, .checkpoint_on_close = false, .vfs = vfs};
    auto database = sqlite::Database::open(path, options);
    if (!database) return database.error();
    auto fit = check_schema(*database);
    if (!fit && fit.error().fault == Fault::Unavailable) {
        database = open_still(path, options, fit.error());
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
