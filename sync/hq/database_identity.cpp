#include "sync/hq/database_identity.hpp"

#include "agent/runtime/random.hpp"

namespace aisle::hq {
namespace {

constexpr std::size_t kIdBytes = 8;
constexpr const char* kWayOut =
    "; restore it from a backup, or start once with --accept-new-database if its records are lost";

std::string last_id(const DatabaseFile& file) {
    const auto text = file.disk.read(file.path + ".id");
    return text ? text->substr(0, text->find('\n')) : "";
}

Result<std::string> id_of(sqlite::Database& database) {
    auto found = database.text("SELECT bytes FROM state WHERE room = 'hq' AND key = 'database'");
    if (found || found.error().fault != Fault::Unavailable) return found;
    const std::string id = runtime::random_hex(kIdBytes);
    auto made = database.prepare("INSERT INTO state VALUES('hq', 'database', ?)");
    if (!made) return made.error();
    if (auto done = made->bind(1, id).run(); !done) return done.error();
    return id;
}

}  // namespace

Status expect_database(const DatabaseFile& file) {
    if (last_id(file).empty()) return {};
    const auto size = file.disk.size(file.path);
    if (size && *size > 0) return {};
    return denied("the database " + file.path + " has gone or is empty" + kWayOut);
}

Status check_whole(const DatabaseFile& file, sqlite::Database& database) {
    const auto size = file.disk.size(file.path);
    const bool small = size && *size <= kCheckedBytesMax;
    const auto tables = database.integer("SELECT count(*) FROM sqlite_master");
    auto whole = tables ? Status{} : Status{tables.error()};
    if (whole && small) whole = database.quick_check();
    if (whole || whole.error().fault != Fault::Malformed) return whole;
    return malformed("the database " + file.path + " is damaged (" + whole.error().detail +
                     "); put a backup in its place, the stores send again what they still hold");
}

Status check_identity(const DatabaseFile& file, sqlite::Database& database, bool accept_new) {
    const auto id = id_of(database);
    if (!id) return id.error();
    const std::string last = last_id(file);
    if (last == *id) return {};
    if (!last.empty() && !accept_new)
        return denied("the database " + file.path + " is another one than last time" + kWayOut);
    return file.disk.replace(file.path + ".id", *id + "\n");
}

}  // namespace aisle::hq
