#include "agent/store/outbox_table.hpp"

#include <algorithm>
#include <cassert>
#include <numeric>

#include "agent/store/quota.hpp"
#include "agent/store/rows.hpp"

namespace aisle::store {
namespace {

std::size_t index_of(Stream stream) { return static_cast<std::size_t>(stream); }

}  // namespace

Status OutboxTable::prepare(sqlite::Database& database) {
    database_ = &database;
    if (auto done = writer_.prepare(database); !done) return done;
    for (auto done :
         {database.prepare(runs_, kRunsFromSql), database.prepare(rows_, kRunRowsSql),
          database.prepare(gap_, kGapSql),
          database.prepare(nth_,
                           "SELECT id FROM journal WHERE id BETWEEN ?1 AND ?2 AND stream = ?3 "
                           "ORDER BY id LIMIT 1 OFFSET ?4"),
          database.prepare(bytes_,
                           "SELECT coalesce(sum(bytes), 0) FROM runs WHERE slot BETWEEN ?1 AND ?2"),
          database.prepare(erase_runs_, "DELETE FROM runs WHERE slot BETWEEN ?1 AND ?2"),
          database.prepare(erase_gaps_, "DELETE FROM gaps WHERE slot BETWEEN ?1 AND ?2")}) {
        if (!done) return done;
    }
    return {};
}

Status OutboxTable::load(std::span<const StreamDepth> depths) {
    memory_ = {.removals = memory_.removals + 1};
    for (const StreamDepth& depth : depths) memory_.next.at(index_of(depth.stream)) = depth.next;
    auto sums = database_->prepare("SELECT slot >> 48, sum(bytes) FROM runs GROUP BY 1");
    if (!sums) return sums.error();
    for (;;) {
        auto row = sums->step();
        if (!row) return row.error();
        if (!*row) return {};
        memory_.bytes.at(static_cast<std::size_t>(sums->integer(0))) = sums->integer(1);
    }
}

std::int64_t OutboxTable::next(Stream stream) const { return memory_.next.at(index_of(stream)); }

std::int64_t OutboxTable::bytes() const {
    return std::accumulate(memory_.bytes.begin(), memory_.bytes.end(), std::int64_t{0});
}

void OutboxTable::forget_tail(Stream stream) {
    assert(!memory_.dirty.at(index_of(stream)));
    memory_.tails.at(index_of(stream)) = {};
}

void OutboxTable::add(Stream stream, std::int64_t id, std::size_t body_bytes) {
    const std::size_t at = index_of(stream);
    Run& tail = memory_.tails.at(at);
    const std::int64_t bytes = static_cast<std::int64_t>(body_bytes) + kOutboxRowBytes;
    const std::int64_t seq = memory_.next.at(at)++;
    memory_.bytes.at(at) += bytes;
    memory_.dirty.at(at) = true;
    if (tail.n > 0 && tail.n < kRunRowsMax && id - tail.id_to <= kRunStrideMax) {
        ++tail.n;
        tail.id_to = id;
        tail.bytes += bytes;
        return;
    }
    if (tail.n > 0) memory_.full.emplace_back(stream, tail);
    tail = {.first = seq, .n = 1, .id_from = id, .id_to = id, .bytes = bytes};
}

Status OutboxTable::flush() {
    for (const auto& [stream, run] : memory_.full) {
        if (auto done = writer_.put(stream, run); !done) return done;
    }
    memory_.full.clear();
    for (const Stream stream : kUpStreams) {
        bool& dirty = memory_.dirty.at(index_of(stream));
        if (!dirty) continue;
        if (auto done = writer_.put(stream, memory_.tails.at(index_of(stream))); !done) return done;
        dirty = false;
    }
    return {};
}

Result<std::vector<Run>> OutboxTable::runs_over(Stream stream, SeqRange range, std::size_t limit) {
    std::vector<Run> runs;
    const sqlite::ResetAtEnd reset{runs_};
    bind_runs_from(runs_, stream, range.from);
    while (runs.size() < limit) {
        auto row = runs_.step();
        if (!row) return row.error();
        if (!*row) break;
        const Run run = run_from(runs_);
        if (run.first > range.to) break;
        if (run.last() >= range.from) runs.push_back(run);
    }
    return runs;
}

Result<std::vector<Held>> OutboxTable::rows_of(Stream stream, const Run& run, SeqRange range) {
    std::vector<Held> rows;
    const sqlite::ResetAtEnd reset{rows_};
    rows_.bind(1, run.id_from).bind(2, run.id_to).bind(3, static_cast<int>(stream));
    for (std::int64_t seq = run.first; seq <= run.last(); ++seq) {
        auto row = rows_.step();
        if (!row) return row.error();
        if (!*row) return malformed("the journal lacks rows that the outbox refers to");
        if (seq < range.from || seq > range.to) continue;
        rows.push_back(
            {.seq = seq,
             .id = rows_.integer(0),
             .bytes = kOutboxRowBytes + static_cast<std::int64_t>(rows_.view(kRunRowBody).size()),
             .run = run.first,
             .kind = rows_.text(2),
             .at = stamp_from(rows_, 5)});
    }
    return rows;
}

Result<std::optional<Gap>> OutboxTable::gap_ending_at(Stream stream, std::int64_t seq) {
    const sqlite::ResetAtEnd reset{gap_};
    gap_.bind(1, slot_of(stream, seq));
    auto row = gap_.step();
    if (!row) return row.error();
    if (!*row) return std::optional<Gap>{};
    return std::optional{gap_from(gap_, seq)};
}

Result<std::vector<Held>> OutboxTable::content(Stream stream, SeqRange range) {
    const auto runs = runs_over(stream, range, static_cast<std::size_t>(range.to - range.from) + 1);
    if (!runs) return runs.error();
    std::vector<Held> content;
    for (const Run& run : *runs) {
        if (run.is_gap()) {
            auto gap = gap_ending_at(stream, run.last());
            if (!gap) return gap.error();
            if (!*gap) return malformed("an outbox row without its record");
            content.push_back({.seq = run.last(), .kind = "gap", .at = (*gap)->at, .gap = **gap});
            continue;
        }
        auto rows = rows_of(stream, run, range);
        if (!rows) return rows.error();
        std::ranges::move(*rows, std::back_inserter(content));
    }
    return content;
}

// Rows that lay in one run next to each other share one again: no other row of the stream is
// between them in the journal.
Status OutboxTable::insert_all(Stream stream, std::span<const Held> others) {
    Run run;
    std::int64_t was_in = 0;
    for (const Held& held : others) {
        memory_.bytes.at(index_of(stream)) += held.bytes;
        if (run.n > 0 && held.run != 0 && held.run == was_in && held.seq == run.last() + 1) {
            ++run.n, run.id_to = held.id, run.bytes += held.bytes;
            continue;
        }
        if (run.n > 0) {
            if (auto done = writer_.put(stream, run); !done) return done;
        }
        run = {}, was_in = held.run;
        if (held.id > 0) run = {held.seq, 1, held.id, held.id, held.bytes};
        if (held.id > 0) continue;
        if (auto done = writer_.put(stream, held.gap); !done) return done;
    }
    return run.n > 0 ? writer_.put(stream, run) : Status{};
}

Status OutboxTable::erase(Stream stream, SeqRange range) {
    const std::int64_t from = slot_of(stream, range.from), to = slot_of(stream, range.to);
    ++memory_.removals;
    if (auto done = erase_runs_.bind(1, from).bind(2, to).run(); !done) return done;
    return erase_gaps_.bind(1, from).bind(2, to).run();
}

// What of the first and the last run lies outside of `held`, which is taken out of them. Bytes are
// split by rows: their sum stays exact.
Status OutboxTable::keep_ends(Stream stream, const std::vector<Run>& runs,
                              std::span<const Held> held) {
    const std::int64_t from = held.front().from(), to = held.back().seq;
    for (const Run& run : runs) {
        if (run.is_gap() || (run.first >= from && run.last() <= to)) continue;
        std::int64_t rest = run.bytes, id_before = 0, id_behind = 0;
        for (const Held& taken : held) {
            if (taken.run != run.first) continue;
            rest -= taken.bytes;
            if (id_before == 0) id_before = taken.id - 1;
            id_behind = taken.id + 1;
        }
        const std::int64_t before = std::max<std::int64_t>(0, from - run.first);
        const std::int64_t behind = std::max<std::int64_t>(0, run.last() - to);
        const std::int64_t rest_before = rest * before / (before + behind);
        if (before > 0) {
            const Run head{run.first, before, run.id_from, id_before, rest_before};
            if (auto done = writer_.put(stream, head); !done) return done;
        }
        if (behind == 0) continue;
        const Run tail{to + 1, behind, id_behind, run.id_to, rest - rest_before};
        if (auto done = writer_.put(stream, tail); !done) return done;
    }
    return {};
}

Status OutboxTable::replace(Stream stream, std::span<const Held> held,
                            std::span<const Held> others) {
    assert(!held.empty() && held.front().from() == others.front().from() &&
           held.back().seq == others.back().seq);
    const SeqRange range{held.front().from(), held.back().seq};
    const auto runs = runs_over(stream, range, held.size());
    if (!runs) return runs.error();
    forget_tail(stream);
    for (const Held& gone : held) memory_.bytes.at(index_of(stream)) -= gone.bytes;
    const SeqRange whole{std::min(range.from, runs->front().first), range.to};
    if (auto done = erase(stream, whole); !done) return done;
    if (auto done = keep_ends(stream, *runs, held); !done) return done;
    return insert_all(stream, others);
}

Status OutboxTable::put_gap(Stream stream, const Gap& gap) {
    std::int64_t& next = memory_.next.at(index_of(stream));
    next = std::max(next, gap.seqs.to + 1);
    forget_tail(stream);
    return writer_.put(stream, gap);
}

// The part of `run` from `next` on.
Result<Run> OutboxTable::rest_of(Stream stream, const Run& run, std::int64_t next) {
    const std::int64_t gone = next - run.first;
    const sqlite::ResetAtEnd reset{nth_};
    nth_.bind(1, run.id_from).bind(2, run.id_to).bind(3, static_cast<int>(stream)).bind(4, gone);
    auto row = nth_.step();
    if (!row) return row.error();
    if (!*row) return malformed("the journal lacks rows that the outbox refers to");
    return Run{next, run.n - gone, nth_.integer(0), run.id_to, run.bytes * (run.n - gone) / run.n};
}

Status OutboxTable::remove_below(Stream stream, std::int64_t next) {
    const auto over = runs_over(stream, {next - 1, next - 1}, 1);
    if (!over) return over.error();
    const bool cut = !over->empty() && over->front().last() >= next;
    std::optional<Run> rest;
    if (cut && !over->front().is_gap()) {
        const auto made = rest_of(stream, over->front(), next);
        if (!made) return made.error();
        rest = *made;
    }
    const std::int64_t to = cut && !rest ? over->front().first - 1 : next - 1;
    forget_tail(stream);
    const auto gone = bytes_up_to(stream, to);
    if (!gone) return gone.error();
    if (auto done = erase(stream, {0, to}); !done) return done;
    memory_.bytes.at(index_of(stream)) -= *gone - (rest ? rest->bytes : 0);
    return rest ? writer_.put(stream, *rest) : Status{};
}

Result<std::int64_t> OutboxTable::bytes_up_to(Stream stream, std::int64_t seq) {
    const sqlite::ResetAtEnd reset{bytes_};
    auto row = bytes_.bind(1, slot_of(stream, 0)).bind(2, slot_of(stream, seq)).step();
    if (!row) return row.error();
    return bytes_.integer(0);
}

// By way of negative slots: a row must never meet one that has not yet moved.
Status OutboxTable::move(const StreamDepth& depth, std::int64_t shift) {
    for (const char* sql : {"UPDATE runs SET slot = -(slot - ?1) WHERE slot BETWEEN ?2 AND ?3",
                            "UPDATE gaps SET slot = -(slot - ?1), from_seq = from_seq - ?1 WHERE "
                            "slot BETWEEN ?2 AND ?3"}) {
        auto update = database_->prepare(sql);
        if (!update) return update.error();
        update->bind(1, shift)
            .bind(2, slot_of(depth.stream, 1))
            .bind(3, slot_of(depth.stream, depth.next));
        if (auto done = update->run(); !done) return done;
    }
    return {};
}

Status OutboxTable::settle_moves() {
    return database_->exec(
        "UPDATE runs SET slot = -slot WHERE slot < 0; UPDATE gaps SET slot = -slot WHERE slot < 0");
}

}  // namespace aisle::store
