#include "agent/store/salvage.hpp"

#include <algorithm>

#include "agent/store/key_index.hpp"
#include "agent/store/quota.hpp"
#include "agent/store/rows.hpp"

namespace aisle::store {
namespace {

const std::string kJournalColumns =
    "id, stream, kind, event_id, revision, boot, mono, wall, quality, committed, digest, body";
constexpr std::string_view kJournalTypes = "iittiiiiiitt";
constexpr int kKind = 2, kEventId = 3, kBody = 11;

// Ids above the last that is known, where the end of the journal cannot be read.
constexpr std::int64_t kUnknownTail = 65'536;

const std::string kMembers = "SELECT " + kJournalColumns +
                             " FROM journal WHERE id BETWEEN ?1 AND ?2 AND stream = ?3 ORDER BY id";

std::string parameters(std::size_t count) {
    std::string text = "?1";
    for (std::size_t i = 2; i <= count; ++i) text += ", ?" + std::to_string(i);
    return text;
}

void bind_columns(sqlite::Statement& into, const sqlite::Statement& row, std::string_view types) {
    for (std::size_t i = 0; i < types.size(); ++i) {
        const int column = static_cast<int>(i);
        if (row.is_null(column)) {
            into.bind_null(column + 1);
        } else if (types[i] == 'i') {
            into.bind(column + 1, row.integer(column));
        } else if (types[i] == 't') {
            into.bind(column + 1, row.view(column));
        } else {
            into.bind_blob(column + 1, row.view(column));
        }
    }
}

}  // namespace

struct Salvage::StreamState {
    Stream stream = Stream::Ledger;
    std::int64_t next = 0;     // the seq that is expected; 0: not known
    std::int64_t id_last = 0;  // of the last plain run; 0: none
    std::vector<Found> late = {};
};

Status Salvage::prepare() {
    const auto make = [this](sqlite::Statement& into, const std::string& sql) -> Status {
        auto made = to_.prepare(sql);
        if (!made) return made.error();
        into = std::move(*made);
        return {};
    };
    for (auto done :
         {make(put_journal_, "INSERT OR IGNORE INTO journal(" + kJournalColumns + ") VALUES (" +
                                 parameters(kJournalTypes.size()) + ")"),
          make(put_run_, "INSERT OR REPLACE INTO runs(slot, n, id_from, id_to, bytes) VALUES (" +
                             parameters(5) + ")"),
          make(put_gap_,
               "INSERT OR REPLACE INTO gaps(slot, from_seq, reason, boot, mono, wall, "
               "quality, kinds) VALUES (?1, ?2, 'salvage', 0, 0, ?3, 0, '')")}) {
        if (!done) return done;
    }
    return {};
}

Result<bool> Salvage::copy_rows(const std::string& select, const std::string& insert,
                                std::string_view types) {
    auto from = from_.prepare(select);
    if (!from) return false;
    auto into = to_.prepare(insert);
    if (!into) return into.error();
    for (;;) {
        const auto row = from->step();
        if (!row) return false;
        if (!*row) return true;
        bind_columns(*into, *from, types);
        if (auto done = into->run(); !done) return done.error();
    }
}

// From both ends: what lies behind a damaged page in one order lies before it in the other.
Status Salvage::copy_table(const std::string& table, const std::string& columns,
                           std::string_view types) {
    const std::string select = "SELECT " + columns + " FROM " + table + " ORDER BY 1";
    const std::string insert = "INSERT OR IGNORE INTO " + table + "(" + columns + ") VALUES (" +
                               parameters(types.size()) + ")";
    auto whole = copy_rows(select, insert, types);
    if (whole && !*whole) whole = copy_rows(select + " DESC", insert, types);
    return whole ? Status{} : whole.error();
}

Status Salvage::put_run(Stream stream, const Run& run) {
    return put_run_.bind(1, slot_of(stream, run.first))
        .bind(2, run.n)
        .bind(3, run.id_from)
        .bind(4, run.id_to)
        .bind(5, run.bytes)
        .run();
}

Status Salvage::put_gap(StreamState& state, SeqRange seqs) {
    const std::int64_t n = seqs.to - seqs.from + 1;
    report_.lost.at(static_cast<std::size_t>(state.stream)) += n;
    put_gap_.bind(1, slot_of(state.stream, seqs.to)).bind(2, seqs.from).bind(3, ms_of(now_));
    if (auto done = put_gap_.run(); !done) return done;
    return put_run(state.stream, {.first = seqs.from, .n = n});
}

// Rows whose seqs are certain: first, first + 1, ...
Status Salvage::put_found(StreamState& state, std::int64_t first, const std::vector<Found>& rows) {
    if (rows.empty()) return {};
    Run run{
        .first = first, .n = std::ssize(rows), .id_from = rows.front().id, .id_to = rows.back().id};
    for (const Found& row : rows) run.bytes += row.bytes;
    return put_run(state.stream, run);
}

Result<std::vector<Salvage::Found>> Salvage::copy_members(RowWalk& walk, IdRange ids) {
    std::vector<Found> found;
    walk.run(ids, [&](const sqlite::Statement& row) {
        bind_columns(put_journal_, row, kJournalTypes);
        failed_ = put_journal_.run();
        if (!failed_) return false;
        report_.rows_saved += to_.changes();
        if (!row.is_null(kEventId)) {
            keys_.emplace_back(key_of(row.view(kKind), row.view(kEventId)), row.integer(0));
        }
        found.push_back(
            {row.integer(0), static_cast<std::int64_t>(row.view(kBody).size()) + kOutboxRowBytes});
        return true;
    });
    if (!failed_) return failed_.error();
    return found;
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
        return walk.met_damage() && row.id <= walk.complete_to();
    };
    const auto middle = std::ranges::find_if_not(*found, certain);
    const auto behind = std::find_if(middle, found->end(), [&](const Found& row) {
        return walk.met_damage() && row.id >= walk.complete_from();
    });
    const std::vector<Found> head{found->begin(), middle}, tail{behind, found->end()};
    state.late.insert(state.late.end(), middle, behind);
    const SeqRange hole{run.first + std::ssize(head), run.last() - std::ssize(tail)};
    if (auto done = put_found(state, run.first, head); !done) return done;
    if (auto done = put_found(state, hole.to + 1, tail); !done) return done;
    return hole.from <= hole.to ? put_gap(state, hole) : Status{};
}

Status Salvage::copy_gap(StreamState& state, const Run& run) {
    state.next = run.first + run.n;
    auto there = to_.prepare("SELECT 1 FROM gaps WHERE slot = ?1");
    if (!there) return there.error();
    const auto known = there->bind(1, slot_of(state.stream, run.last())).step();
    if (!known) return known.error();
    return *known ? put_run(state.stream, run) : put_gap(state, {run.first, run.last()});
}

// Seqs of runs that could not be read: their rows lie in the journal between those of the two runs
// around them.
Status Salvage::fill_hole(StreamState& state, const Run& next) {
    if (state.next == 0 || state.next >= next.first) return {};
    const SeqRange hole{state.next, next.first - 1};
    if (state.id_last == 0 || next.is_gap()) return put_gap(state, hole);
    return copy_run(state, {.first = hole.from,
                            .n = hole.to - hole.from + 1,
                            .id_from = state.id_last + 1,
                            .id_to = next.id_from - 1});
}

Status Salvage::copy_stream(Stream stream) {
    StreamState state{.stream = stream};
    const std::string number = std::to_string(static_cast<int>(stream));
    const auto acked = from_.integer("SELECT acked_next FROM streams WHERE stream = " + number);
    if (acked) state.next = *acked;
    RowWalk walk{from_, runs_select()};
    std::vector<Run> runs;
    walk.run({slot_of(stream, 0), slot_of(stream, kSeqsPerStream) - 1},
             [&](const sqlite::Statement& row) {
                 runs.push_back(run_from(row));
                 return true;
             });
    const std::int64_t first =
        state.next > 0 ? state.next : (runs.empty() ? 1 : runs.front().first);
    for (const Run& run : runs) {
        if (auto done = fill_hole(state, run); !done) return done;
        if (auto done = run.is_gap() ? copy_gap(state, run) : copy_run(state, run); !done)
            return done;
    }
    if (walk.met_damage() || !acked) {
        RowWalk behind{from_, kMembers, static_cast<int>(stream)};
        const auto found = copy_members(behind, {state.id_last + 1, last_id_});
        if (!found) return found.error();
        state.late.insert(state.late.end(), found->begin(), found->end());
    }
    state.next = std::max<std::int64_t>(state.next, 1);
    report_.certain_next.at(static_cast<std::size_t>(stream)) = state.next;
    for (const Found& row : state.late) {
        if (auto done = put_found(state, state.next++, {row}); !done) return done;
    }
    return to_.exec("UPDATE streams SET acked_next = " + std::to_string(first) +
                    " WHERE stream = " + number);
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

std::int64_t Salvage::last_id() {
    const auto last = from_.integer("SELECT coalesce(max(id), 0) FROM journal");
    if (last) return *last;
    const auto queued = from_.integer("SELECT coalesce(max(id_to), 0) FROM runs");
    return (queued ? *queued : 0) + kUnknownTail;
}

// From the end backwards, in steps that are read forwards.
Status Salvage::copy_newest(std::int64_t rows_max) {
    constexpr std::int64_t kStep = 4096;
    const auto select =
        "SELECT " + kJournalColumns + " FROM journal WHERE id BETWEEN ?1 AND ?2 ORDER BY id";
    std::int64_t to = last_id_;
    for (; to > 0 && rows_max > 0; to -= kStep) {
        RowWalk walk{from_, select};
        const auto found = copy_members(walk, {std::max<std::int64_t>(1, to - kStep + 1), to});
        if (!found) return found.error();
        report_.rows_lost += walk.skipped();
        rows_max -= std::ssize(*found);
    }
    if (to <= 0) return {};
    const auto first = from_.integer("SELECT coalesce(min(id), 1) FROM journal");
    report_.rows_left = std::max<std::int64_t>(0, to - (first ? *first : 1) + 1);
    return {};
}

Status Salvage::copy_quarantine(std::int64_t rows_max) {
    const std::string columns =
        "id, source, reason, detail, origin, byte_from, byte_to, boot, mono, wall, quality, "
        "committed, payload_bytes, payload";
    constexpr std::string_view kTypes = "ittttiiiiiiiib";
    const auto copied = copy_rows(
        "SELECT " + columns + " FROM quarantine ORDER BY id DESC LIMIT " + std::to_string(rows_max),
        "INSERT OR IGNORE INTO quarantine(" + columns + ") VALUES (" + parameters(kTypes.size()) +
            ")",
        kTypes);
    return copied ? Status{} : copied.error();
}

Status Salvage::fold_keys() {
    std::ranges::sort(keys_);
    auto insert = to_.prepare("INSERT OR IGNORE INTO keys(key, journal) VALUES (?1, ?2)");
    if (!insert) return insert.error();
    for (const auto& [key, id] : keys_) {
        if (auto done = insert->bind(1, key).bind(2, id).run(); !done) return done;
    }
    return to_.exec(
        "UPDATE keys_folded SET folded_to = (SELECT coalesce(max(id), 0) FROM journal)");
}

Result<Salvaged> Salvage::run(const SalvageBounds& bounds) {
    if (auto done = prepare(); !done) return done.error();
    last_id_ = last_id();
    const auto fact = [this](const char* key) {
        const auto text =
            from_.text("SELECT value FROM meta WHERE key = '" + std::string{key} + "'");
        return text ? *text : std::string{};
    };
    report_.store = fact("store"), report_.epoch = fact("epoch");
    struct Table {
        bool wanted;
        const char *name, *columns, *types;
    };
    for (const Table& table :
         {Table{bounds.state, "state", "room, key, bytes", "ttb"},
          Table{bounds.state, "positions", "source, item, position", "ttt"},
          Table{bounds.state, "boots", "number, boot_id", "it"},
          Table{true, "erasures", "subject", "i"},
          Table{true, "epochs", "number, epoch, why", "itt"},
          Table{bounds.outbox, "origins", "stream, age, from_seq, to_seq, shift, epoch", "iiiiit"},
          Table{bounds.outbox, "gaps", "slot, from_seq, reason, boot, mono, wall, quality, kinds",
                "iitiiiit"}}) {
        if (!table.wanted) continue;
        if (auto done = copy_table(table.name, table.columns, table.types); !done)
            return done.error();
    }
    for (const Stream stream : kUpStreams) {
        if (!bounds.outbox) break;
        if (auto done = copy_stream(stream); !done) return done.error();
    }
    if (auto done = copy_newest(bounds.journal_rows); !done) return done.error();
    if (auto done = copy_quarantine(bounds.quarantine_rows); !done) return done.error();
    if (auto done = fold_keys(); !done) return done.error();
    return report_;
}

}  // namespace aisle::store
