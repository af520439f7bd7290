#include <algorithm>
#include <limits>

#include "agent/store/quota.hpp"
#include "agent/store/rows.hpp"
#include "agent/store/salvage.hpp"

// The outbox's side of a salvage: what HQ does not have, in its places.
namespace aisle::store {
namespace {

const std::string kMembers =
    "SELECT id, stream, kind, event_id, revision, boot, mono, wall, quality, committed, digest, "
    "body FROM journal WHERE id BETWEEN ?1 AND ?2 AND stream = ?3 ORDER BY id";

constexpr std::string_view kLostReason = "salvage";
// In the place of a row whose record was taken in again before it could be read here.
constexpr std::string_view kRepeatedReason = "repeated";

}  // namespace

// Seqs are those of the old outbox.
struct Salvage::StreamState {
    Stream stream = Stream::Ledger;
    std::int64_t next = 0;     // the seq that is expected; 0: not known
    std::int64_t id_last = 0;  // of the last plain run; 0: none
    std::vector<Found> late = {};
};

Status Salvage::put_lost(StreamState& state, SeqRange seqs) {
    report_.lost.at(static_cast<std::size_t>(state.stream)) += seqs.to - seqs.from + 1;
    return outbox_.put(state.stream, Gap{.seqs = {seqs.from + offset_, seqs.to + offset_},
                                         .reason = std::string{kLostReason},
                                         .kinds = {},
                                         .at = {.wall = now_}});
}

// Rows whose seqs are certain: first, first + 1, ... A run ends where a row came in by another way.
Status Salvage::put_found(StreamState& state, std::int64_t first, const std::vector<Found>& rows) {
    Run run{.first = first + offset_};
    const auto end_run = [&]() -> Status {
        return run.n > 0 ? outbox_.put(state.stream, run) : Status{};
    };
    for (const Found& row : rows) {
        if (row.id == 0) {
            if (auto done = end_run(); !done) return done;
            const std::int64_t seq = run.first + run.n;
            auto done = outbox_.put(state.stream, Gap{.seqs = {seq, seq},
                                                      .reason = std::string{kRepeatedReason},
                                                      .kinds = {},
                                                      .at = {.wall = now_}});
            if (!done) return done;
            run = {.first = seq + 1};
            continue;
        }
        if (run.n++ == 0) run.id_from = row.id;
        run.id_to = row.id;
        run.bytes += row.bytes;
    }
    return end_run();
}

// Rows before the first damaged place and behind the last have certain seqs, counted from the run's
// ends; what is found between comes last, without an earlier place.
Status Salvage::copy_run(StreamState& state, const Run& run) {
    RowWalk walk{from_, kMembers, static_cast<int>(state.stream)};
    auto found = copy_members(walk, {run.id_from, run.id_to});
    if (!found) return found.error();
    state.id_last = run.id_to, state.next = run.first + run.n;
    if (std::ssize(*found) == run.n) return put_found(state, run.first, *found);

    const auto certain = [&](const Found& row) {
        return walk.met_damage() && row.id > 0 && row.id <= walk.complete_to();
    };
    const auto middle = std::ranges::find_if_not(*found, certain);
    const auto behind = std::find_if(middle, found->end(), [&](const Found& row) {
        return walk.met_damage() && row.id > 0 && row.id >= walk.complete_from();
    });
    const std::vector<Found> head{found->begin(), middle}, tail{behind, found->end()};
    // What came in by another way needs no place behind.
    std::copy_if(middle, behind, std::back_inserter(state.late),
                 [](const Found& row) { return row.id > 0; });
    const SeqRange hole{run.first + std::ssize(head), run.last() - std::ssize(tail)};
    if (auto done = put_found(state, run.first, head); !done) return done;
    if (auto done = put_found(state, hole.to + 1, tail); !done) return done;
    return hole.from <= hole.to ? put_lost(state, hole) : Status{};
}

Status Salvage::copy_gap(StreamState& state, const Run& run) {
    state.next = run.first + run.n;
    auto gaps = from_.prepare(kGapSql);
    if (gaps) {
        const auto row = gaps->bind(1, slot_of(state.stream, run.last())).step();
        if (row && *row) {
            Gap gap = gap_from(*gaps, run.last());
            gap.seqs = {run.first + offset_, run.last() + offset_};
            return outbox_.put(state.stream, gap);
        }
    }
    return put_lost(state, {run.first, run.last()});
}

// Seqs of runs that could not be read: their rows lie in the journal between those of the two runs
// around them.
Status Salvage::fill_hole(StreamState& state, const Run& next) {
    if (state.next == 0 || state.next >= next.first) return {};
    const SeqRange hole{state.next, next.first - 1};
    if (state.id_last == 0 || next.is_gap()) return put_lost(state, hole);
    return copy_run(state, {.first = hole.from,
                            .n = hole.to - hole.from + 1,
                            .id_from = state.id_last + 1,
                            .id_to = next.id_from - 1});
}

Result<Salvage::Piece> Salvage::copy_runs(StreamState& state, std::int64_t slot,
                                          std::int64_t rows_max) {
    Piece piece;
    std::vector<Run> runs;
    RowWalk walk{from_, runs_select()};
    walk.run({slot, slot_of(state.stream, kSeqsPerStream) - 1}, [&](const sqlite::Statement& row) {
        piece.more = rows_max <= 0;
        if (piece.more) return false;
        const Run run = run_from(row);
        // Numbers that a damaged page made up.
        const bool fits = run.n > 0 && (runs.empty() || run.first > runs.back().last());
        if (!fits) return true;
        runs.push_back(run);
        rows_max -= run.is_gap() ? 1 : run.n;
        return true;
    });
    piece.met_damage = walk.met_damage();
    for (const Run& run : runs) {
        if (auto done = fill_hole(state, run); !done) return done.error();
        auto done = run.is_gap() ? copy_gap(state, run) : copy_run(state, run);
        if (!done) return done.error();
    }
    return piece;
}

// Where the end of the runs could not be read: rows behind the last that has a place.
Status Salvage::copy_behind(StreamState& state) {
    RowWalk behind{from_, kMembers, static_cast<int>(state.stream)};
    const auto found = copy_members(behind, {state.id_last + 1, last_id_});
    if (!found) return found.error();
    std::ranges::copy_if(*found, std::back_inserter(state.late),
                         [](const Found& row) { return row.id > 0; });
    return {};
}

Status Salvage::put_late(StreamState& state) {
    for (const Found& row : state.late) {
        if (auto done = put_found(state, state.next++, {row}); !done) return done;
    }
    return {};
}

// All of a stream, under its old seqs.
Status Salvage::copy_stream(Stream stream) {
    StreamState state{.stream = stream};
    const std::string number = std::to_string(static_cast<int>(stream));
    const auto acked = from_.integer("SELECT acked_next FROM streams WHERE stream = " + number);
    if (acked) state.next = *acked;
    const auto piece =
        copy_runs(state, slot_of(stream, 0), std::numeric_limits<std::int64_t>::max());
    if (!piece) return piece.error();
    if (piece->met_damage || !acked) {
        if (auto done = copy_behind(state); !done) return done;
    }
    state.next = std::max<std::int64_t>(state.next, 1);
    report_.certain_next.at(static_cast<std::size_t>(stream)) = state.next;
    if (auto done = put_late(state); !done) return done;
    // Where nothing said what is acknowledged, the outbox begins with its first row.
    auto first = acked;
    if (!first)
        first = to_.integer("SELECT coalesce(min(slot) % " + std::to_string(kSeqsPerStream) +
                            ", 1) FROM runs WHERE slot >> 48 = " + number);
    if (!first) return first.error();
    return to_.exec("UPDATE streams SET acked_next = " + std::to_string(*first) +
                    " WHERE stream = " + number);
}

Status Salvage::outbox_slice(SalvageRest& rest, Stream stream, std::int64_t first) {
    if (auto done = prepare(); !done) return done;
    last_id_ = rest.last_id;
    const auto at = static_cast<std::size_t>(stream);
    SalvageRest::Part& part = rest.parts.at(at);
    offset_ = first - part.next;
    StreamState state{.stream = stream, .next = part.next, .id_last = part.id_last};
    const auto piece = copy_runs(state, slot_of(stream, part.next), kSliceRows);
    if (!piece) return piece.error();
    if (!piece->more) {
        if (piece->met_damage || state.next < part.end) {
            if (auto done = copy_behind(state); !done) return done;
        }
        if (state.next < part.end) {
            if (auto done = put_lost(state, {state.next, part.end - 1}); !done) return done;
            state.next = part.end;
        }
        part.end = state.next;
        part.done = true;
    }
    part.next = state.next;
    part.id_last = state.id_last;
    part.lost += report_.lost.at(at);
    rest.rows_saved += report_.rows_saved;
    if (auto done = put_late(state); !done) return done;
    return write_keys();
}

// A database that was not yet brought up to date has its outbox row by row.
std::string Salvage::runs_select() {
    const auto runs = from_.integer("SELECT count(*) FROM sqlite_master WHERE name = 'runs'");
    if (runs && *runs == 0) {
        return "SELECT slot, 1, journal, journal, 0 FROM outbox "
               "WHERE slot BETWEEN ?1 AND ?2 ORDER BY slot";
    }
    return "SELECT slot, n, id_from, id_to, bytes FROM runs "
           "WHERE slot BETWEEN ?1 AND ?2 ORDER BY slot";
}

}  // namespace aisle::store
