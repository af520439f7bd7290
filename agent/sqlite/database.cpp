#include "agent/sqlite/database.hpp"

#include <cassert>
#include <utility>

#include <sqlite3.h>

#include "agent/sqlite/fault.hpp"

namespace aisle::sqlite {
namespace {

// A path as the file: URI that SQLite wants for `immutable`.
std::string immutable_uri(const std::string& path) {
    std::string uri = "file:";
    for (const char c : path) {
        if (c == '%') {
            uri += "%25";
        } else if (c == '?') {
            uri += "%3f";
        } else if (c == '#') {
            uri += "%23";
        } else {
            uri += c;
        }
    }
    return uri + "?immutable=1";
}

int open_flags(const OpenOptions& options) {
    const int access =
        options.read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    return access | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
           (options.immutable ? SQLITE_OPEN_URI : 0);
}

}  // namespace

void Database::Closer::operator()(sqlite3* handle) const {
    [[maybe_unused]] const int code = sqlite3_close(handle);
    assert(code == SQLITE_OK && "a statement outlives its database");
}

Database::Database(Database&&) noexcept = default;
Database& Database::operator=(Database&& other) noexcept {
    rollback_ = {};  // of the handle that is closed now
    handle_ = std::move(other.handle_);
    vfs_ = std::move(other.vfs_);
    rollback_ = std::move(other.rollback_);
    return *this;
}
Database::~Database() = default;

Result<Database> Database::open(const std::string& path, const OpenOptions& options) {
    assert(!options.immutable || options.read_only);
    const std::string name = options.immutable ? immutable_uri(path) : path;
    sqlite3* handle = nullptr;
    const char* vfs = options.vfs.empty() ? nullptr : options.vfs.c_str();
    const int code = sqlite3_open_v2(name.c_str(), &handle, open_flags(options), vfs);
    Database database{handle, options.vfs};  // a failed open has to be closed as well
    if (code != SQLITE_OK) {
        Error error = last_error(handle, code);
        error.detail = path + ": " + error.detail;
        return error;
    }
    sqlite3_busy_timeout(handle, static_cast<int>(options.busy_timeout.count()));
    assert(!options.damaged || options.read_only);
    // What is "writable" of a schema is that it need not be right: the handle itself is read-only.
    const int how = options.damaged ? SQLITE_DBCONFIG_WRITABLE_SCHEMA : SQLITE_DBCONFIG_DEFENSIVE;
    sqlite3_db_config(handle, how, 1, nullptr);
    if (!options.checkpoint_on_close) {
        sqlite3_db_config(handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
        sqlite3_wal_autocheckpoint(handle, 0);
    }
    if (options.page_bytes > 0) {
        auto set = database.exec("PRAGMA page_size = " + std::to_string(options.page_bytes));
        if (!set) return set.error();
    }
    if (auto made = database.prepare(database.rollback_, "ROLLBACK"); !made) return made.error();
    return database;
}

Status Database::exec(const std::string& sql) {
    const int code = sqlite3_exec(handle_.get(), sql.c_str(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) return last_error(handle_.get(), code);
    return {};
}

Result<Statement> Database::prepare(std::string_view sql) {
    sqlite3_stmt* made = nullptr;
    const char* rest = nullptr;
    const int code = sqlite3_prepare_v3(handle_.get(), sql.data(), static_cast<int>(sql.size()),
                                        SQLITE_PREPARE_PERSISTENT, &made, &rest);
    if (code != SQLITE_OK) return last_error(handle_.get(), code);
    assert(made != nullptr && "no statement in the text");
    assert(std::string_view(rest, sql.data() + sql.size()).find_first_not_of(" \n;") ==
               std::string_view::npos &&
           "more than one statement in the text");
    return Statement{made};
}

Status Database::prepare(Statement& into, std::string_view sql) {
    auto made = prepare(sql);
    if (!made) return made.error();
    into = std::move(*made);
    return {};
}

Result<std::int64_t> Database::integer(std::string_view sql) {
    auto statement = prepare(sql);
    if (!statement) return statement.error();
    auto row = statement->step();
    if (!row) return row.error();
    if (!*row) return unavailable("no row: " + std::string{sql});
    return statement->integer(0);
}

Result<std::string> Database::text(std::string_view sql) {
    auto statement = prepare(sql);
    if (!statement) return statement.error();
    auto row = statement->step();
    if (!row) return row.error();
    if (!*row) return unavailable("no row: " + std::string{sql});
    return statement->text(0);
}

std::int64_t Database::last_insert_id() const { return sqlite3_last_insert_rowid(handle_.get()); }
std::int64_t Database::changes() const { return sqlite3_changes64(handle_.get()); }
bool Database::in_transaction() const { return sqlite3_get_autocommit(handle_.get()) == 0; }

Status Database::checkpoint(int mode) {
    const int code = sqlite3_wal_checkpoint_v2(handle_.get(), nullptr, mode, nullptr, nullptr);
    if (code != SQLITE_OK) return last_error(handle_.get(), code);
    return {};
}

Status Database::checkpoint() { return checkpoint(SQLITE_CHECKPOINT_PASSIVE); }
Status Database::checkpoint_and_truncate() { return checkpoint(SQLITE_CHECKPOINT_TRUNCATE); }

Status Database::backup_to(const std::string& path) {
    auto copy = open(path, {.vfs = vfs_});
    if (!copy) return copy.error();
    sqlite3* const to = copy->handle_.get();
    // A file that is there already may be no database at all: nothing of it matters.
    sqlite3_db_config(to, SQLITE_DBCONFIG_RESET_DATABASE, 1, nullptr);
    auto emptied = copy->exec("VACUUM");
    sqlite3_db_config(to, SQLITE_DBCONFIG_RESET_DATABASE, 0, nullptr);
    if (!emptied) return emptied;
    sqlite3_backup* const backup = sqlite3_backup_init(to, "main", handle_.get(), "main");
    if (backup == nullptr) return last_error(to, sqlite3_errcode(to));
    (void)sqlite3_backup_step(backup, -1);
    const int code = sqlite3_backup_finish(backup);
    if (code != SQLITE_OK) return last_error(to, code);
    // The copied header says WAL: a file that travels alone must need no second one.
    return copy->exec("PRAGMA journal_mode = DELETE");
}

// The first row is "ok" or the first of what is wrong.
Status Database::check(const char* pragma) {
    const auto told = text(pragma);
    if (!told) return told.error();
    if (*told == "ok") return {};
    return malformed(*told);
}

Status Database::integrity_check() { return check("PRAGMA integrity_check(1)"); }
Status Database::quick_check() { return check("PRAGMA quick_check(1)"); }

Result<Transaction> Transaction::begin(Database& database) {
    if (auto begun = database.exec("BEGIN IMMEDIATE"); !begun) return begun.error();
    return Transaction{database};
}

Result<Transaction> Transaction::begin_read(Database& database) {
    if (auto begun = database.exec("BEGIN"); !begun) return begun.error();
    return Transaction{database};
}

Transaction::Transaction(Transaction&& other) noexcept
    : database_{std::exchange(other.database_, nullptr)} {}

Transaction::~Transaction() {
    // SQLite itself rolls back after some errors (FULL, IOERR): then there is nothing left to end.
    if (database_ != nullptr && database_->in_transaction()) (void)database_->rollback_.run();
}

Status Transaction::commit() {
    assert(database_ != nullptr && "ended already");
    Database& database = *database_;
    if (!database.in_transaction()) {
        database_ = nullptr;
        return unavailable("the transaction was rolled back by an earlier error");
    }
    auto committed = database.exec("COMMIT");
    if (committed) database_ = nullptr;
    return committed;
}

}  // namespace aisle::sqlite
