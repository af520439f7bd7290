#include "agent/store/reads.hpp"

#include <algorithm>

#include "agent/store/migrations.hpp"
#include "agent/store/rows.hpp"

namespace aisle::store {
namespace {

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
         {make(row_, journal + "WHERE id = ?1"),
          make(by_id_, journal + "WHERE id > ?1 AND (?2 = '' OR kind = ?2) ORDER BY id LIMIT ?3"),
          make(runs_, kRunsFromSql), make(run_rows_, kRunRowsSql), make(gap_, kGapSql),
          make(last_run_,
               "SELECT slot + n FROM runs WHERE slot >= ?1 AND slot < ?2 "
               "ORDER BY slot DESC LIMIT 1"),
          make(stream_,
               "SELECT acked_next, frozen_to, acked_check FROM streams WHERE stream = ?1")}) {
        if (!done) return done;
    }
    if (auto done = origins_.prepare(database_); !done) return done;
    return keys_.prepare(database_);
}

Status Reads::visit_rows_of(std::string_view kind, std::string_view event_id,
                            const std::function<bool()>& visit) {
    if (follows_) {
        if (auto done = keys_.refresh(); !done) return done;
    }
    const auto ids = keys_.ids_of(key_of(kind, event_id));
    if (!ids) return ids.error();
    for (const std::int64_t id : *ids) {
        const sqlite::ResetAtEnd reset{row_};
        auto row = row_.bind(1, id).step();
        if (!row) return row.error();
        const bool ours = *row && row_.view(2) == kind && row_.view(3) == event_id;
        if (ours && !visit()) return {};
    }
    return {};
}

// A digest that any revision had is known: a file that comes again late must not undo the revision
// after it.
Result<Found> Reads::find_one(const RecordKey& key) {
    Found found;
    if (key.event_id.empty()) return found;
    auto visited = visit_rows_of(key.kind, key.event_id, [&] {
        if (found.known == Known::Absent) found.known = Known::Other;
        if (row_.view(9) == key.digest) found.known = Known::Same;
        if (row_.integer(4) >= found.earlier.revision) found.earlier = record_from(row_, 1);
        return true;
    });
    if (!visited) return visited.error();
    if (found.known == Known::Same) found.earlier.body.clear();
    return found;
}

Result<std::vector<Found>> Reads::find(std::span<const RecordKey> keys) {
    std::vector<Found> answers;
    answers.reserve(keys.size());
    for (const RecordKey& key : keys) {
        auto found = find_one(key);
        if (!found) return found.error();
        answers.push_back(std::move(*found));
    }
    return answers;
}

Result<std::optional<JournalRow>> Reads::find_last(std::string_view kind,
                                                   std::string_view event_id) {
    std::optional<JournalRow> last;
    auto visited = visit_rows_of(kind, event_id, [&] {
        if (!last || row_.integer(4) >= last->record.revision)
            last = {row_.integer(0), record_from(row_, 1)};
        return true;
    });
    if (!visited) return visited.error();
    return last;
}

Result<std::vector<JournalRow>> Reads::revisions_of(const JournalQuery& query) {
    if (query.kind.empty()) return malformed("an event_id is looked for within a kind");
    std::vector<JournalRow> rows;
    auto visited = visit_rows_of(query.kind, query.event_id, [&] {
        if (rows.size() == query.limit) return false;
        if (row_.integer(0) > query.after_id)
            rows.push_back({row_.integer(0), record_from(row_, 1)});
        return true;
    });
    if (!visited) return visited.error();
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
    // Not as tables (pragma_page_count): to compile those costs far more than all that is asked.
    const auto pages = database_.integer("PRAGMA page_count");
    const auto page_bytes = database_.integer("PRAGMA page_size");
    const auto free = database_.integer("PRAGMA freelist_count");
    for (const auto& number : {pages, page_bytes, free})
        if (!number) return number.error();
    auto select = database_.prepare(
        "SELECT (SELECT coalesce(max(id), 0) FROM journal), "
        "count(*), coalesce(sum(payload_bytes), 0) FROM quarantine");
    if (!select) return select.error();
    auto row = select->step();
    if (!row) return row.error();
    return StoreSizes{.database_bytes = *pages * *page_bytes,
                      .free_bytes = *free * *page_bytes,
                      .journal_rows = select->integer(0),
                      .quarantine_rows = select->integer(1),
                      .quarantine_bytes = select->integer(2)};
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
        "(SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'schema'), "
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
