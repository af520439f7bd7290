#include "agent/store/migrations.hpp"

#include <array>
#include <cassert>

namespace aisle::store {
namespace {

constexpr std::array kMigrations{
#include "agent/store/migrations/0001_journal.sql"
    ,
#include "agent/store/migrations/0002_outbox.sql"
    ,
#include "agent/store/migrations/0003_acked_check.sql"
};

Status run_step(sqlite::Database& database, std::size_t step) {
    auto transaction = sqlite::Transaction::begin(database);
    if (!transaction) return transaction.error();
    const std::string mark = "PRAGMA application_id = " + std::to_string(kApplicationId) +
                             "; PRAGMA user_version = " + std::to_string(step) + ";";
    if (auto done = database.exec(kMigrations.at(step - 1)); !done) return done;
    if (auto done = database.exec(mark); !done) return done;
    return transaction->commit();
}

}  // namespace

std::span<const char* const> migrations() { return kMigrations; }

Status check_identity(sqlite::Database& database) {
    const auto id = database.integer("PRAGMA application_id");
    if (!id) return id.error();
    const auto version = database.integer("PRAGMA user_version");
    if (!version) return version.error();
    const auto tables = database.integer("SELECT count(*) FROM sqlite_master");
    if (!tables) return tables.error();

    const bool empty = *id == 0 && *version == 0 && *tables == 0;
    if (empty) return {};
    if (*id != kApplicationId) return malformed("this is not an Aisle database (application_id)");
    if (*version > static_cast<std::int64_t>(kMigrations.size())) {
        return malformed("the database was written by a newer version of Aisle (schema " +
                         std::to_string(*version) + ", known " +
                         std::to_string(kMigrations.size()) + ")");
    }
    return {};
}

Status migrate(sqlite::Database& database, std::size_t to) {
    assert(to <= kMigrations.size());
    if (to == 0) to = kMigrations.size();
    const auto version = database.integer("PRAGMA user_version");
    if (!version) return version.error();
    for (auto step = static_cast<std::size_t>(*version) + 1; step <= to; ++step) {
        auto done = run_step(database, step);
        if (!done) {
            return Error{done.error().fault,
                         "migration " + std::to_string(step) + ": " + done.error().detail};
        }
    }
    return {};
}

}  // namespace aisle::store
