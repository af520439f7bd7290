#include "agent/store/reads.hpp"

#include <algorithm>

#include "agent/store/migrations.hpp"
#include "agent/store/rows.hpp"

namespace aisle::store {
namespace {

// Looks through the revisions of one key, the highest first.
Result<Found> judge(sqlite::Statement& revisions, std::string_view digest) {
    Found found;
    for (;;) {
        auto row = revisions.step();
        if (!row) return row.error();
        if (!*row) return found;
        if (found.known == Known::Absent) found = {Known::Other, record_from(revisions, 1)};
        if (revisions.view(9) != digest) continue;
        found.known = Known::Same;
        found.earlier.body.clear();
        return found;
    }
}

QuarantineRow quarantine_row(const sqlite::Statement& row, bool payload) {
    QuarantineRow made;
    made.id = row.integer(0);
    made.item.source = row.text(1);
    made.item.reason = row.text(2);
    made.item.detail = row.text(3);
    made.item.origin = row.text(4);
    made.item.byte_from = row.integer(5);
    made.item.byte_to = row.integer(6);
    made.item.at = stamp_from(row, 7);
    made.payload_bytes = row.integer(11);
    if (payload) made.item.payload = row.text(12);
    return made;
}

}  // namespace

Reads::Reads(sqlite::Database database, std::optional<DataLock> lock)
    : lock_{std::move(lock)}, database_{std::move(database)} {}

Status Reads::prepare() {
    const std::string journal = "SELECT id, " + kRecordColumns + " FROM journal ";
    const auto make = [this](sqlite::Statement& into, const std::string& sql) -> Status {
        auto made = database_.prepare(sql);
        if (!made) return made.error();
        into = std::move(*made);
        return {};
    };
    for (auto done :
         {make(by_key_, journal + "WHERE key = ?1 AND kind = ?2 AND event_id = ?3 "
                                  "ORDER BY revision DESC"),
          make(by_id_, journal + "WHERE id > ?1 AND (?2 = '' OR kind = ?2) ORDER BY id LIMIT ?3"),
          make(outbox_from_, "SELECT slot, id, " + kRecordColumns +
                                 " FROM outbox LEFT JOIN journal ON id = outbox.journal "
                                 "WHERE slot >= ?1 AND slot < ?2 ORDER BY slot LIMIT ?3"),
          make(gap_,
               "SELECT from_seq, reason, boot, mono, wall, quality FROM gaps WHERE slot = ?1"),
          make(last_slot_,
               "SELECT slot FROM outbox WHERE slot >= ?1 AND slot < ?2 "
               "ORDER BY slot DESC LIMIT 1"),
          make(stream_, "SELECT acked_next, frozen_to FROM streams WHERE stream = ?1")}) {
        if (!done) return done;
    }
    return {};
}

Result<std::vector<Found>> Reads::find(std::span<const RecordKey> keys) {
    std::vector<Found> answers;
    answers.reserve(keys.size());
    for (const RecordKey& key : keys) {
        if (key.event_id.empty()) {
            answers.emplace_back();
            continue;
        }
        const sqlite::ResetAtEnd reset{by_key_};
        by_key_.bind(1, key_of(key.kind, key.event_id)).bind(2, key.kind).bind(3, key.event_id);
        auto found = judge(by_key_, key.digest);
        if (!found) return found.error();
        answers.push_back(std::move(*found));
    }
    return answers;
}

Result<std::optional<JournalRow>> Reads::find_last(std::string_view kind,
                                                   std::string_view event_id) {
    const sqlite::ResetAtEnd reset{by_key_};
    by_key_.bind(1, key_of(kind, event_id)).bind(2, kind).bind(3, event_id);
    auto row = by_key_.step();
    if (!row) return row.error();
    if (!*row) return std::optional<JournalRow>{};
    return std::optional<JournalRow>{{by_key_.integer(0), record_from(by_key_, 1)}};
}

Result<std::vector<JournalRow>> Reads::revisions_of(const JournalQuery& query) {
    if (query.kind.empty()) return malformed("an event_id is looked for within a kind");
    std::vector<JournalRow> rows;
    const sqlite::ResetAtEnd reset{by_key_};
    by_key_.bind(1, key_of(query.kind, query.event_id)).bind(2, query.kind).bind(3, query.event_id);
    for (;;) {
        auto row = by_key_.step();
        if (!row) return row.error();
        if (!*row) break;
        if (by_key_.integer(0) <= query.after_id) continue;
        rows.push_back({by_key_.integer(0), record_from(by_key_, 1)});
    }
    std::ranges::sort(rows, {}, &JournalRow::id);
    if (rows.size() > query.limit) rows.resize(query.limit);
    return rows;
}

Result<std::vector<JournalRow>> Reads::read(const JournalQuery& query) {
    if (!query.event_id.empty()) return revisions_of(query);
    std::vector<JournalRow> rows;
    const sqlite::ResetAtEnd reset{by_id_};
    by_id_.bind(1, query.after_id).bind(2, query.kind).bind(3, query.limit);
    for (;;) {
        auto row = by_id_.step();
        if (!row) return row.error();
        if (!*row) return rows;
        rows.push_back({by_id_.integer(0), record_from(by_id_, 1)});
    }
}

Result<std::vector<StateRow>> Reads::read_state(std::string_view room) {
    auto select = database_.prepare("SELECT key, bytes FROM state WHERE room = ?1 ORDER BY key");
    if (!select) return select.error();
    select->bind(1, room);
    std::vector<StateRow> rows;
    for (;;) {
        auto row = select->step();
        if (!row) return row.error();
        if (!*row) return rows;
        rows.push_back({select->text(0), select->text(1)});
    }
}

Result<std::vector<SourcePosition>> Reads::positions(std::string_view source) {
    auto select = database_.prepare(
        "SELECT source, item, position FROM positions WHERE source = ?1 ORDER BY item");
    if (!select) return select.error();
    select->bind(1, source);
    std::vector<SourcePosition> rows;
    for (;;) {
        auto row = select->step();
        if (!row) return row.error();
        if (!*row) return rows;
        rows.push_back({select->text(0), select->text(1), select->text(2)});
    }
}

Result<std::vector<QuarantineRow>> Reads::quarantined(const QuarantineQuery& query) {
    auto select = database_.prepare(
        "SELECT id, source, reason, detail, origin, byte_from, byte_to, boot, mono, wall, quality, "
        "payload_bytes, payload FROM quarantine WHERE id > ?1 AND (?2 = '' OR source = ?2) "
        "AND (?3 = '' OR reason = ?3) ORDER BY id LIMIT ?4");
    if (!select) return select.error();
    select->bind(1, query.after_id)
        .bind(2, query.source)
        .bind(3, query.reason)
        .bind(4, query.limit);
    std::vector<QuarantineRow> rows;
    for (;;) {
        auto row = select->step();
        if (!row) return row.error();
        if (!*row) return rows;
        rows.push_back(quarantine_row(*select, query.payloads));
    }
}

Result<StoreSizes> Reads::sizes() {
    auto select = database_.prepare(
        "SELECT (SELECT page_count FROM pragma_page_count), (SELECT page_size FROM "
        "pragma_page_size), "
        "(SELECT freelist_count FROM pragma_freelist_count), "
        "(SELECT coalesce(max(id), 0) FROM journal), "
        "count(*), coalesce(sum(payload_bytes), 0) FROM quarantine");
    if (!select) return select.error();
    auto row = select->step();
    if (!row) return row.error();
    const std::int64_t page_bytes = select->integer(1);
    return StoreSizes{.database_bytes = select->integer(0) * page_bytes,
                      .free_bytes = select->integer(2) * page_bytes,
                      .journal_rows = select->integer(3),
                      .quarantine_rows = select->integer(4),
                      .quarantine_bytes = select->integer(5)};
}

Result<std::string> Reads::meta(std::string_view key) {
    auto select = database_.prepare("SELECT value FROM meta WHERE key = ?1");
    if (!select) return select.error();
    select->bind(1, key);
    auto row = select->step();
    if (!row) return row.error();
    return *row ? select->text(0) : std::string{};
}

Result<std::string> Reads::epoch() { return meta("epoch"); }

Result<StoreFacts> Reads::facts() {
    auto select = database_.prepare(
        "SELECT (SELECT value FROM meta WHERE key = 'store'), "
        "(SELECT value FROM meta WHERE key = 'epoch'), "
        "(SELECT user_version FROM pragma_user_version), "
        "(SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'created')");
    if (!select) return select.error();
    auto row = select->step();
    if (!row) return row.error();
    return StoreFacts{.store = select->text(0),
                      .epoch = select->text(1),
                      .schema = select->integer(2),
                      .created = wall_from(select->integer(3))};
}

}  // namespace aisle::store
