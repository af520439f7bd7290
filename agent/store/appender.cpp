#include "agent/store/appender.hpp"

#include <cassert>

#include "agent/store/rows.hpp"

namespace aisle::store {
namespace {

void bind_or_null(sqlite::Statement& statement, int parameter, std::string_view text) {
    if (text.empty()) {
        statement.bind_null(parameter);
    } else {
        statement.bind(parameter, text);
    }
}

}  // namespace

Status Appender::prepare() {
    for (auto done :
         {database_.prepare(
              insert_journal_,
              "INSERT INTO journal(stream, kind, event_id, revision, boot, mono, wall, quality, "
              "committed, digest, body, id) VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12)"),
          database_.prepare(
              same_revision_,
              "SELECT 1 FROM journal WHERE id = ?1 AND revision = ?2 AND kind = ?3 AND event_id = "
              "?4"),
          database_.prepare(put_state_,
                            "INSERT OR REPLACE INTO state(room, key, bytes) VALUES (?1, ?2, ?3)"),
          database_.prepare(delete_state_, "DELETE FROM state WHERE room = ?1 AND key = ?2"),
          database_.prepare(
              put_position_,
              "INSERT OR REPLACE INTO positions(source, item, position) VALUES (?1, ?2, ?3)"),
          database_.prepare(delete_position_,
                            "DELETE FROM positions WHERE source = ?1 AND item = ?2"),
          database_.prepare(
              insert_quarantine_,
              "INSERT INTO quarantine(source, reason, detail, origin, byte_from, byte_to, boot, "
              "mono, wall, quality, committed, payload_bytes, payload) "
              "VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13)")}) {
        if (!done) return done;
    }
    return {};
}

Status Appender::load() {
    const auto last = database_.integer("SELECT coalesce(max(id), 0) FROM journal");
    if (!last) return last.error();
    last_id_ = *last;
    return {};
}

Status Appender::append(const Batch& batch, WallTime committed_at) {
    assert(batch.records.size() <= kBatchRecordsMax);
    const OutboxTable::Memory before = outbox_.memory();
    const std::int64_t last_id = last_id_;
    auto done = commit(batch, committed_at);
    if (!done) {
        outbox_.restore(before);
        last_id_ = last_id;
        for (const auto& [key, id] : fresh_keys_) keys_.take_back(key, id);
    }
    fresh_keys_.clear();
    return done;
}

Status Appender::commit(const Batch& batch, WallTime committed_at) {
    auto transaction = sqlite::Transaction::begin(database_);
    if (!transaction) return transaction.error();
    if (auto done = write(batch, committed_at); !done) return done;
    if (!keys_.wants_folding(last_id_)) return transaction->commit();
    if (auto done = keys_.fold(last_id_); !done) return done;
    if (auto done = transaction->commit(); !done) return done;
    (void)keys_.refresh();  // it is committed: if this fails, the same keys are folded again later
    return {};
}

Status Appender::write(const Batch& batch, WallTime committed_at) {
    for (const Record& record : batch.records) {
        const bool queued = record.stream != Stream::Local;
        if (auto done = add(record, committed_at, queued); !done) return done.error();
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
    return outbox_.flush();
}

// Checks what a UNIQUE index on the texts would: there is none, see KeyIndex.
Result<bool> Appender::has(const Revision& which, std::int64_t but_id) {
    const auto ids = keys_.ids_of(key_of(which.kind, which.event_id));
    if (!ids) return ids.error();
    for (const std::int64_t id : *ids) {
        if (id == but_id) continue;
        const sqlite::ResetAtEnd reset{same_revision_};
        same_revision_.bind(1, id).bind(2, which.revision).bind(3, which.kind);
        auto row = same_revision_.bind(4, which.event_id).step();
        if (!row) return row.error();
        if (*row) return true;
    }
    return false;
}

// A sum is told again where a wall was set back over its end, or where a salvage lost the engine's
// state and kept the sum. That is another revision: to refuse it would stop the shop for ever.
Result<std::int64_t> Appender::free_revision(const Record& record) {
    std::int64_t revision = record.revision;
    const std::int64_t most =
        record.stream == Stream::Footfall ? revision + kRetellingsMax : revision;
    for (; revision <= most; ++revision) {
        const auto there = has({record.kind, record.event_id, revision});
        if (!there) return there.error();
        if (!*there) return revision;
    }
    return denied("revision " + std::to_string(record.revision) + " of " + record.kind + " " +
                  record.event_id + " is there already");
}

Result<std::int64_t> Appender::add(const Record& record, WallTime committed_at, bool queued) {
    std::int64_t revision = record.revision;
    if (!record.event_id.empty()) {
        const auto free = free_revision(record);
        if (!free) return free.error();
        revision = *free;
    }
    auto& insert = insert_journal_;
    insert.bind(1, static_cast<int>(record.stream)).bind(2, record.kind).bind(4, revision);
    bind_stamp(insert, 5, record.at);
    insert.bind(9, ms_of(committed_at)).bind(11, record.body);
    bind_or_null(insert, 3, record.event_id);
    bind_or_null(insert, 10, record.digest);
    insert.bind_null(12);
    if (after_id_ > last_id_) insert.bind(12, after_id_ + 1);
    if (auto done = insert.run(); !done) return done.error();
    last_id_ = database_.last_insert_id();
    if (!record.event_id.empty()) {
        fresh_keys_.emplace_back(key_of(record.kind, record.event_id), last_id_);
        keys_.remember(fresh_keys_.back().first, last_id_);
    }
    if (queued) outbox_.add(record.stream, last_id_, record.body.size());
    return last_id_;
}

Status Appender::write(const Quarantined& item, WallTime committed_at) {
    const std::string_view payload =
        std::string_view{item.payload}.substr(0, kQuarantinePayloadMax);
    auto& insert = insert_quarantine_;
    insert.bind(1, item.source).bind(2, item.reason).bind(3, item.detail).bind(4, item.origin);
    insert.bind(5, item.byte_from).bind(6, item.byte_to);
    bind_stamp(insert, 7, item.at);
    insert.bind(11, ms_of(committed_at)).bind(12, payload.size()).bind_blob(13, payload);
    return insert.run();
}

Status Appender::write(const StateChange& change) {
    if (change.bytes.empty()) return delete_state_.bind(1, change.room).bind(2, change.key).run();
    return put_state_.bind(1, change.room).bind(2, change.key).bind_blob(3, change.bytes).run();
}

Status Appender::write(const SourcePosition& at) {
    if (at.position.empty()) return delete_position_.bind(1, at.source).bind(2, at.item).run();
    return put_position_.bind(1, at.source).bind(2, at.item).bind(3, at.position).run();
}

}  // namespace aisle::store
