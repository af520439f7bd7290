#include "sync/hq/sqlite_event_table.hpp"

#include <algorithm>

namespace aisle::hq {
namespace {

constexpr std::int64_t kMillisADay = 86'400'000;

std::int64_t millis(WallTime time) { return time.time_since_epoch().count(); }

}  // namespace

Status SqliteEventTable::prepare() {
    constexpr int kEventColumns = 11;
    if (auto fed = sqlite::RowFeed::attach(database_, "arrived", kEventColumns, arrived_); !fed)
        return fed;
    if (auto done = prepare_statements(); !done) return done;
    if (auto done = load(); !done) return done;
    return load_listed();
}

Status SqliteEventTable::prepare_statements() {
    struct Wanted {
        sqlite::Statement& into;
        const char* sql;
    };
    for (const auto& [into, sql] : {
             // FAIL needs no way back to before the statement: whoever fails rolls back all of it.
             Wanted{insert_event_, "INSERT OR FAIL INTO event SELECT * FROM arrived"},
             Wanted{insert_stream_, "INSERT INTO streams VALUES(NULL,?,?,?,1,'',?,0,0,0)"},
             Wanted{move_mark_,
                    "UPDATE streams SET next=?2, \"check\"=?3, updated_at=?4, rows=rows+?5, "
                    "again=again+?6, quarantined=quarantined+?7 WHERE key=?1"},
             Wanted{insert_day_, "INSERT OR IGNORE INTO days VALUES(?,?,?)"},
             Wanted{count_gap_,
                    "INSERT INTO gaps VALUES(?1,?2,?3,?4) ON CONFLICT(stream_key, reason) DO "
                    "UPDATE SET records=records+?3, rows=rows+?4"},
             Wanted{notice_, "INSERT INTO notices VALUES(NULL,?)"},
             Wanted{row_at_,
                    "SELECT kind, event_id, revision, boot, mono, body FROM event WHERE key=?"},
             Wanted{run_at_,
                    "SELECT from_seq, to_seq, shown_key FROM elsewhere WHERE stream_key=?1 AND "
                    "to_seq>=?2 ORDER BY to_seq LIMIT 1"},
             Wanted{add_run_, "INSERT INTO elsewhere VALUES(?,?,?,?)"},
             Wanted{drop_run_, "DELETE FROM elsewhere WHERE stream_key=? AND to_seq=?"},
             Wanted{rivals_, "SELECT shown_key FROM rivals WHERE key=?1 LIMIT ?2"},
             Wanted{add_rival_, "INSERT OR IGNORE INTO rivals VALUES(?,?)"},
             Wanted{list_id_, "INSERT OR REPLACE INTO ids VALUES(?,?,?,?,?,?,?,?)"},
             Wanted{listed_,
                    "SELECT key, sent, shown, digest FROM ids WHERE store=? AND stream=? AND "
                    "kind=? AND event_id=?"},
             Wanted{boots_,
                    "SELECT epoch, boot, offset_ms, error_ms, source FROM boots WHERE store=?"},
             Wanted{set_boot_,
                    "INSERT OR REPLACE INTO boots(store, epoch, boot, offset_ms, error_ms, source) "
                    "VALUES(?,?,?,?,?,?)"},
             Wanted{quarantine_,
                    "INSERT INTO quarantine SELECT ?1,?2,?3,?4,1,?5 WHERE ?6 > (SELECT count(*) "
                    "FROM quarantine) OR EXISTS(SELECT 1 FROM quarantine WHERE digest = ?1) "
                    "ON CONFLICT(digest) DO UPDATE SET times = times + 1"},
             Wanted{quarantined_, "SELECT times FROM quarantine WHERE digest=?"},
         }) {
        auto prepared = database_.prepare(sql);
        if (!prepared) return prepared.error();
        into = std::move(*prepared);
    }
    return {};
}

Status SqliteEventTable::load() {
    auto rows = database_.prepare("SELECT key, store, epoch, stream, next, \"check\" FROM streams");
    if (!rows) return rows.error();
    for (;;) {
        const auto more = rows->step();
        if (!more) return more.error();
        if (!*more) return {};
        const auto stream = stream_from(rows->text(3));
        if (!stream) return malformed("the database names a stream that does not exist");
        const StreamName name{rows->text(1), rows->text(2), *stream};
        committed_.streams[name] = {rows->integer(0), {rows->integer(4), rows->text(5)}};
        committed_.names[rows->integer(0)] = name;
        ++committed_.families[{name.store, name.stream}].epochs;
    }
}

Status SqliteEventTable::load_listed() {
    auto rows = database_.prepare("SELECT store, stream FROM listed");
    if (!rows) return rows.error();
    for (;;) {
        const auto more = rows->step();
        if (!more) return more.error();
        if (!*more) return {};
        if (const auto stream = stream_from(rows->text(1)))
            committed_.families[{rows->text(0), *stream}].listed = true;
    }
}

Status SqliteEventTable::begin() {
    auto begun = sqlite::Transaction::begin(database_);
    if (!begun) return begun.error();
    transaction_.emplace(std::move(*begun));
    fresh_ = {};
    return {};
}

Status SqliteEventTable::commit() {
    auto done = transaction_->commit();
    transaction_.reset();
    if (!done) return done;
    for (auto& [name, known] : fresh_.streams) committed_.streams[name] = std::move(known);
    for (auto& [name, family] : fresh_.families) committed_.families[name] = family;
    committed_.names.merge(fresh_.names);
    return {};
}

void SqliteEventTable::roll_back() { transaction_.reset(); }

SqliteEventTable::Family SqliteEventTable::family(const FamilyName& name) const {
    if (const auto found = fresh_.families.find(name); found != fresh_.families.end())
        return found->second;
    const auto found = committed_.families.find(name);
    return found == committed_.families.end() ? Family{} : found->second;
}

Result<StreamState> SqliteEventTable::stream(const StreamName& name, WallTime received) {
    bool born = false;
    const auto found = known(name, received, born);
    if (!found) return found.error();
    const Family all = family({name.store, name.stream});
    return StreamState{.key = found->key,
                       .mark = found->mark,
                       .born = born,
                       .epochs = all.epochs,
                       .listed = all.listed};
}

Result<SqliteEventTable::Known> SqliteEventTable::known(const StreamName& name, WallTime received,
                                                        bool& born) {
    if (const auto here = fresh_.streams.find(name); here != fresh_.streams.end())
        return here->second;
    if (const auto here = committed_.streams.find(name); here != committed_.streams.end())
        return here->second;
    const auto stream = to_text(name.stream);
    auto made = insert_stream_.bind(1, name.store)
                    .bind(2, name.epoch)
                    .bind(3, stream)
                    .bind(4, millis(received))
                    .run();
    if (!made) return made.error();
    born = true;
    const FamilyName of{name.store, name.stream};
    Family more = family(of);
    ++more.epochs;
    fresh_.families[of] = more;
    const Known one{.key = database_.last_insert_id(), .mark = {}};
    fresh_.names[one.key] = name;
    fresh_.streams[name] = one;
    return one;
}

// In the order of the columns of `event`.
void SqliteEventTable::Arrived::give(std::size_t row, int column, sqlite::FeedCell& cell) const {
    const EventLine& line = lines[row];
    switch (column) {
        case 0:
            return cell.integer((stream_key << kSeqBits) | line.seq);
        case 1:
            return line.from < line.seq ? cell.integer(line.from) : void();
        case 2:
            return cell.text(line.kind);
        case 3:
            return line.event_id.empty() ? void() : cell.text(line.event_id);
        case 4:
            return line.revision ? cell.integer(*line.revision) : void();
        case 5:
            return line.at ? cell.integer(millis(*line.at)) : void();
        case 6:
            return cell.integer(line.boot);
        case 7:
            return cell.integer(line.mono_us);
        case 8:
            return line.clock.empty() ? void() : cell.text(line.clock);
        case 9:
            return cell.integer(millis(received));
        default:
            return cell.text(line.body);
    }
}

Status SqliteEventTable::insert(std::int64_t stream_key, std::span<const EventLine> rows,
                                WallTime received) {
    if (rows.empty()) return {};
    arrived_.lines = rows;
    arrived_.stream_key = stream_key;
    arrived_.received = received;
    auto inserted = insert_event_.run();
    arrived_.lines = {};
    if (!inserted) return inserted;
    return insert_day_.bind(1, stream_key)
        .bind(2, millis(received) / kMillisADay)
        .bind(3, rows.front().seq)
        .run();
}

Status SqliteEventTable::move_mark(std::int64_t stream_key, const StreamMark& mark,
                                   const Tally& more, WallTime received) {
    auto name = fresh_.names.find(stream_key);
    if (name == fresh_.names.end()) name = committed_.names.find(stream_key);
    fresh_.streams[name->second] = {.key = stream_key, .mark = mark};
    return move_mark_.bind(1, stream_key)
        .bind(2, mark.next)
        .bind(3, mark.check)
        .bind(4, millis(received))
        .bind(5, more.rows)
        .bind(6, more.again)
        .bind(7, more.quarantined)
        .run();
}

Status SqliteEventTable::count_gap(std::int64_t stream_key, const GapCount& more) {
    return count_gap_.bind(1, stream_key)
        .bind(2, more.reason)
        .bind(3, more.records)
        .bind(4, more.rows)
        .run();
}

Status SqliteEventTable::notice(std::span<const Place> rows) {
    for (const auto& row : rows)
        if (auto done = notice_.bind(1, (row.stream_key << kSeqBits) | row.seq).run(); !done)
            return done;
    return {};
}

Result<std::vector<BootClock>> SqliteEventTable::boots(std::string_view store) {
    std::vector<BootClock> all;
    boots_.bind(1, store);
    for (;;) {
        const auto more = boots_.step();
        if (!more) return more.error();
        if (!*more) return all;
        all.push_back({.epoch = boots_.text(0),
                       .boot = boots_.integer(1),
                       .offset_ms = boots_.integer(2),
                       .error_ms = boots_.integer(3),
                       .source = boots_.text(4)});
    }
}

Status SqliteEventTable::set_boot(std::string_view store, const BootClock& clock) {
    return set_boot_.bind(1, store)
        .bind(2, clock.epoch)
        .bind(3, clock.boot)
        .bind(4, clock.offset_ms)
        .bind(5, clock.error_ms)
        .bind(6, clock.source)
        .run();
}

Result<std::int64_t> SqliteEventTable::quarantine(const Rejected& rejected) {
    auto done = quarantine_.bind(1, rejected.digest)
                    .bind(2, millis(rejected.received))
                    .bind(3, rejected.topic)
                    .bind(4, rejected.reason)
                    .bind_blob(5, rejected.payload)
                    .bind(6, kQuarantineRowsMax)
                    .run();
    if (!done) return done.error();
    const sqlite::ResetAtEnd reset{quarantined_.bind(1, rejected.digest)};
    const auto found = quarantined_.step();
    if (!found) return found.error();
    return *found ? quarantined_.integer(0) : 0;
}

}  // namespace aisle::hq
