#include <algorithm>
#include <cassert>

#include "agent/store/rows.hpp"
#include "agent/store/store.hpp"

// The outbox's side of Store: what was sent, what HQ has, what was dropped, and the beginning of a
// new epoch.
namespace aisle::store {
namespace {

bool is_epoch(std::string_view text) {
    return text.size() == 16 &&
           text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

bool is_reason(std::string_view text) {
    constexpr std::string_view kAllowed = "abcdefghijklmnopqrstuvwxyz0123456789_";
    return !text.empty() && text.find_first_not_of(kAllowed) == std::string_view::npos;
}

bool is_gap(const OutboxRow& row) { return row.record.kind == "gap"; }

// Deletes the slots [from, to] from the outbox and what they say in `gaps`.
Status delete_slots(sqlite::Database& database, std::int64_t from, std::int64_t to) {
    for (const char* sql : {"DELETE FROM outbox WHERE slot BETWEEN ?1 AND ?2",
                            "DELETE FROM gaps WHERE slot BETWEEN ?1 AND ?2"}) {
        auto erase = database.prepare(sql);
        if (!erase) return erase.error();
        if (auto done = erase->bind(1, from).bind(2, to).run(); !done) return done;
    }
    return {};
}

}  // namespace

Result<std::string> Store::epoch_or_random(std::string_view epoch) {
    if (epoch.empty()) return database_.text("SELECT lower(hex(randomblob(8)))");
    if (!is_epoch(epoch)) return malformed("an epoch is 16 hex digits");
    return std::string{epoch};
}

Result<StreamDepth> Store::depth_of(Stream stream) {
    assert(stream != Stream::Local);
    StreamDepth depth{.stream = stream};
    if (auto filled = fill_ends(depth); !filled) return filled.error();
    return depth;
}

Status Store::freeze(Stream stream, std::int64_t to_seq) {
    auto update =
        database_.prepare("UPDATE streams SET frozen_to = ?2 WHERE stream = ?1 AND frozen_to < ?2");
    if (!update) return update.error();
    return update->bind(1, static_cast<int>(stream)).bind(2, to_seq).run();
}

Status Store::acknowledged(Stream stream, std::int64_t next, std::string_view check) {
    const auto depth = depth_of(stream);
    if (!depth) return depth.error();
    if (next <= depth->first) return {};
    if (next > depth->next) {
        return malformed("HQ acknowledges " + std::to_string(next) + " of " +
                         std::string{to_text(stream)} + ", but the next is " +
                         std::to_string(depth->next));
    }
    auto transaction = sqlite::Transaction::begin(database_);
    if (!transaction) return transaction.error();
    if (auto done = delete_slots(database_, slot_of(stream, 0), slot_of(stream, next - 1)); !done) {
        return done;
    }
    auto update =
        database_.prepare("UPDATE streams SET acked_next = ?2, acked_check = ?3 WHERE stream = ?1");
    if (!update) return update.error();
    update->bind(1, static_cast<int>(stream)).bind(2, next).bind(3, check);
    if (auto done = update->run(); !done) return done;
    return transaction->commit();
}

Result<std::optional<OutboxRow>> Store::row_from(Stream stream, std::int64_t seq) {
    auto rows = read(OutboxRead{.stream = stream, .from_seq = seq, .rows_max = 1});
    if (!rows) return rows.error();
    if (rows->empty()) return std::optional<OutboxRow>{};
    return std::optional{std::move(rows->front())};
}

// The range as it will be: checked, and widened by unsent gaps of the same reason on both sides.
Result<Store::GapPlan> Store::plan_gap(const StreamDepth& depth, SeqRange range,
                                       std::string_view reason) {
    const auto front = row_from(depth.stream, range.from);
    if (!front) return front.error();
    const auto back = row_from(depth.stream, range.to);
    if (!back) return back.error();
    if (!*front || !*back || (*front)->from != range.from || (*back)->seq != range.to) {
        return malformed("the range is not there, or it cuts a gap in two");
    }
    GapPlan plan{.range = range, .at = (*back)->record.at};
    if ((*front)->seq <= depth.frozen_to) {
        if ((*front)->seq == range.to) return plan;  // a dead letter: one row, where it lies
        return denied("rows up to " + std::to_string(depth.frozen_to) + " may have been sent");
    }
    const std::string body_start = "{\"reason\":\"" + std::string{reason} + "\",";
    const auto joins = [&](const OutboxRow& row) {
        return is_gap(row) && row.seq > depth.frozen_to && row.record.body.starts_with(body_start);
    };
    const auto before = row_from(depth.stream, range.from - 1);
    if (!before) return before.error();
    if (range.from > depth.first && joins(**before)) plan.range.from = (*before)->from;
    const auto after = row_from(depth.stream, range.to + 1);
    if (!after) return after.error();
    if (*after && joins(**after)) plan = {{plan.range.from, (*after)->seq}, (*after)->record.at};
    return plan;
}

Status Store::put_gap(Stream stream, const GapPlan& plan, std::string_view reason) {
    const std::int64_t slot = slot_of(stream, plan.range.to);
    if (auto done = delete_slots(database_, slot_of(stream, plan.range.from), slot); !done)
        return done;
    if (auto done = insert_outbox_.bind(1, slot).bind(2, 0).run(); !done) return done;
    auto insert = database_.prepare(
        "INSERT INTO gaps(slot, from_seq, reason, boot, mono, wall, quality) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");
    if (!insert) return insert.error();
    insert->bind(1, slot).bind(2, plan.range.from).bind(3, reason);
    bind_stamp(*insert, 4, plan.at);
    return insert->run();
}

Status Store::replace_by_gap(Stream stream, std::int64_t from, std::int64_t to,
                             std::string_view reason) {
    if (!is_reason(reason)) return malformed("a gap's reason is of [a-z0-9_]");
    const auto depth = depth_of(stream);
    if (!depth) return depth.error();
    if (from < depth->first || to < from || to >= depth->next) {
        return malformed("the range is not in the outbox");
    }
    const auto plan = plan_gap(*depth, {from, to}, reason);
    if (!plan) return plan.error();
    auto transaction = sqlite::Transaction::begin(database_);
    if (!transaction) return transaction.error();
    if (auto done = put_gap(stream, *plan, reason); !done) return done;
    return transaction->commit();
}

// By way of negative slots: a row must never meet one that has not yet moved.
Status Store::renumber(const StreamDepth& depth) {
    const std::int64_t shift = depth.first - 1;
    for (const char* sql : {"UPDATE outbox SET slot = -(slot - ?1) WHERE slot BETWEEN ?2 AND ?3",
                            "UPDATE gaps SET slot = -(slot - ?1), from_seq = from_seq - ?1 WHERE "
                            "slot BETWEEN ?2 AND ?3"}) {
        auto update = database_.prepare(sql);
        if (!update) return update.error();
        update->bind(1, shift)
            .bind(2, slot_of(depth.stream, 1))
            .bind(3, slot_of(depth.stream, depth.next));
        if (auto done = update->run(); !done) return done;
    }
    return {};
}

Status Store::gap_before(Stream stream, std::int64_t next, std::string_view check,
                         std::string_view reason) {
    if (!is_reason(reason)) return malformed("a gap's reason is of [a-z0-9_]");
    const auto depth = depth_of(stream);
    if (!depth) return depth.error();
    if (next < 1 || next >= depth->first) return malformed("nothing is missing before the outbox");
    auto transaction = sqlite::Transaction::begin(database_);
    if (!transaction) return transaction.error();
    if (auto done = put_gap(stream, {.range = {next, depth->first - 1}, .at = {}}, reason); !done)
        return done;
    auto update =
        database_.prepare("UPDATE streams SET acked_next = ?2, acked_check = ?3 WHERE stream = ?1");
    if (!update) return update.error();
    update->bind(1, static_cast<int>(stream)).bind(2, next).bind(3, check);
    if (auto done = update->run(); !done) return done;
    return transaction->commit();
}

Status Store::new_epoch(std::string_view epoch, [[maybe_unused]] std::string_view why) {
    const auto name = epoch_or_random(epoch);
    if (!name) return name.error();
    const auto before = depths();
    if (!before) return before.error();

    auto transaction = sqlite::Transaction::begin(database_);
    if (!transaction) return transaction.error();
    for (const StreamDepth& depth : *before) {
        if (auto done = renumber(depth); !done) return done;
    }
    auto done = database_.exec(
        "UPDATE outbox SET slot = -slot WHERE slot < 0; UPDATE gaps SET slot = -slot WHERE slot < "
        "0;"
        "UPDATE streams SET acked_next = 1, frozen_to = 0, acked_check = '';"
        "UPDATE meta SET value = '" +
        *name + "' WHERE key = 'epoch'");
    if (!done) return done;
    if (auto committed = transaction->commit(); !committed) return committed;
    return load_streams();
}

}  // namespace aisle::store
