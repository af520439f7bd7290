#include "agent/store/origins.hpp"

#include <algorithm>

namespace aisle::store {

std::vector<Origin> origins_of(std::span<const OriginRange> ranges, std::int64_t seq) {
    std::vector<Origin> was;
    for (const OriginRange& range : ranges) {
        if (seq < range.from_seq || seq > range.to_seq) continue;
        was.push_back({range.epoch, seq + range.shift});
    }
    return was;
}

Status OriginReader::prepare(sqlite::Database& database) {
    auto select = database.prepare(
        "SELECT age, from_seq, to_seq, shift, epoch FROM origins "
        "WHERE stream = ?1 AND to_seq >= ?2 ORDER BY age DESC, from_seq");
    if (!select) return select.error();
    select_ = std::move(*select);
    return {};
}

Result<std::vector<OriginRange>> OriginReader::read(Stream stream, std::int64_t from_seq) {
    std::vector<OriginRange> ranges;
    const sqlite::ResetAtEnd reset{select_};
    select_.bind(1, static_cast<int>(stream)).bind(2, from_seq);
    for (;;) {
        auto row = select_.step();
        if (!row) return row.error();
        if (!*row) return ranges;
        ranges.push_back({stream, select_.integer(0), select_.integer(1), select_.integer(2),
                          select_.integer(3), select_.text(4)});
    }
}

Status Origins::prepare(sqlite::Database& database) {
    database_ = &database;
    for (auto done :
         {database.prepare(insert_,
                           "INSERT INTO origins(stream, age, from_seq, to_seq, shift, epoch) "
                           "SELECT ?1, coalesce(max(age), 0) + 1, ?2, ?3, ?4, ?5 FROM origins "
                           "WHERE stream = ?1"),
          database.prepare(grow_,
                           "UPDATE origins SET to_seq = ?3 WHERE stream = ?1 AND to_seq = ?2 - 1 "
                           "AND shift = ?4 AND epoch = ?5"),
          database.prepare(forget_, "DELETE FROM origins WHERE stream = ?1 AND to_seq < ?2")}) {
        if (!done) return done;
    }
    return reader_.prepare(database);
}

Status Origins::add(const OriginRange& range) {
    for (sqlite::Statement* const put : {&grow_, &insert_}) {
        put->bind(1, static_cast<int>(range.stream)).bind(2, range.from_seq).bind(3, range.to_seq);
        if (auto done = put->bind(4, range.shift).bind(5, range.epoch).run(); !done) return done;
        if (put == &grow_ && database_->changes() > 0) break;
    }
    return {};
}

Status Origins::move(const Move& move) {
    const std::int64_t shift = move.first - 1;
    const std::string stream = std::to_string(static_cast<int>(move.stream));
    const std::string by = std::to_string(shift);
    // A primary key that moves must not meet one that has not moved yet, hence the minus.
    auto moved = database_->exec(
        "UPDATE origins SET from_seq = -max(from_seq - " + by + ", 1), to_seq = to_seq - " + by +
        ", shift = shift + " + by + " WHERE stream = " + stream +
        "; DELETE FROM origins WHERE to_seq < 1 AND stream = " + stream +
        "; UPDATE origins SET from_seq = -from_seq WHERE stream = " + stream);
    if (!moved || move.next == move.first) return moved;
    if (auto done = add({.stream = move.stream,
                         .from_seq = 1,
                         .to_seq = move.next - 1 - shift,
                         .shift = shift,
                         .epoch = move.epoch});
        !done) {
        return done;
    }
    return database_->exec("DELETE FROM origins WHERE stream = " + stream +
                           " AND epoch NOT IN (SELECT epoch FROM origins WHERE stream = " + stream +
                           " GROUP BY epoch ORDER BY max(age) DESC LIMIT " +
                           std::to_string(kOriginsMax) + ")");
}

Status Origins::forget_below(Stream stream, std::int64_t first) {
    return forget_.bind(1, static_cast<int>(stream)).bind(2, first).run();
}

Result<bool> Origins::same_past(Stream stream, std::int64_t a, std::int64_t b) {
    const auto ranges = reader_.read(stream, std::min(a, b));
    if (!ranges) return ranges.error();
    return std::ranges::all_of(*ranges, [&](const OriginRange& range) {
        const auto holds = [&](std::int64_t seq) {
            return seq >= range.from_seq && seq <= range.to_seq;
        };
        return holds(a) == holds(b);
    });
}

}  // namespace aisle::store
