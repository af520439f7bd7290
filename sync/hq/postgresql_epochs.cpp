#include "sync/hq/postgresql_table.hpp"

#include <algorithm>

// What PostgresqlTable does for stores with several epochs. None of it is in the way of a store
// that has one.
namespace aisle::hq {
namespace {

std::string text(std::int64_t number) { return std::to_string(number); }

ShownRow shown_row(const PostgresqlRows& rows, int i) {
    ShownRow row{.place = {rows.integer(i, 0), rows.integer(i, 1)},
                 .kind = std::string{rows.text(i, 2)},
                 .event_id = std::string{rows.text(i, 3)},
                 .boot = rows.integer(i, 5),
                 .mono_us = rows.integer(i, 6),
                 .body = std::string{rows.text(i, 7)}};
    if (!rows.null(i, 4)) row.revision = rows.integer(i, 4);
    return row;
}

constexpr const char* kShownColumns =
    "SELECT e.stream_key, e.seq, e.kind, e.event_id, e.revision, e.boot, e.mono, e.body FROM event "
    "e ";
constexpr int kPageRows = 5'000;  // of a walk through a stream

}  // namespace

Result<std::optional<ShownRow>> PostgresqlTable::row_at(const Place& place) {
    const auto rows = ask(std::string{kShownColumns} + "WHERE e.stream_key = $1 AND e.seq = $2",
                          {text(place.stream_key), text(place.seq)});
    if (!rows) return rows.error();
    if (rows->size() == 0) return std::optional<ShownRow>{};
    return std::optional{shown_row(*rows, 0)};
}

Result<std::optional<Place>> PostgresqlTable::elsewhere(const Place& place) {
    const auto rows =
        ask("SELECT shown_key, shown_seq - (last - $2::bigint) FROM elsewhere "
            "WHERE stream_key = $1 AND last >= $2::bigint AND first <= $2::bigint",
            {text(place.stream_key), text(place.seq)});
    if (!rows) return rows.error();
    if (rows->size() == 0) return std::optional<Place>{};
    return std::optional{Place{rows->integer(0, 0), rows->integer(0, 1)}};
}

// One that ends just before, at the place just before, is made longer.
Status PostgresqlTable::add_elsewhere(const ElsewhereRun& run) {
    const auto joined =
        ask("UPDATE elsewhere SET last = $3, shown_seq = $5 WHERE stream_key = $1 "
            "AND last = $2::bigint - 1 AND shown_key = $4 "
            "AND shown_seq = $5::bigint - ($3::bigint - $2::bigint) - 1",
            {text(run.stream_key), text(run.from), text(run.to), text(run.shown.stream_key),
             text(run.shown.seq)});
    if (!joined) return joined.error();
    if (joined->touched() > 0) return {};
    return tell("INSERT INTO elsewhere VALUES($1, $2, $3, $4, $5)",
                {text(run.stream_key), text(run.from), text(run.to), text(run.shown.stream_key),
                 text(run.shown.seq)});
}

Result<std::vector<ElsewhereRun>> PostgresqlTable::remove_elsewhere(const Numbers& numbers) {
    const auto runs =
        ask("DELETE FROM elsewhere WHERE stream_key = $1 AND last >= $2 AND first <= $3 "
            "RETURNING first, last, shown_key, shown_seq",
            {text(numbers.stream_key), text(numbers.from), text(numbers.to)});
    if (!runs) return runs.error();
    std::vector<ElsewhereRun> cut;
    constexpr const char* kPart = "INSERT INTO elsewhere VALUES($1, $2, $3, $4, $5)";
    for (int i = 0; i < runs->size(); ++i) {
        const std::int64_t first = runs->integer(i, 0);
        const std::int64_t last = runs->integer(i, 1);
        const std::int64_t shown = runs->integer(i, 3);
        const std::string shown_key = text(runs->integer(i, 2));
        const std::int64_t before = numbers.from - 1;
        if (first <= before)
            if (auto kept = tell(kPart, {text(numbers.stream_key), text(first), text(before),
                                         shown_key, text(shown - (last - before))});
                !kept)
                return kept.error();
        if (last > numbers.to)
            if (auto kept = tell(kPart, {text(numbers.stream_key), text(numbers.to + 1), text(last),
                                         shown_key, text(shown)});
                !kept)
                return kept.error();
        const std::int64_t to = std::min(last, numbers.to);
        cut.push_back({numbers.stream_key,
                       std::max(first, numbers.from),
                       to,
                       {runs->integer(i, 2), shown - (last - to)}});
    }
    return cut;
}

Result<std::vector<Place>> PostgresqlTable::rivals(const Place& place) {
    const auto rows =
        ask("SELECT shown_key, shown_seq FROM rivals WHERE stream_key = $1 AND seq = $2 LIMIT $3",
            {text(place.stream_key), text(place.seq), text(kRivalsMax)});
    if (!rows) return rows.error();
    std::vector<Place> all;
    for (int i = 0; i < rows->size(); ++i)
        all.push_back({rows->integer(i, 0), rows->integer(i, 1)});
    return all;
}

Status PostgresqlTable::add_rivals(const ElsewhereRun& run) {
    return tell(
        "INSERT INTO rivals SELECT $1::bigint, n, $4::bigint, $5::bigint - ($3::bigint - n) "
        "FROM generate_series($2::bigint, $3::bigint) AS n ON CONFLICT DO NOTHING",
        {text(run.stream_key), text(run.from), text(run.to), text(run.shown.stream_key),
         text(run.shown.seq)});
}

// A page at a time, so that memory does not grow with the stream.
Status PostgresqlTable::each_with_id(std::string_view store, Stream stream,
                                     const std::function<Status(const ShownRow&)>& look) {
    Place after{};
    for (;;) {
        const auto rows = ask(std::string{kShownColumns} +
                                  "JOIN streams s ON s.key = e.stream_key WHERE s.store = $1 "
                                  "AND s.stream = $2 AND e.event_id IS NOT NULL "
                                  "AND (e.stream_key, e.seq) > ($3, $4) "
                                  "ORDER BY e.stream_key, e.seq LIMIT " +
                                  text(kPageRows),
                              {std::string{store}, std::string{to_text(stream)},
                               text(after.stream_key), text(after.seq)});
        if (!rows) return rows.error();
        for (int i = 0; i < rows->size(); ++i) {
            const ShownRow row = shown_row(*rows, i);
            after = row.place;
            if (auto looked = look(row); !looked) return looked;
        }
        if (rows->size() < kPageRows) return {};
    }
}

Status PostgresqlTable::list_id(const IdName& name, const ListedId& id) {
    return tell(
        "INSERT INTO ids VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9) "
        "ON CONFLICT(store, stream, event_id, kind, stream_key, seq) DO UPDATE SET "
        "sent = excluded.sent, shown = excluded.shown, digest = excluded.digest",
        {std::string{name.store}, std::string{to_text(name.stream)}, postgresql_text(name.kind),
         postgresql_text(name.event_id), text(id.stream_key), text(id.seq), text(id.sent),
         text(id.shown), id.digest});
}

Result<std::vector<ListedId>> PostgresqlTable::listed(const IdName& name) {
    const auto rows =
        ask("SELECT stream_key, sent, shown, digest, seq FROM ids "
            "WHERE store = $1 AND stream = $2 AND kind = $3 AND event_id = $4",
            {std::string{name.store}, std::string{to_text(name.stream)}, postgresql_text(name.kind),
             postgresql_text(name.event_id)});
    if (!rows) return rows.error();
    std::vector<ListedId> all;
    for (int i = 0; i < rows->size(); ++i)
        all.push_back({.stream_key = rows->integer(i, 0),
                       .sent = rows->integer(i, 1),
                       .shown = rows->integer(i, 2),
                       .digest = std::string{rows->text(i, 3)},
                       .seq = rows->integer(i, 4)});
    return all;
}

Status PostgresqlTable::mark_listed(std::string_view store, Stream stream) {
    return tell("INSERT INTO id_lists VALUES($1, $2) ON CONFLICT DO NOTHING",
                {std::string{store}, std::string{to_text(stream)}});
}

Result<std::vector<BootClock>> PostgresqlTable::boots(std::string_view store) {
    const auto rows =
        ask("SELECT epoch, boot, offset_ms, error_ms, source FROM boots WHERE store = $1 "
            "ORDER BY epoch, boot",
            {std::string{store}});
    if (!rows) return rows.error();
    std::vector<BootClock> all;
    for (int i = 0; i < rows->size(); ++i)
        all.push_back({.epoch = std::string{rows->text(i, 0)},
                       .boot = rows->integer(i, 1),
                       .offset_ms = rows->integer(i, 2),
                       .error_ms = rows->integer(i, 3),
                       .source = std::string{rows->text(i, 4)}});
    return all;
}

Status PostgresqlTable::set_boot(std::string_view store, const BootClock& clock) {
    return tell(
        "INSERT INTO boots VALUES($1, $2, $3, $4, $5, $6) ON CONFLICT(store, epoch, boot) DO "
        "UPDATE SET offset_ms = excluded.offset_ms, error_ms = excluded.error_ms, "
        "source = excluded.source",
        {std::string{store}, clock.epoch, text(clock.boot), text(clock.offset_ms),
         text(clock.error_ms), postgresql_text(clock.source)});
}

}  // namespace aisle::hq
