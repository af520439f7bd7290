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
constexpr int kBody = 11;
const std::string kJournalRows =
    "SELECT " + kJournalColumns + " FROM journal WHERE id BETWEEN ?1 AND ?2 ORDER BY id";

// Ids above the last that is known, where the end of the journal cannot be read.
constexpr std::int64_t kUnknownTail = 65'536;
// Journal ids that are asked for at once, and how often in a slice: few may be left of them.
constexpr std::int64_t kIdsAtOnce = 4096;
constexpr int kStepsInSlice = 64;
constexpr std::int64_t kQuarantineSlice = 100;

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

std::int64_t integer_or(sqlite::Database& database, const std::string& sql,
                        std::int64_t otherwise) {
    const auto number = database.integer(sql);
    return number ? *number : otherwise;
}

}  // namespace

Status Salvage::prepare() {
    last_id_ = last_id();
    auto done =
        to_.prepare(put_journal_, "INSERT OR IGNORE INTO journal(" + kJournalColumns +
                                      ") VALUES (" + parameters(kJournalTypes.size()) + ")");
    if (!done) return done;
    return outbox_.prepare(to_);
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

// False: `to` failed, see failed_.
bool Salvage::copy_member(const sqlite::Statement& row, std::vector<Found>& found) {
    const bool has_key = !row.is_null(kEventId);
    if (has_key && repeated_) {
        const auto repeated = repeated_(row);
        if (!repeated) failed_ = repeated.error();
        if (repeated && *repeated) found.push_back({});
        if (!repeated || *repeated) return repeated.has_value();
    }
    bind_columns(put_journal_, row, kJournalTypes);
    failed_ = put_journal_.run();
    if (!failed_) return false;
    report_.rows_saved += to_.changes();
    if (has_key) keys_.emplace_back(key_of(row.view(kKind), row.view(kEventId)), row.integer(kId));
    found.push_back(
        {row.integer(kId), static_cast<std::int64_t>(row.view(kBody).size()) + kOutboxRowBytes});
    return true;
}

Result<std::vector<Salvage::Found>> Salvage::copy_members(RowWalk& walk, IdRange ids) {
    std::vector<Found> found;
    ids.to = std::min(ids.to, last_id_);  // ids above are the new journal's own
    walk.run(ids, [&](const sqlite::Statement& row) { return copy_member(row, found); });
    if (!failed_) return failed_.error();
    return found;
}

std::int64_t Salvage::last_id() {
    const auto last = from_.integer("SELECT coalesce(max(id), 0) FROM journal");
    if (last) return *last;
    return integer_or(from_, "SELECT coalesce(max(id_to), 0) FROM runs", 0) + kUnknownTail;
}

// From the end backwards, in steps that are read forwards.
Status Salvage::copy_newest(std::int64_t rows_max) {
    std::int64_t to = last_id_;
    for (; to > 0 && rows_max > 0; to -= kIdsAtOnce) {
        RowWalk walk{from_, kJournalRows};
        const auto found = copy_members(walk, {std::max<std::int64_t>(1, to - kIdsAtOnce + 1), to});
        if (!found) return found.error();
        report_.rows_lost += walk.skipped();
        rows_max -= std::ssize(*found);
    }
    if (to <= 0) return {};
    const auto first = integer_or(from_, "SELECT coalesce(min(id), 1) FROM journal", 1);
    report_.rows_left = std::max<std::int64_t>(0, to - first + 1);
    return {};
}

// Under new ids: the new table has rows of its own by now.
Status Salvage::copy_quarantine(IdRange ids) {
    const std::string columns =
        "source, reason, detail, origin, byte_from, byte_to, boot, mono, wall, quality, "
        "committed, payload_bytes, payload";
    constexpr std::string_view kTypes = "ttttiiiiiiiib";
    const auto copied = copy_rows(
        "SELECT " + columns + " FROM quarantine WHERE id BETWEEN " + std::to_string(ids.from) +
            " AND " + std::to_string(ids.to) + " ORDER BY id",
        "INSERT INTO quarantine(" + columns + ") VALUES (" + parameters(kTypes.size()) + ")",
        kTypes);
    return copied ? Status{} : copied.error();
}

// In their order: each page of the table is visited once.
Status Salvage::write_keys() {
    std::ranges::sort(keys_);
    auto insert = to_.prepare("INSERT OR IGNORE INTO keys(key, journal) VALUES (?1, ?2)");
    if (!insert) return insert.error();
    for (const auto& [key, id] : keys_) {
        if (auto done = insert->bind(1, key).bind(2, id).run(); !done) return done;
    }
    keys_.clear();
    return {};
}

// What a start needs whatever the rest is.
Status Salvage::copy_facts(bool state) {
    const auto fact = [this](const char* key) {
        const auto text =
            from_.text("SELECT value FROM meta WHERE key = '" + std::string{key} + "'");
        return text ? *text : std::string{};
    };
    report_.store = fact("store"), report_.epoch = fact("epoch");
    if (auto rest = salvage_rest_from_json(fact("salvage_rest"))) report_.unfinished = *rest;
    struct Table {
        bool wanted;
        const char *name, *columns, *types;
    };
    for (const Table& table :
         {Table{state, "state", "room, key, bytes", "ttb"},
          Table{state, "positions", "source, item, position", "ttt"},
          Table{state, "boots", "number, boot_id", "it"}, Table{true, "erasures", "subject", "i"},
          Table{true, "epochs", "number, epoch, why", "itt"}}) {
        if (!table.wanted) continue;
        if (auto done = copy_table(table.name, table.columns, table.types); !done) return done;
    }
    return {};
}

Result<Salvaged> Salvage::run(const SalvageBounds& bounds) {
    if (auto done = prepare(); !done) return done.error();
    if (auto done = copy_facts(bounds.state); !done) return done.error();
    if (bounds.outbox) {
        auto origins =
            copy_table("origins", "stream, age, from_seq, to_seq, shift, epoch", "iiiiit");
        if (!origins) return origins.error();
        for (const Stream stream : kUpStreams) {
            if (auto done = copy_stream(stream); !done) return done.error();
        }
    }
    if (auto done = copy_newest(bounds.journal_rows); !done) return done.error();
    const auto last = integer_or(from_, "SELECT coalesce(max(id), 0) FROM quarantine", 0);
    if (auto done = copy_quarantine({last - bounds.quarantine_rows + 1, last}); !done)
        return done.error();
    if (auto done = write_keys(); !done) return done.error();
    auto folded =
        to_.exec("UPDATE keys_folded SET folded_to = (SELECT coalesce(max(id), 0) FROM journal)");
    if (!folded) return folded.error();
    return report_;
}

Result<Salvaged> Salvage::begin(SalvageRest& rest, const Marks& known) {
    if (auto done = prepare(); !done) return done.error();
    if (auto done = copy_facts(true); !done) return done.error();
    rest.epoch = report_.epoch;
    rest.last_id = rest.journal_to = last_id_;
    rest.first_id = integer_or(from_, "SELECT coalesce(min(id), 1) FROM journal", 1);
    rest.quarantine_next = integer_or(from_, "SELECT coalesce(min(id), 1) FROM quarantine", 1);
    rest.quarantine_end = integer_or(from_, "SELECT coalesce(max(id), 0) FROM quarantine", 0) + 1;
    for (const Stream stream : kUpStreams) {
        const auto at = static_cast<std::size_t>(stream);
        rest.parts.at(at) = part_of(stream, known.at(at));
        report_.certain_next.at(at) = rest.parts.at(at).end;
    }
    // Rows that come from now on have greater ids, and all below are found in the table.
    auto folded = to_.exec("UPDATE keys_folded SET folded_to = " + std::to_string(rest.last_id));
    if (!folded) return folded.error();
    return report_;
}

// Which seqs of a stream HQ does not have, without reading them.
SalvageRest::Part Salvage::part_of(Stream stream, const Manifest::Mark& known) {
    const std::string number = std::to_string(static_cast<int>(stream));
    const std::string in = " FROM runs WHERE slot BETWEEN " + std::to_string(slot_of(stream, 0)) +
                           " AND " + std::to_string(slot_of(stream, kSeqsPerStream - 1));
    const auto acked =
        integer_or(from_, "SELECT acked_next FROM streams WHERE stream = " + number, known.acked);
    const auto first = integer_or(from_, "SELECT coalesce(min(slot), 0)" + in, 0);
    const auto end = integer_or(from_, "SELECT slot + n" + in + " ORDER BY slot DESC LIMIT 1", 0);
    SalvageRest::Part part{.next = acked};
    if (first > 0) part.next = std::min(part.next, seq_of(first));
    part.end = std::max({part.next, end > 0 ? seq_of(end) : 0, known.next});
    return part;
}

Status Salvage::journal_slice(SalvageRest& rest) {
    if (auto done = prepare(); !done) return done;
    last_id_ = rest.last_id;
    std::int64_t rows = 0;
    for (int step = 0; step < kStepsInSlice && rows < kSliceRows; ++step) {
        if (rest.journal_to < rest.first_id) break;
        RowWalk walk{from_, kJournalRows};
        const std::int64_t from = std::max(rest.first_id, rest.journal_to - kIdsAtOnce + 1);
        const auto found = copy_members(walk, {from, rest.journal_to});
        if (!found) return found.error();
        rest.rows_lost += walk.skipped();
        rest.journal_to = from - 1;
        rows += std::ssize(*found);
    }
    rest.rows_saved += report_.rows_saved;
    return write_keys();
}

Status Salvage::quarantine_slice(SalvageRest& rest) {
    const std::int64_t to = std::min(rest.quarantine_next + kQuarantineSlice, rest.quarantine_end);
    if (auto done = copy_quarantine({rest.quarantine_next, to - 1}); !done) return done;
    rest.quarantine_next = to;
    return {};
}

}  // namespace aisle::store
