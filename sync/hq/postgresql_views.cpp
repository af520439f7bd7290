#include "sync/hq/postgresql_views.hpp"

#include <algorithm>
#include <map>
#include <tuple>

namespace aisle::hq {
namespace {

std::string text(std::int64_t number) { return std::to_string(number); }

WallTime time_in(const PostgresqlRows& rows, int row, int column) {
    return WallTime{milliseconds{rows.integer(row, column)}};
}

// What came since the UTC day before the one in which HQ's day began: a record that comes later
// than a day after its own is counted all the same, because it came since.
std::string recent_from(const Today& today) {
    return to_rfc3339(WallTime{std::chrono::floor<std::chrono::days>(today.from)} -
                      std::chrono::hours{24});
}

// The highest revision of each sale counts. A total that is no number is none.
constexpr const char* kSales =
    "SELECT store, count(*), coalesce(sum(total), 0)::bigint, coalesce(max(currency), '') FROM ("
    "SELECT DISTINCT ON (s.store, e.event_id) s.store, e.body->>'currency' AS currency, "
    "CASE WHEN jsonb_typeof(e.body->'total') = 'number' THEN (e.body->'total')::numeric END AS "
    "total, "
    "e.body->>'status' AS status, e.body->>'type' AS type, e.body->>'business_date' AS day "
    "FROM event e JOIN streams s ON s.key = e.stream_key "
    "WHERE s.stream = 'ledger' AND e.kind = 'sale' AND e.received_at >= $1 "
    "ORDER BY s.store, e.event_id, e.revision DESC NULLS LAST, e.stream_key DESC, e.seq DESC) AS "
    "last "
    "WHERE status = 'completed' AND type IN ('sale', 'return', 'exchange') AND day = $2 "
    "GROUP BY store";

// The last word on each door's minute. An empty door is the sum over the shop and would count
// people twice.
constexpr const char* kPeople =
    "SELECT store, coalesce(sum(came), 0)::bigint, coalesce(sum(went), 0)::bigint FROM ("
    "SELECT DISTINCT ON (s.store, e.body->>'door', e.body->>'start') s.store, "
    "CASE WHEN jsonb_typeof(e.body->'in') = 'number' THEN (e.body->'in')::numeric END AS came, "
    "CASE WHEN jsonb_typeof(e.body->'out') = 'number' THEN (e.body->'out')::numeric END AS went, "
    "coalesce(e.body->>'counts', 'true') AS counts "
    "FROM event e JOIN streams s ON s.key = e.stream_key "
    "WHERE s.stream = 'footfall' AND e.kind = 'footfall_minute' AND e.received_at >= $1 "
    "AND e.body->>'door' <> '' AND e.body->>'start' >= $2 AND e.body->>'start' < $3 "
    "ORDER BY s.store, e.body->>'door', e.body->>'start', e.stream_key DESC, e.seq DESC) AS last "
    "WHERE counts IN ('true', '1') GROUP BY store";

// jsonb puts blanks between its words; what is sent on has none.
std::string without_blanks(std::string_view json) {
    std::string text;
    bool inside = false;
    bool escaped = false;
    for (const char c : json) {
        if (c == '"' && !escaped) inside = !inside;
        escaped = c == '\\' && !escaped;
        if (c != ' ' || inside) text += c;
    }
    return text;
}

using Find = std::map<std::tuple<std::string, std::string, std::string>, std::size_t>;

// Every row and every run that is shown elsewhere, as far as the mark, in the order of their ends;
// what none of them covers is a hole, what two cover is doubled, and both are faults.
constexpr const char* kRecounted =
    "WITH mine AS (SELECT * FROM streams WHERE $1 = '' OR store = $1), "
    "runs AS (SELECT e.stream_key AS key, coalesce(e.from_seq, e.seq) AS f, e.seq AS t, "
    "(e.kind <> 'gap')::int AS shown, 0::bigint AS again FROM event e "
    "JOIN mine m ON m.key = e.stream_key "
    "UNION ALL SELECT l.stream_key, l.first, least(l.last, m.next - 1), 0, "
    "least(l.last, m.next - 1) - l.first + 1 FROM elsewhere l "
    "JOIN mine m ON m.key = l.stream_key AND l.first < m.next), "
    "walk AS (SELECT r.*, coalesce(max(t) OVER (PARTITION BY r.key ORDER BY t ROWS BETWEEN "
    "UNBOUNDED "
    "PRECEDING AND 1 PRECEDING), 0) AS before FROM runs r), "
    "sums AS (SELECT key, sum(shown) AS rows, sum(again) AS again, max(t) AS upto, "
    "sum(greatest(f - before - 1, 0) + CASE WHEN f <= before THEN least(before, t) - f + 1 ELSE 0 "
    "END) "
    "AS wrong FROM walk GROUP BY key) "
    "SELECT m.store, m.epoch, m.stream, m.next - 1, coalesce(s.rows, 0), coalesce(s.again, 0), "
    "m.quarantined, coalesce(s.wrong, 0) + abs(m.next - 1 - coalesce(s.upto, 0)) "
    "FROM mine m LEFT JOIN sums s ON s.key = m.key ORDER BY 1, 2, 3";

constexpr const char* kCounted =
    "SELECT s.store, s.epoch, s.stream, s.next - 1, s.rows, s.again, s.quarantined, "
    "s.next - 1 - s.rows - s.again - coalesce((SELECT sum(g.rows) FROM gaps g "
    "WHERE g.stream_key = s.key), 0) FROM streams s WHERE $1 = '' OR s.store = $1 ORDER BY 1, 2, 3";

// Of the rows themselves, not of the counters.
constexpr const char* kGapsRecounted =
    "SELECT s.store, s.epoch, s.stream, "
    "coalesce(nullif(left(CASE WHEN jsonb_typeof(e.body->'reason') = 'string' "
    "THEN e.body->>'reason' END, 32), ''), 'unknown') AS reason, count(*), "
    "sum(e.seq - coalesce(e.from_seq, e.seq) + 1) FROM event e JOIN streams s ON s.key = "
    "e.stream_key "
    "WHERE e.kind = 'gap' AND ($1 = '' OR s.store = $1) GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4";

constexpr const char* kGapsCounted =
    "SELECT s.store, s.epoch, s.stream, g.reason, g.records, g.rows FROM gaps g "
    "JOIN streams s ON s.key = g.stream_key WHERE $1 = '' OR s.store = $1 ORDER BY 1, 2, 3, 4";

Status add_gaps(const PostgresqlRows& rows, const Find& find, std::vector<Completeness>& all) {
    for (int i = 0; i < rows.size(); ++i) {
        const auto found = find.find({std::string{rows.text(i, 0)}, std::string{rows.text(i, 1)},
                                      std::string{rows.text(i, 2)}});
        if (found == find.end()) continue;
        all[found->second].gaps.push_back(
            {std::string{rows.text(i, 3)}, rows.integer(i, 4), rows.integer(i, 5)});
    }
    return {};
}

}  // namespace

Result<std::vector<StreamView>> read_streams(PostgresqlConnection& connection) {
    const auto rows = connection.run(
        "SELECT store, epoch, stream, next, (extract(epoch FROM updated_at) * 1000)::bigint "
        "FROM streams ORDER BY store, updated_at");
    if (!rows) return rows.error();
    std::vector<StreamView> all;
    for (int i = 0; i < rows->size(); ++i)
        all.push_back({std::string{rows->text(i, 0)}, std::string{rows->text(i, 1)},
                       std::string{rows->text(i, 2)}, rows->integer(i, 3), time_in(*rows, i, 4)});
    return all;
}

Result<std::vector<StoreDay>> read_day(PostgresqlConnection& connection, const Today& today) {
    std::map<std::string, StoreDay> days;
    const auto sales = connection.query(kSales, {recent_from(today), to_text(today.date)});
    if (!sales) return sales.error();
    for (int i = 0; i < sales->size(); ++i) {
        auto& day = days[std::string{sales->text(i, 0)}];
        day.sales = sales->integer(i, 1);
        day.total_minor = sales->integer(i, 2);
        day.currency = sales->text(i, 3);
    }
    const auto people = connection.query(
        kPeople, {recent_from(today), to_rfc3339(today.from), to_rfc3339(today.to)});
    if (!people) return people.error();
    for (int i = 0; i < people->size(); ++i) {
        auto& day = days[std::string{people->text(i, 0)}];
        day.entered = people->integer(i, 1);
        day.left = people->integer(i, 2);
    }
    std::vector<StoreDay> all;
    for (auto& [store, day] : days) {
        day.store = store;
        all.push_back(std::move(day));
    }
    return all;
}

Result<std::vector<Completeness>> read_completeness(PostgresqlConnection& connection,
                                                    EventStore::Proof proof,
                                                    std::string_view store) {
    const bool again = proof == EventStore::Proof::Recounted;
    const std::vector<PostgresqlValue> of{std::string{store}};
    const auto rows = connection.query(again ? kRecounted : kCounted, of);
    if (!rows) return rows.error();
    std::vector<Completeness> all;
    Find find;
    for (int i = 0; i < rows->size(); ++i) {
        Completeness one{.store = std::string{rows->text(i, 0)},
                         .epoch = std::string{rows->text(i, 1)},
                         .stream = std::string{rows->text(i, 2)},
                         .expected = rows->integer(i, 3),
                         .received = rows->integer(i, 4),
                         .gaps = {},
                         .again = rows->integer(i, 5),
                         .missing = rows->integer(i, 7),
                         .quarantined = rows->integer(i, 6)};
        find[{one.store, one.epoch, one.stream}] = all.size();
        all.push_back(std::move(one));
    }
    const auto gaps = connection.query(again ? kGapsRecounted : kGapsCounted, of);
    if (!gaps) return gaps.error();
    if (auto added = add_gaps(*gaps, find, all); !added) return added.error();
    return all;
}

Result<std::vector<StateChange>> read_state(PostgresqlConnection& connection,
                                            std::string_view room) {
    const auto rows = connection.query(
        "SELECT key, encode(bytes, 'hex') FROM state WHERE room = $1 ORDER BY key COLLATE \"C\"",
        {std::string{room}});
    if (!rows) return rows.error();
    std::vector<StateChange> all;
    for (int i = 0; i < rows->size(); ++i)
        all.push_back(
            {std::string{room}, std::string{rows->text(i, 0)}, postgresql_unhex(rows->text(i, 1))});
    return all;
}

// All or nothing: one statement is one transaction. Of a key that comes twice the last one counts.
Status write_state(PostgresqlConnection& connection, std::span<const StateChange> changes) {
    if (changes.empty()) return {};
    std::vector<std::string> rooms;
    std::vector<std::string> keys;
    std::vector<std::string> values;
    for (const auto& change : changes) {
        rooms.push_back(change.room);
        keys.push_back(change.key);
        values.push_back(postgresql_hex(change.bytes));
    }
    const auto done = connection.query(
        "WITH all_of_them AS (SELECT * FROM unnest($1::text[], $2::text[], $3::bytea[]) "
        "WITH ORDINALITY AS t(room, key, bytes, n)), "
        "given AS (SELECT DISTINCT ON (room, key) room, key, bytes FROM all_of_them "
        "ORDER BY room, key, n DESC), "
        "gone AS (DELETE FROM state USING given WHERE state.room = given.room "
        "AND state.key = given.key AND given.bytes = '') "
        "INSERT INTO state SELECT room, key, bytes FROM given WHERE bytes <> '' "
        "ON CONFLICT(room, key) DO UPDATE SET bytes = excluded.bytes",
        {postgresql_array(rooms), postgresql_array(keys), postgresql_array(values)});
    if (!done) return done.error();
    return {};
}

namespace {

Status hold_rollout(PostgresqlConnection& connection, const Claim& claim) {
    const auto row = connection.query(
        kHoldLease, {std::string{kRolloutLease}, claim.owner, text(claim.held.rollout_token)});
    if (!row) return row.error();
    return row->size() > 0 ? Status{} : Status{unavailable("the lease of the rollout is lost")};
}

}  // namespace

Status under_rollout_lease(PostgresqlConnection& connection, const Claim& claim,
                           const std::function<Status()>& work) {
    if (!claim.held.rollout) return unavailable("the rollout is another collector's");
    if (auto begun = connection.run("BEGIN"); !begun) return begun.error();
    auto done = hold_rollout(connection, claim);
    if (done) done = work();
    if (!done) {
        if (!connection.broken()) (void)connection.run("ROLLBACK");
        return done;
    }
    const auto committed = connection.run("COMMIT");
    if (!committed) return committed.error();
    return committed->tag() == "COMMIT" ? Status{} : Status{unavailable("PostgreSQL rolled back")};
}

Status write_state(PostgresqlConnection& connection, const Claim& claim,
                   std::span<const StateChange> changes) {
    const auto is_rollouts = [](const StateChange& change) {
        return change.room.starts_with(kRolloutRooms);
    };
    if (std::ranges::none_of(changes, is_rollouts)) return write_state(connection, changes);
    return under_rollout_lease(connection, claim, [&] { return write_state(connection, changes); });
}

Result<std::vector<Notice>> read_notices(PostgresqlConnection& connection, std::int64_t after,
                                         std::size_t limit) {
    const auto rows = connection.query(
        "SELECT n.id, s.store, s.epoch, s.stream, n.seq, e.kind, e.event_id, "
        "coalesce(e.revision, 1), e.body, "
        "(extract(epoch FROM e.received_at) * 1000)::bigint FROM "
        "(SELECT * FROM notices WHERE id > $1 ORDER BY id LIMIT $2) AS n "
        "JOIN streams s ON s.key = n.stream_key "
        "JOIN event e ON e.stream_key = n.stream_key AND e.seq = n.seq ORDER BY n.id",
        {text(after), text(static_cast<std::int64_t>(limit))});
    if (!rows) return rows.error();
    std::vector<Notice> all;
    for (int i = 0; i < rows->size(); ++i)
        all.push_back({.id = rows->integer(i, 0),
                       .store = std::string{rows->text(i, 1)},
                       .epoch = std::string{rows->text(i, 2)},
                       .stream = std::string{rows->text(i, 3)},
                       .seq = rows->integer(i, 4),
                       .kind = std::string{rows->text(i, 5)},
                       .event_id = std::string{rows->text(i, 6)},
                       .revision = rows->integer(i, 7),
                       .body = without_blanks(rows->text(i, 8)),
                       .received = time_in(*rows, i, 9)});
    return all;
}

}  // namespace aisle::hq
