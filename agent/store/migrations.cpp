#include "agent/store/migrations.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <charconv>

namespace aisle::store {
namespace {

constexpr std::array kMigrations{
#include "agent/store/migrations/0001_journal.sql"
    ,
#include "agent/store/migrations/0002_outbox.sql"
    ,
#include "agent/store/migrations/0003_acked_check.sql"
    ,
#include "agent/store/migrations/0004_runs.sql"
};
// Steps beyond are expansions of this one.
constexpr std::size_t kReadableFrom = 3;

Result<std::int64_t> noted_schema(sqlite::Database& database) {
    const auto tables = database.integer(
        "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'meta'");
    if (!tables) return tables.error();
    if (*tables == 0) return 0;
    return database.integer(
        "SELECT coalesce((SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'schema'), 0)");
}

Status run_step(sqlite::Database& database, std::size_t step) {
    auto transaction = sqlite::Transaction::begin(database);
    if (!transaction) return transaction.error();
    const std::string mark =
        "PRAGMA application_id = " + std::to_string(kApplicationId) +
        "; PRAGMA user_version = " + std::to_string(std::min(step, kReadableFrom)) +
        "; INSERT OR REPLACE INTO meta VALUES ('schema', '" + std::to_string(step) + "');";
    if (auto done = database.exec(kMigrations.at(step - 1)); !done) return done;
    if (auto done = database.exec(mark); !done) return done;
    return transaction->commit();
}

}  // namespace

std::span<const char* const> migrations() { return kMigrations; }

Result<Identity> identify(sqlite::Database& database) {
    const auto id = database.integer("PRAGMA application_id");
    if (!id) return id.error();
    const auto version = database.integer("PRAGMA user_version");
    if (!version) return version.error();
    const auto tables = database.integer("SELECT count(*) FROM sqlite_master");
    if (!tables) return tables.error();
    if (*id == 0 && *version == 0 && *tables == 0) return Identity::Empty;
    if (*id != kApplicationId) return Identity::Foreign;
    if (*version <= static_cast<std::int64_t>(kMigrations.size())) return Identity::Ours;
    // A version that is not confirmed inside is a damaged header.
    const auto noted = noted_schema(database);
    if (!noted) return noted.error();
    return *noted >= *version ? Identity::Newer : Identity::Foreign;
}

Result<std::size_t> schema_of(sqlite::Database& database) {
    const auto version = database.integer("PRAGMA user_version");
    if (!version) return version.error();
    const auto noted = noted_schema(database);
    if (!noted) return noted.error();
    return static_cast<std::size_t>(std::max(*version, *noted));
}

Status migrate(sqlite::Database& database, std::size_t to) {
    assert(to <= kMigrations.size());
    if (to == 0) to = kMigrations.size();
    const auto schema = schema_of(database);
    if (!schema) return schema.error();
    for (auto step = *schema + 1; step <= to; ++step) {
        auto done = run_step(database, step);
        if (!done) {
            return Error{done.error().fault,
                         "migration " + std::to_string(step) + ": " + done.error().detail};
        }
    }
    return {};
}

}  // namespace aisle::store
