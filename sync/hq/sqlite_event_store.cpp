#include "sync/hq/sqlite_event_store.hpp"

#include <optional>
#include <utility>

#include "agent/sqlite/database.hpp"
#include "sync/hq/database_identity.hpp"
#include "sync/hq/day_query.hpp"
#include "sync/hq/erasure_sqlite.hpp"
#include "sync/hq/file_lock.hpp"
#include "sync/hq/ingest.hpp"
#include "sync/hq/sqlite_completeness.hpp"
#include "sync/hq/sqlite_event_table.hpp"
#include "sync/hq/sqlite_schema.hpp"

namespace aisle::hq {
namespace {

WallTime wall(std::int64_t millis) { return WallTime{milliseconds{millis}}; }

class SqliteEventStore final : public EventStore {
public:
    SqliteEventStore(std::optional<FileLock> lock, sqlite::Database database,
                     const StoreOptions& options)
        : lock_{std::move(lock)},
          read_only_{options.read_only},
          database_{std::move(database)},
          table_{database_},
          ingest_{table_, options.limits} {}

    [[nodiscard]] Status prepare(const DatabaseFile& file, bool accept_new);
    [[nodiscard]] Status prepare_to_read() { return check_schema(database_); }

    Result<Applied> apply(std::span<const Inbound> batches, const Clock& clock) override {
        if (read_only_) return denied("opened for reading");
        return ingest_.apply(batches, clock);
    }
    Result<std::vector<StreamView>> streams() override;
    Result<std::vector<StoreDay>> day(const Today& today) override {
        return read_day(database_, today);
    }
    Result<std::vector<Completeness>> completeness(Proof proof, std::string_view store) override {
        return read_completeness(database_, proof, store);
    }
    Result<std::vector<StateChange>> read_state(std::string_view room) override;
    Status write_state(std::span<const StateChange> changes) override;
    Result<std::vector<Notice>> notices(std::int64_t after, std::size_t limit) override;
    Result<ErasedSlice> erase(const EraseOrder& order) override {
        return erase_in(database_, order);
    }
    Result<bool> overwrite() override {
        // Who reads just now may go on for minutes: inserts must not wait for that with us.
        const auto patience = database_.integer("PRAGMA busy_timeout");
        if (!patience) return patience.error();
        if (auto none = database_.exec("PRAGMA busy_timeout = 0"); !none) return none.error();
        const auto busy = database_.integer("PRAGMA wal_checkpoint(TRUNCATE)");
        if (auto again = database_.exec("PRAGMA busy_timeout = " + std::to_string(*patience));
            !again)
            return again.error();
        if (!busy) return busy.error();
        return *busy == 0;
    }

private:
    std::optional<FileLock> lock_;  // none: for reading, or nobody else sees the disk
    bool read_only_;
    sqlite::Database database_;
    SqliteEventTable table_;
    Ingest ingest_;
    // Asked every second: to compile it costs far more than to run it. Made when first asked.
    std::optional<sqlite::Statement> notices_;
};

Status SqliteEventStore::prepare(const DatabaseFile& file, bool accept_new) {
    if (auto whole = check_whole(file, database_); !whole) return whole;
    // A checkpoint every 16 MB of WAL: a tenth faster than SQLite's 4 MB, and no faster beyond.
    // secure_delete, whatever the library was built with: what is erased is overwritten with zeros,
    // in freed pages too. Inserts, nearly all that is done here, do not feel it.
    auto set = database_.exec(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=4000;"
        "PRAGMA secure_delete=ON;");
    if (!set) return set;
    if (auto made = set_up_schema(database_); !made) return made;
    if (auto known = check_identity(file, database_, accept_new); !known) return known;
    return table_.prepare();
}

// A stream of which nothing has come yet is none.
Result<std::vector<StreamView>> SqliteEventStore::streams() {
    auto rows = database_.prepare(
        "SELECT store, epoch, stream, next, updated_at FROM streams WHERE next > 1 "
        "ORDER BY store, updated_at, key");
    if (!rows) return rows.error();
    std::vector<StreamView> all;
    for (;;) {
        const auto more = rows->step();
        if (!more) return more.error();
        if (!*more) return all;
        all.push_back({rows->text(0), rows->text(1), rows->text(2), rows->integer(3),
                       wall(rows->integer(4))});
    }
}

Result<std::vector<StateChange>> SqliteEventStore::read_state(std::string_view room) {
    auto rows = database_.prepare("SELECT key, bytes FROM state WHERE room = ? ORDER BY key");
    if (!rows) return rows.error();
    rows->bind(1, room);
    std::vector<StateChange> all;
    for (;;) {
        const auto more = rows->step();
        if (!more) return more.error();
        if (!*more) return all;
        all.push_back({std::string{room}, rows->text(0), rows->text(1)});
    }
}

Status SqliteEventStore::write_state(std::span<const StateChange> changes) {
    if (read_only_) return denied("opened for reading");
    auto put = database_.prepare("INSERT OR REPLACE INTO state VALUES(?,?,?)");
    if (!put) return put.error();
    auto drop = database_.prepare("DELETE FROM state WHERE room = ? AND key = ?");
    if (!drop) return drop.error();
    auto transaction = sqlite::Transaction::begin(database_);
    if (!transaction) return transaction.error();
    for (const auto& change : changes) {
        auto& statement = change.bytes.empty() ? *drop : *put;
        statement.bind(1, change.room).bind(2, change.key);
        if (!change.bytes.empty()) statement.bind_blob(3, change.bytes);
        if (auto done = statement.run(); !done) return done;
    }
    return transaction->commit();
}

Result<std::vector<Notice>> SqliteEventStore::notices(std::int64_t after, std::size_t limit) {
    if (!notices_) {
        auto made = database_.prepare(
            "SELECT n.id, s.store, s.epoch, s.stream, n.key & 1099511627775, e.kind, e.event_id, "
            "coalesce(e.revision, 1), e.body, e.received_at FROM notices n JOIN event e ON e.key = "
            "n.key "
            "JOIN streams s ON s.key = n.key >> 40 WHERE n.id > ? ORDER BY n.id LIMIT ?");
        if (!made) return made.error();
        notices_.emplace(std::move(*made));
    }
    auto& rows = *notices_;
    const sqlite::ResetAtEnd reset{rows};
    rows.bind(1, after).bind(2, limit);
    std::vector<Notice> all;
    for (;;) {
        const auto more = rows.step();
        if (!more) return more.error();
        if (!*more) return all;
        all.push_back({.id = rows.integer(0),
                       .store = rows.text(1),
                       .epoch = rows.text(2),
                       .stream = rows.text(3),
                       .seq = rows.integer(4),
                       .kind = rows.text(5),
                       .event_id = rows.text(6),
                       .revision = rows.integer(7),
                       .body = rows.text(8),
                       .received = wall(rows.integer(9))});
    }
}

Result<std::unique_ptr<EventStore>> open_to_read(const std::string& path,
                                                 const StoreOptions& options) {
    auto database = sqlite::Database::open(
        path, {.read_only = true,
               .checkpoint_on_close = false,
               .vfs = options.disk == nullptr ? std::string{} : options.disk->vfs()});
    if (!database) return database.error();
    auto store = std::make_unique<SqliteEventStore>(std::nullopt, std::move(*database), options);
    if (auto ready = store->prepare_to_read(); !ready) return ready.error();
    return std::unique_ptr<EventStore>{std::move(store)};
}

}  // namespace

Result<std::unique_ptr<EventStore>> open_sqlite_store(const std::string& path,
                                                      const StoreOptions& options) {
    if (path.empty()) return malformed("store.url names no file");
    if (options.read_only) return open_to_read(path, options);
    std::optional<FileLock> lock;
    if (options.disk == nullptr) {
        auto taken = FileLock::take(path);
        if (!taken) return taken.error();
        lock.emplace(std::move(*taken));
    }
    const DatabaseFile file{options.disk == nullptr ? sqlite::system_disk() : *options.disk, path};
    if (!options.accept_new)
        if (auto there = expect_database(file); !there) return there.error();
    auto database = sqlite::Database::open(path, {.vfs = file.disk.vfs()});
    if (!database) return database.error();
    auto store = std::make_unique<SqliteEventStore>(std::move(lock), std::move(*database), options);
    if (auto ready = store->prepare(file, options.accept_new); !ready) return ready.error();
    return std::unique_ptr<EventStore>{std::move(store)};
}

}  // namespace aisle::hq
