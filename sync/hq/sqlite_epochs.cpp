#include "sync/hq/sqlite_event_table.hpp"

#include <algorithm>

// The side tables of SqliteEventTable that only stores with several epochs have.
namespace aisle::hq {
namespace {

std::int64_t key_of(const Place& place) { return (place.stream_key << kSeqBits) | place.seq; }

Place place_of(std::int64_t key) { return {.stream_key = key >> kSeqBits, .seq = key & kSeqMax}; }

// kind, event_id, revision, boot, mono, body from column `first` on.
ShownRow row_from(const sqlite::Statement& rows, const Place& place, int first) {
    ShownRow row{.place = place,
                 .kind = rows.text(first),
                 .event_id = rows.text(first + 1),
                 .revision = std::nullopt,
                 .boot = rows.integer(first + 3),
                 .mono_us = rows.integer(first + 4),
                 .body = rows.text(first + 5)};
    if (!rows.is_null(first + 2)) row.revision = rows.integer(first + 2);
    return row;
}

}  // namespace

Result<std::optional<ShownRow>> SqliteEventTable::row_at(const Place& place) {
    const sqlite::ResetAtEnd reset{row_at_.bind(1, key_of(place))};
    const auto found = row_at_.step();
    if (!found) return found.error();
    if (!*found) return std::optional<ShownRow>{};
    return std::optional{row_from(row_at_, place, 0)};
}

Result<std::optional<Place>> SqliteEventTable::elsewhere(const Place& place) {
    const sqlite::ResetAtEnd reset{run_at_.bind(1, place.stream_key).bind(2, place.seq)};
    const auto found = run_at_.step();
    if (!found) return found.error();
    if (!*found || run_at_.integer(0) > place.seq) return std::optional<Place>{};
    return std::optional{place_of(run_at_.integer(2) - (run_at_.integer(1) - place.seq))};
}

// A run that ends just before this one, with what is shown just before, becomes one with it.
Status SqliteEventTable::add_elsewhere(const ElsewhereRun& run) {
    std::int64_t from = run.from;
    run_at_.bind(1, run.stream_key).bind(2, run.from - 1);
    const auto found = run_at_.step();
    const bool joins = found && *found && run_at_.integer(1) == run.from - 1 &&
                       run_at_.integer(2) == key_of(run.shown) - (run.to - run.from) - 1;
    if (joins) from = run_at_.integer(0);
    run_at_.reset();
    if (!found) return found.error();
    if (joins)
        if (auto done = drop_run_.bind(1, run.stream_key).bind(2, run.from - 1).run(); !done)
            return done;
    return add_run_.bind(1, run.stream_key)
        .bind(2, run.to)
        .bind(3, from)
        .bind(4, key_of(run.shown))
        .run();
}

Result<std::vector<ElsewhereRun>> SqliteEventTable::remove_elsewhere(const Numbers& numbers) {
    std::vector<ElsewhereRun> cut;
    for (;;) {
        run_at_.bind(1, numbers.stream_key).bind(2, numbers.from);
        const auto found = run_at_.step();
        if (!found) return found.error();
        const bool touches = *found && run_at_.integer(0) <= numbers.to;
        const ElsewhereRun run = touches ? ElsewhereRun{.stream_key = numbers.stream_key,
                                                        .from = run_at_.integer(0),
                                                        .to = run_at_.integer(1),
                                                        .shown = place_of(run_at_.integer(2))}
                                         : ElsewhereRun{};
        run_at_.reset();
        if (!touches) return cut;
        if (auto done = cut_run(run, numbers); !done) return done.error();
        const std::int64_t to = std::min(run.to, numbers.to);
        cut.push_back({run.stream_key, std::max(run.from, numbers.from), to,
                       place_of(key_of(run.shown) - (run.to - to))});
    }
}

Result<std::vector<Place>> SqliteEventTable::rivals(const Place& place) {
    const sqlite::ResetAtEnd reset{rivals_.bind(1, key_of(place)).bind(2, kRivalsMax)};
    std::vector<Place> all;
    for (;;) {
        const auto more = rivals_.step();
        if (!more) return more.error();
        if (!*more) return all;
        all.push_back(place_of(rivals_.integer(0)));
    }
}

Status SqliteEventTable::add_rivals(const ElsewhereRun& run) {
    const std::int64_t back = key_of(run.shown) - run.to;
    for (std::int64_t seq = run.from; seq <= run.to; ++seq) {
        auto done = add_rival_.bind(1, key_of({run.stream_key, seq})).bind(2, back + seq).run();
        if (!done) return done;
    }
    return {};
}

// What is left of the run on both sides.
Status SqliteEventTable::cut_run(const ElsewhereRun& run, const Numbers& out) {
    auto done = drop_run_.bind(1, run.stream_key).bind(2, run.to).run();
    if (!done) return done;
    const auto keep = [&](std::int64_t from, std::int64_t to) {
        if (from > to) return Status{};
        return add_run_.bind(1, run.stream_key)
            .bind(2, to)
            .bind(3, from)
            .bind(4, key_of(run.shown) - (run.to - to))
            .run();
    };
    if (done = keep(run.from, out.from - 1); !done) return done;
    return keep(out.to + 1, run.to);
}

Status SqliteEventTable::each_with_id(std::string_view store, Stream stream,
                                      const std::function<Status(const ShownRow&)>& look) {
    auto rows = database_.prepare(
        "SELECT e.key, e.kind, e.event_id, e.revision, e.boot, e.mono, e.body FROM streams s JOIN "
        "event e ON e.key >= s.key << 40 AND e.key < (s.key + 1) << 40 "
        "WHERE s.store = ? AND s.stream = ? AND e.event_id IS NOT NULL");
    if (!rows) return rows.error();
    const auto name = to_text(stream);
    rows->bind(1, store).bind(2, name);
    for (;;) {
        const auto more = rows->step();
        if (!more) return more.error();
        if (!*more) return {};
        const Place place = place_of(rows->integer(0));
        if (auto done = look(row_from(*rows, place, 1)); !done) return done;
    }
}

Status SqliteEventTable::list_id(const IdName& name, const ListedId& id) {
    const auto stream = to_text(name.stream);
    return list_id_.bind(1, name.store)
        .bind(2, stream)
        .bind(3, name.kind)
        .bind(4, name.event_id)
        .bind(5, key_of({id.stream_key, id.seq}))
        .bind(6, id.sent)
        .bind(7, id.shown)
        .bind(8, id.digest)
        .run();
}

Result<std::vector<ListedId>> SqliteEventTable::listed(const IdName& name) {
    std::vector<ListedId> all;
    const auto stream = to_text(name.stream);
    listed_.bind(1, name.store).bind(2, stream).bind(3, name.kind).bind(4, name.event_id);
    for (;;) {
        const auto more = listed_.step();
        if (!more) return more.error();
        if (!*more) return all;
        const Place place = place_of(listed_.integer(0));
        all.push_back({.stream_key = place.stream_key,
                       .sent = listed_.integer(1),
                       .shown = listed_.integer(2),
                       .digest = listed_.text(3),
                       .seq = place.seq});
    }
}

Status SqliteEventTable::mark_listed(std::string_view store, Stream stream) {
    const FamilyName name{std::string{store}, stream};
    Family one = family(name);
    one.listed = true;
    fresh_.families[name] = one;
    auto mark = database_.prepare("INSERT OR IGNORE INTO listed VALUES(?,?)");
    if (!mark) return mark.error();
    const auto text = to_text(stream);
    return mark->bind(1, store).bind(2, text).run();
}

}  // namespace aisle::hq
