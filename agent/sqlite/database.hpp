#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "agent/core/error.hpp"
#include "agent/core/time.hpp"
#include "agent/sqlite/statement.hpp"

// RAII over SQLite. Knows no table. A connection and all that was made from it belong to one thread
// at a time (opened NOMUTEX); sqlite3.h stays in the .cpp files of this room.
//
// What an error means: Full = no space, quota or I/O error (SQLITE_FULL, IOERR: make room, look at
// the disk); Unavailable = busy, cannot be opened, out of memory; Malformed = damaged, not a
// database, or wrong SQL; Denied = read-only, or refused by a constraint.
namespace aisle::sqlite {

struct OpenOptions {
    bool read_only = false;
    // Only with read_only: the file cannot change and nobody else has it open. Needs no -shm and no
    // write access.
    bool immutable = false;
    // Readers must be false: a connection that did not write must not checkpoint either (WAL-reset
    // bug before 3.51.3).
    bool checkpoint_on_close = true;
    // Name of a registered sqlite3_vfs: the seam for the disk. Empty: the system's own.
    std::string vfs;
    // How long to wait for another connection's lock before Unavailable.
    milliseconds busy_timeout{2000};
    // Bytes a page (a power of two, 512 to 65536) of a database that is made now; one that is there
    // keeps its own. 0: SQLite's 4096.
    int page_bytes = 0;
    // Only with read_only: reads what can be read of a damaged file. One that is shorter than its
    // header says, or whose schema does not fit, is opened all the same.
    bool damaged = false;
};

class Database {
public:
    // Creates the file if it is absent, unless read_only. Note that SQLite takes a file of length
    // zero for a new database: whoever expects tables must look for them.
    static Result<Database> open(const std::string& path, const OpenOptions& options = {});

    Database(Database&&) noexcept;
    Database& operator=(Database&&) noexcept;
    ~Database();  // every Statement must be gone by now

    // Runs any number of statements and drops their rows.
    Status exec(const std::string& sql);
    // Exactly one statement. Kept and run again it costs no parsing.
    Result<Statement> prepare(std::string_view sql);
    // The same, for statements that are members.
    Status prepare(Statement& into, std::string_view sql);
    // The first column of the first row; Unavailable if there is no row.
    Result<std::int64_t> integer(std::string_view sql);
    Result<std::string> text(std::string_view sql);

    [[nodiscard]] std::int64_t last_insert_id() const;
    [[nodiscard]] std::int64_t changes()
        const;  // rows that the last INSERT, UPDATE or DELETE touched
    [[nodiscard]] bool in_transaction() const;

    // Copies WAL pages into the database as far as readers allow, without waiting for them. Writers
    // only.
    Status checkpoint();
    // The same, then waits for readers as long as busy_timeout, and cuts the WAL to length zero.
    Status checkpoint_and_truncate();

    // A consistent copy of what is committed, without stopping readers: one whole database file
    // without a WAL, on the same VFS. What was at `path` is overwritten; a copy that failed is no
    // database.
    Status backup_to(const std::string& path);

    // Malformed with what is wrong. quick_check does not compare indexes with their tables, and is
    // several times faster.
    Status integrity_check();
    Status quick_check();

private:
    friend class Transaction;
    friend class RowFeed;
    struct Closer {
        void operator()(sqlite3* handle) const;
    };
    Database(sqlite3* handle, std::string vfs) : handle_{handle}, vfs_{std::move(vfs)} {}
    Status checkpoint(int mode);
    Status check(const char* pragma);

    std::unique_ptr<sqlite3, Closer> handle_;
    std::string vfs_;  // empty: the system's own
    // Made at the start: a transaction must end even where no memory is left to parse a word. Last,
    // so that it goes before the handle.
    Statement rollback_;
};

// All or nothing. BEGIN IMMEDIATE, so that a lock that is taken shows at the start; rolls back when
// destroyed without commit(). Does not nest. The Database must outlive it and must not be moved
// meanwhile.
class Transaction {
public:
    static Result<Transaction> begin(Database& database);
    // One consistent view over several reads; takes no write lock.
    static Result<Transaction> begin_read(Database& database);

    Transaction(Transaction&& other) noexcept;
    Transaction& operator=(Transaction&&) = delete;
    ~Transaction();

    // Durable when it succeeds (synchronous=FULL). After a failure nothing of it remains.
    Status commit();

private:
    explicit Transaction(Database& database) : database_{&database} {}
    Database* database_;  // null: ended or moved from
};

}  // namespace aisle::sqlite
