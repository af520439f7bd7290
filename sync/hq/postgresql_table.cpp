#include "sync/hq/postgresql_table.hpp"

#include <algorithm>
#include <utility>

#include "sync/hq/postgresql_schema.hpp"
#include "sync/wire/line.hpp"
#include "sync/wire/topics.hpp"

namespace aisle::hq {
namespace {

constexpr std::size_t kCopyBytesMax = 8 * 1024 * 1024;  // then a COPY ends and another one begins
constexpr const char* kTrial = "trial";                 // the savepoint before a COPY

std::string text(std::int64_t number) { return std::to_string(number); }

// A text array of whatever `say` says of each.
template <typename Range, typename Say>
std::string array_of(const Range& range, Say say) {
    std::vector<std::string> words;
    for (const auto& one : range) words.push_back(say(one));
    return postgresql_array(words);
}

// Data that PostgreSQL refuses (class 22), and what is too large or too deep for it (54): another
// try with the same bytes leads to nothing.
bool is_about_the_data(const std::string& state) {
    return state.starts_with("22") || state.starts_with("54");
}

}  // namespace

PostgresqlTable::PostgresqlTable(PostgresqlConnection& connection,
                                 std::shared_ptr<const Claim> claim)
    : connection_{connection}, claim_{std::move(claim)} {}

Result<PostgresqlRows> PostgresqlTable::ask(const std::string& sql,
                                            const std::vector<PostgresqlValue>& values) {
    if (auto ended = end_copy(); !ended) return ended.error();
    return connection_.query(sql, values);
}

Status PostgresqlTable::tell(const std::string& sql, const std::vector<PostgresqlValue>& values) {
    if (auto told = ask(sql, values); !told) return told.error();
    return {};
}

Status PostgresqlTable::begin() {
    gathered_ = {};
    rows_.clear();
    copying_ = false;
    return tell("BEGIN", {});
}

void PostgresqlTable::roll_back() {
    if (std::exchange(copying_, false)) (void)connection_.end_copy();
    rows_.clear();
    gathered_ = {};
    months_.clear();  // somebody may have dropped one
    if (!connection_.broken()) (void)connection_.run("ROLLBACK");
}

Status PostgresqlTable::commit() {
    if (auto done = write_all(); !done) {
        roll_back();
        return done;
    }
    months_.merge(gathered_.months);
    gathered_ = {};
    return {};
}

Status PostgresqlTable::write_all() {
    if (auto ended = end_copy(); !ended) return ended;
    if (auto done = write_moves(); !done) return done;
    if (auto done = write_gaps(); !done) return done;
    if (auto done = write_notices(); !done) return done;
    // A transaction that has failed answers COMMIT with ROLLBACK, and no error.
    const auto done = connection_.run("COMMIT");
    if (!done) return done.error();
    return done->tag() == "COMMIT" ? Status{} : Status{unavailable("PostgreSQL rolled back")};
}

bool PostgresqlTable::holds(const std::string& topic) const {
    if (!claim_) return true;
    const auto parsed = wire::parse_topic(topic);
    return !parsed || claim_->held.partitions.contains(wire::partition_of(parsed->store));
}

Status PostgresqlTable::hold_lease(const std::string& store) {
    if (!claim_) return {};
    const unsigned partition = wire::partition_of(StoreId{store});
    if (gathered_.partitions.contains(partition)) return {};
    const auto held = claim_->held.partitions.find(partition);
    if (held == claim_->held.partitions.end())
        return unavailable("the lease of this partition is another collector's");
    const auto row = ask(kHoldLease, {lease_of(partition), claim_->owner, text(held->second)});
    if (!row) return row.error();
    if (row->size() == 0) return unavailable("the lease of this partition is lost");
    gathered_.partitions.insert(partition);
    return {};
}

Result<StreamState> PostgresqlTable::stream(const StreamName& name, WallTime received) {
    if (auto held = hold_lease(name.store); !held) return held.error();
    if (!gathered_.stores.contains(name.store)) {
        auto locked = tell("SELECT pg_advisory_xact_lock(1095977041, hashtext($1))", {name.store});
        if (!locked) return locked.error();
        gathered_.stores.insert(name.store);
    }
    const std::string stream{to_text(name.stream)};
    constexpr const char* kFind =
        "SELECT key, next, \"check\", "
        "(SELECT count(*) FROM streams WHERE store = $1 AND stream = $3), "
        "EXISTS(SELECT 1 FROM id_lists WHERE store = $1 AND stream = $3) "
        "FROM streams WHERE store = $1 AND epoch = $2 AND stream = $3 FOR UPDATE";
    auto row = ask(kFind, {name.store, name.epoch, stream});
    if (!row) return row.error();
    const bool born = row->size() == 0;
    if (born) {
        auto made =
            tell("INSERT INTO streams(store, epoch, stream, updated_at) VALUES($1,$2,$3,$4)",
                 {name.store, name.epoch, stream, to_rfc3339(received)});
        if (!made) return made.error();
        row = ask(kFind, {name.store, name.epoch, stream});
        if (!row) return row.error();
        if (row->size() == 0) return unavailable("the stream's row is gone");
    }
    StreamState state{.key = row->integer(0, 0),
                      .mark = {row->integer(0, 1), std::string{row->text(0, 2)}},
                      .born = born,
                      .epochs = static_cast<int>(row->integer(0, 3)),
                      .listed = row->text(0, 4) == "t"};
    if (const auto moved = gathered_.moves.find(state.key); moved != gathered_.moves.end())
        state.mark = moved->second.mark;
    gathered_.names[state.key] = name;
    return state;
}

// ---- rows

Status PostgresqlTable::insert(std::int64_t stream_key, std::span<const EventLine> rows,
                               WallTime received) {
    if (rows.empty()) return {};
    const int month = month_of(received);
    if (!months_.contains(month) && !gathered_.months.contains(month)) {
        if (auto ended = end_copy(); !ended) return ended;
        if (auto made = make_partitions(connection_, month); !made) return made;
        gathered_.months.insert(month);
    }
    if (rows_.size() > kCopyBytesMax)
        if (auto ended = end_copy(); !ended) return ended;
    if (!copying_)
        if (auto begun = begin_copy(); !begun) return begun;
    for (const auto& row : rows) rows_.add(stream_key, row, received);
    if (auto put = connection_.put(rows_.fresh()); !put) return put;
    rows_.take();
    return {};
}

Status PostgresqlTable::begin_copy() {
    if (auto saved = connection_.run(std::string{"SAVEPOINT "} + kTrial); !saved)
        return saved.error();
    auto begun = connection_.begin_copy(std::string{"COPY event("} + kEventColumns +
                                        ") FROM STDIN (FORMAT binary)");
    copying_ = begun.has_value();
    return begun;
}

Status PostgresqlTable::end_copy() {
    if (!copying_) return {};
    copying_ = false;
    if (auto put = connection_.put(CopyRows::trailer()); !put) return put;
    const auto done = connection_.end_copy();
    if (!done && !is_about_the_data(connection_.state())) return done.error();
    if (!done)
        if (auto mended = mend_copy(); !mended) return mended;
    rows_.clear();
    if (auto kept = connection_.run(std::string{"RELEASE SAVEPOINT "} + kTrial); !kept)
        return kept.error();
    return {};
}

// PostgreSQL is stricter than JSON: it keeps no \u0000, no lone surrogate and no number beyond its
// numeric. Such a record is set aside, and a gap says so in its place.
Status PostgresqlTable::mend_copy() {
    const std::string back = std::string{"ROLLBACK TO SAVEPOINT "} + kTrial;
    if (auto undone = connection_.run(back); !undone) return undone.error();
    const auto bad = unreadable_rows();
    if (!bad) return bad.error();
    if (bad->empty()) return malformed("PostgreSQL refuses rows and does not say which");
    const CopyRows mended = rows_.with_gaps(*bad);
    for (const std::size_t index : *bad)
        if (auto kept = set_aside(rows_.rows()[index], rows_.body(rows_.rows()[index])); !kept)
            return kept;
    rows_ = mended;
    if (auto begun = begin_copy(); !begun) return begun;
    copying_ = false;
    if (auto put = connection_.put(rows_.fresh()); !put) return put;
    if (auto put = connection_.put(CopyRows::trailer()); !put) return put;
    if (auto done = connection_.end_copy(); !done) return done.error();
    return {};
}

Result<std::vector<std::size_t>> PostgresqlTable::unreadable_rows() {
    const auto bodies =
        array_of(rows_.rows(), [this](const auto& row) { return postgresql_hex(rows_.body(row)); });
    const auto found = connection_.query(
        "SELECT n - 1 FROM unnest($1::bytea[]) WITH ORDINALITY AS t(body, n) "
        "WHERE NOT aisle_is_jsonb(body) ORDER BY n",
        {bodies});
    if (!found) return found.error();
    std::vector<std::size_t> indexes;
    for (int i = 0; i < found->size(); ++i)
        indexes.push_back(static_cast<std::size_t>(found->integer(i, 0)));
    return indexes;
}

Status PostgresqlTable::set_aside(const CopyRows::Row& row, std::string_view body) {
    const std::int64_t numbers = row.seq - row.from + 1;
    auto& tally = gathered_.aside[row.stream_key];
    ++tally.quarantined;
    if (!row.gap) {
        --tally.rows;
        if (auto counted = count_gap(row.stream_key, {"unreadable", 1, numbers}); !counted)
            return counted;
    }
    const auto& name = gathered_.names[row.stream_key];
    const std::string topic = wire::to_text({StoreId{name.store}, wire::Channel::Up, name.stream});
    const auto times = quarantine({.digest = wire::check_of(body),
                                   .received = row.received,
                                   .topic = topic,
                                   .reason = "a body that PostgreSQL cannot keep as jsonb",
                                   .payload = body.substr(0, kQuarantinePayloadMax)});
    if (!times) return times.error();
    return {};
}

// ---- what the commit writes

Status PostgresqlTable::move_mark(std::int64_t stream_key, const StreamMark& mark,
                                  const Tally& more, WallTime received) {
    auto& move = gathered_.moves[stream_key];
    move.mark = mark;
    move.tally.rows += more.rows;
    move.tally.again += more.again;
    move.tally.quarantined += more.quarantined;
    move.received = received;
    return {};
}

Status PostgresqlTable::count_gap(std::int64_t stream_key, const GapCount& more) {
    const std::string reason = postgresql_printable(more.reason);
    auto& gap = gathered_.gaps[{stream_key, reason}];
    gap.reason = reason;
    gap.records += more.records;
    gap.rows += more.rows;
    return {};
}

Status PostgresqlTable::notice(std::span<const Place> rows) {
    gathered_.notices.insert(gathered_.notices.end(), rows.begin(), rows.end());
    return {};
}

Status PostgresqlTable::write_moves() {
    if (gathered_.moves.empty()) return {};
    for (auto& [key, move] : gathered_.moves) {
        move.tally.rows += gathered_.aside[key].rows;
        move.tally.quarantined += gathered_.aside[key].quarantined;
    }
    const auto column = [this](auto say) { return array_of(gathered_.moves, say); };
    return tell(
        "UPDATE streams s SET next = v.next, \"check\" = v.digest, updated_at = v.at, "
        "rows = s.rows + v.rows, again = s.again + v.again, "
        "quarantined = s.quarantined + v.quarantined "
        "FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::timestamptz[], $5::bigint[], "
        "$6::bigint[], $7::bigint[]) AS v(key, next, digest, at, rows, again, quarantined) "
        "WHERE s.key = v.key",
        {column([](const auto& one) { return text(one.first); }),
         column([](const auto& one) { return text(one.second.mark.next); }),
         column([](const auto& one) { return one.second.mark.check; }),
         column([](const auto& one) { return to_rfc3339(one.second.received); }),
         column([](const auto& one) { return text(one.second.tally.rows); }),
         column([](const auto& one) { return text(one.second.tally.again); }),
         column([](const auto& one) { return text(one.second.tally.quarantined); })});
}

Status PostgresqlTable::write_gaps() {
    if (gathered_.gaps.empty()) return {};
    const auto column = [this](auto say) { return array_of(gathered_.gaps, say); };
    return tell(
        "INSERT INTO gaps SELECT * FROM unnest($1::bigint[], $2::text[], $3::bigint[], "
        "$4::bigint[]) ON CONFLICT(stream_key, reason) DO UPDATE SET "
        "records = gaps.records + excluded.records, rows = gaps.rows + excluded.rows",
        {column([](const auto& one) { return text(one.first.first); }),
         column([](const auto& one) { return one.first.second; }),
         column([](const auto& one) { return text(one.second.records); }),
         column([](const auto& one) { return text(one.second.rows); })});
}

// One collector at a time, until its commit: so ids become visible in their order.
Status PostgresqlTable::write_notices() {
    if (gathered_.notices.empty()) return {};
    if (auto locked = tell("SELECT pg_advisory_xact_lock(1095977042, 0)", {}); !locked)
        return locked;
    const auto column = [this](auto say) { return array_of(gathered_.notices, say); };
    return tell(
        "INSERT INTO notices(stream_key, seq) SELECT key, seq FROM unnest($1::bigint[], "
        "$2::bigint[]) WITH ORDINALITY AS t(key, seq, n) ORDER BY n",
        {column([](const auto& one) { return text(one.stream_key); }),
         column([](const auto& one) { return text(one.seq); })});
}

Result<std::int64_t> PostgresqlTable::quarantine(const Rejected& rejected) {
    const auto row =
        ask("INSERT INTO quarantine SELECT $1, $2, $3, $4, 1, $5 "
            "WHERE EXISTS(SELECT 1 FROM quarantine WHERE digest = $1) "
            "OR (SELECT count(*) FROM quarantine) < $6::bigint "
            "ON CONFLICT(digest) DO UPDATE SET times = quarantine.times + 1 RETURNING times",
            {rejected.digest, to_rfc3339(rejected.received), postgresql_printable(rejected.topic),
             postgresql_printable(rejected.reason), postgresql_hex(rejected.payload),
             text(kQuarantineRowsMax)});
    if (!row) return row.error();
    return row->size() == 0 ? 0 : row->integer(0, 0);
}

}  // namespace aisle::hq
