#include "agent/store/store.hpp"

#include <algorithm>
#include <cassert>

#include "agent/store/migrations.hpp"
#include "agent/store/rows.hpp"

namespace aisle::store {
namespace {

std::size_t index_of(Stream stream) { return static_cast<std::size_t>(stream); }

Status put_meta(sqlite::Database& database, std::string_view key, std::string_view value) {
    auto insert = database.prepare("INSERT OR REPLACE INTO meta(key, value) VALUES (?1, ?2)");
    if (!insert) return insert.error();
    return insert->bind(1, key).bind(2, value).run();
}

// What holds for this connection only. secure_delete stays as Debian builds it: erased means
// overwritten.
std::string connection_pragmas(const StoreSettings& settings) {
    std::string sql =
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY;"
        "PRAGMA cache_size = -4000; PRAGMA journal_size_limit = 16777216;"
        "PRAGMA wal_autocheckpoint = " +
        std::to_string(settings.checkpoint_pages) + ";";
    if (settings.pages_max > 0) {
        sql += "PRAGMA max_page_count = " + std::to_string(settings.pages_max) + ";";
    }
    return sql;
}

void bind_or_null(sqlite::Statement& statement, int parameter, std::string_view text) {
    if (text.empty()) {
        statement.bind_null(parameter);
    } else {
        statement.bind(parameter, text);
    }
}

Error within(const std::string& path, const Error& error) {
    return {error.fault, path + ": " + error.detail};
}

}  // namespace

Result<std::unique_ptr<Store>> Store::open(const std::string& data_dir,
                                           const StoreSettings& settings, WallTime now) {
    auto lock = DataLock::take(data_dir);
    if (!lock) return lock.error();
    const std::string path = data_dir + "/aisle.db";
    auto database = sqlite::Database::open(path, {.vfs = settings.vfs});
    if (!database) return database.error();
    if (auto ours = check_identity(*database); !ours) return within(path, ours.error());

    std::unique_ptr<Store> store{new Store{std::move(*database), std::move(*lock)}};
    if (auto ready = store->set_up(settings, now); !ready) return within(path, ready.error());
    return store;
}

Status Store::set_up(const StoreSettings& settings, WallTime now) {
    if (auto done = database_.exec(connection_pragmas(settings)); !done) return done;
    const auto mode = database_.text("PRAGMA journal_mode");
    if (!mode) return mode.error();
    if (*mode != "wal") return unavailable("no write-ahead log here, but " + *mode);
    if (auto done = migrate(database_); !done) return done;
    if (auto done = name_it(settings, now); !done) return done;
    if (auto done = prepare(); !done) return done;
    if (auto done = prepare_writes(); !done) return done;
    return load_streams();
}

Status Store::name_it(const StoreSettings& settings, WallTime now) {
    const auto known = facts();
    if (!known) return known.error();
    if (!known->epoch.empty()) {
        if (settings.store.empty() || known->store.empty()) return {};
        if (known->store == settings.store.value) return {};
        return denied("the database belongs to store " + known->store);
    }
    opening_ = {.is_new = true, .epoch_began = true, .why = "new"};
    const auto epoch = epoch_or_random(settings.epoch);
    if (!epoch) return epoch.error();
    auto transaction = sqlite::Transaction::begin(database_);
    if (!transaction) return transaction.error();
    for (auto done : {put_meta(database_, "store", settings.store.value),
                      put_meta(database_, "created", std::to_string(ms_of(now))),
                      put_meta(database_, "epoch", *epoch)}) {
        if (!done) return done;
    }
    return transaction->commit();
}

Status Store::prepare_writes() {
    const auto make = [this](sqlite::Statement& into, const char* sql) -> Status {
        auto made = database_.prepare(sql);
        if (!made) return made.error();
        into = std::move(*made);
        return {};
    };
    for (auto done :
         {make(insert_journal_,
               "INSERT INTO journal(stream, kind, event_id, revision, boot, mono, wall, quality, "
               "committed, digest, body) VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11)"),
          make(insert_outbox_, "INSERT INTO outbox(slot, journal) VALUES (?1, ?2)"),
          make(put_state_, "INSERT OR REPLACE INTO state(room, key, bytes) VALUES (?1, ?2, ?3)"),
          make(delete_state_, "DELETE FROM state WHERE room = ?1 AND key = ?2"),
          make(put_position_,
               "INSERT OR REPLACE INTO positions(source, item, position) VALUES (?1, ?2, ?3)"),
          make(delete_position_, "DELETE FROM positions WHERE source = ?1 AND item = ?2"),
          make(insert_quarantine_,
               "INSERT INTO quarantine(source, reason, detail, origin, byte_from, byte_to, boot, "
               "mono, wall, quality, committed, payload_bytes, payload) "
               "VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13)")}) {
        if (!done) return done;
    }
    return {};
}

Status Store::load_streams() {
    const auto last = database_.integer("SELECT coalesce(max(id), 0) FROM journal");
    if (!last) return last.error();
    last_id_ = *last;
    const auto known = depths();
    if (!known) return known.error();
    for (const StreamDepth& depth : *known) next_.at(index_of(depth.stream)) = depth.next;
    return {};
}

Status Store::append(const Batch& batch, WallTime committed_at) {
    assert(batch.records.size() <= kBatchRecordsMax);
    NextSeqs next = next_;
    const std::int64_t last_id = last_id_;
    auto done = commit(batch, committed_at, next);
    if (done) {
        next_ = next;
    } else {
        last_id_ = last_id;
        for (const auto& [key, id] : fresh_keys_) keys_.take_back(key, id);
    }
    fresh_keys_.clear();
    return done;
}

Status Store::commit(const Batch& batch, WallTime committed_at, NextSeqs& next) {
    auto transaction = sqlite::Transaction::begin(database_);
    if (!transaction) return transaction.error();
    for (const Record& record : batch.records) {
        if (auto done = write(record, committed_at, next); !done) return done;
    }
    for (const Quarantined& item : batch.quarantine) {
        if (auto done = write(item, committed_at); !done) return done;
    }
    for (const StateChange& change : batch.state) {
        if (auto done = write(change); !done) return done;
    }
    for (const SourcePosition& position : batch.positions) {
        if (auto done = write(position); !done) return done;
    }
    if (!keys_.wants_folding(last_id_)) return transaction->commit();
    if (auto done = keys_.fold(last_id_); !done) return done;
    if (auto done = transaction->commit(); !done) return done;
    (void)keys_.refresh();  // it is committed: if this fails, the same keys are folded again later
    return {};
}

// Checks what a UNIQUE index on the texts would: there is none, see KeyIndex.
Status Store::check_revision(const Record& record) {
    bool there = false;
    auto visited = visit_rows_of(record.kind, record.event_id, [&] {
        there = row_.integer(4) == record.revision;
        return !there;
    });
    if (!visited || !there) return visited;
    return denied("revision " + std::to_string(record.revision) + " of " + record.kind + " " +
                  record.event_id + " is there already");
}

Status Store::write(const Record& record, WallTime committed_at, NextSeqs& next) {
    auto& insert = insert_journal_;
    insert.bind(1, static_cast<int>(record.stream)).bind(2, record.kind).bind(4, record.revision);
    bind_stamp(insert, 5, record.at);
    insert.bind(9, ms_of(committed_at)).bind(11, record.body);
    bind_or_null(insert, 3, record.event_id);
    bind_or_null(insert, 10, record.digest);
    if (!record.event_id.empty()) {
        if (auto fresh = check_revision(record); !fresh) return fresh;
    }
    if (auto done = insert.run(); !done) return done;
    last_id_ = database_.last_insert_id();
    if (!record.event_id.empty()) {
        fresh_keys_.emplace_back(key_of(record.kind, record.event_id), last_id_);
        keys_.remember(fresh_keys_.back().first, last_id_);
    }
    if (record.stream == Stream::Local) return {};
    std::int64_t& seq = next.at(index_of(record.stream));
    return insert_outbox_.bind(1, slot_of(record.stream, seq++)).bind(2, last_id_).run();
}

Status Store::write(const Quarantined& item, WallTime committed_at) {
    const std::string_view payload =
        std::string_view{item.payload}.substr(0, kQuarantinePayloadMax);
    auto& insert = insert_quarantine_;
    insert.bind(1, item.source).bind(2, item.reason).bind(3, item.detail).bind(4, item.origin);
    insert.bind(5, item.byte_from).bind(6, item.byte_to);
    bind_stamp(insert, 7, item.at);
    insert.bind(11, ms_of(committed_at)).bind(12, payload.size()).bind_blob(13, payload);
    return insert.run();
}

Status Store::write(const StateChange& change) {
    if (change.bytes.empty()) return delete_state_.bind(1, change.room).bind(2, change.key).run();
    return put_state_.bind(1, change.room).bind(2, change.key).bind_blob(3, change.bytes).run();
}

Status Store::write(const SourcePosition& at) {
    if (at.position.empty()) return delete_position_.bind(1, at.source).bind(2, at.item).run();
    return put_position_.bind(1, at.source).bind(2, at.item).bind(3, at.position).run();
}

Result<std::int64_t> Store::boot_number(std::string_view boot_id) {
    auto select = database_.prepare("SELECT number FROM boots WHERE boot_id = ?1");
    if (!select) return select.error();
    auto row = select->bind(1, boot_id).step();
    if (!row) return row.error();
    if (*row) return select->integer(0);
    auto insert = database_.prepare("INSERT INTO boots(boot_id) VALUES (?1)");
    if (!insert) return insert.error();
    if (auto done = insert->bind(1, boot_id).run(); !done) return done.error();
    return database_.last_insert_id();
}

}  // namespace aisle::store
