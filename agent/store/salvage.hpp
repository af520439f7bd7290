#pragma once

#include <array>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "agent/core/record.hpp"
#include "agent/sqlite/database.hpp"
#include "agent/sqlite/disk.hpp"
#include "agent/store/manifest.hpp"
#include "agent/store/row_walk.hpp"
#include "agent/store/run_writer.hpp"
#include "agent/store/salvage_rest.hpp"

namespace aisle::store {

struct SalvageBounds {
    bool state = true;                    // what engines remember, positions, boots
    bool outbox = true;                   // all that HQ does not have
    std::int64_t journal_rows = 200'000;  // of the newest others; about 1 s
    std::int64_t quarantine_rows = 200;
};

struct Salvaged {
    std::string store;  // the old database's; empty: not readable
    std::string epoch;
    std::array<std::int64_t, kUpStreams.size()> lost{};  // seqs that became gaps `salvage`
    // Rows from here on were found without their place.
    std::array<std::int64_t, kUpStreams.size()> certain_next{1, 1, 1, 1};
    std::int64_t rows_saved = 0;
    std::int64_t rows_lost = 0;  // ids that could not be read: not all need have been rows
    std::int64_t rows_left = 0;  // ids that were not looked at
    // What an earlier salvage had still left when this database was damaged in its turn.
    std::optional<SalvageRest> unfinished = std::nullopt;
};

// Takes over what can be read of a damaged database into a new one with the same tables, table by
// table and row by row, in the order of worth: state, then what HQ does not have, then the newest
// of the journal. Outbox rows keep their order, and where it is certain which they were their seqs;
// those that were found without their place come last, unnumbered by an earlier epoch.
//
// A small database is taken over at once by run(). Of a large one begin() takes what the engines
// need, and the rest follows in slices while the shop is open.
class Salvage {
public:
    // `to` is within a transaction. Errors are of `to` alone.
    Salvage(sqlite::Database& from, sqlite::Database& to, WallTime now)
        : from_{from}, to_{to}, now_{now} {}
    Result<Salvaged> run(const SalvageBounds& bounds);

    // What engines remember, and how much else there is. `known`: what the manifest knows of the
    // old outbox, where it cannot be read.
    using Marks = std::array<Manifest::Mark, kUpStreams.size()>;
    Result<Salvaged> begin(SalvageRest& rest, const Marks& known);

    // Whether this record came in by another way since: then it is not taken twice. Asked for rows
    // of slices that have an identity.
    using Repeated = std::function<Result<bool>(const sqlite::Statement& row)>;
    void pass_over(Repeated repeated) { repeated_ = std::move(repeated); }
    // About kSliceRows rows of a stream, put behind all that the new outbox has: its seqs from
    // `first` on. What became of rest.parts tells which of them had a place: [old next, new next).
    Status outbox_slice(SalvageRest& rest, Stream stream, std::int64_t first);
    // About as many of the rest of the journal, from the newest down.
    Status journal_slice(SalvageRest& rest);
    Status quarantine_slice(SalvageRest& rest);

    // Columns of the row that `Repeated` is given.
    static constexpr int kId = 0, kKind = 2, kEventId = 3, kRevision = 4;

private:
    struct Found {
        std::int64_t id = 0;  // 0: came in by another way
        std::int64_t bytes = 0;
    };
    struct StreamState;

    Status prepare();
    Status copy_facts(bool state);
    // `types`: i integer, t text, b blob, a letter a column.
    Status copy_table(const std::string& table, const std::string& columns, std::string_view types);
    // False: not all of them could be read.
    Result<bool> copy_rows(const std::string& select, const std::string& insert,
                           std::string_view types);
    std::string runs_select();
    SalvageRest::Part part_of(Stream stream, const Manifest::Mark& known);
    Status copy_stream(Stream stream);
    // Runs from `slot` on until about `rows_max` rows have been looked at. False: there are no
    // more.
    struct Piece {
        bool more = false;
        bool met_damage = false;
    };
    Result<Piece> copy_runs(StreamState& state, std::int64_t slot, std::int64_t rows_max);
    Status copy_behind(StreamState& state);
    Status put_late(StreamState& state);
    Status copy_run(StreamState& state, const Run& run);
    Status fill_hole(StreamState& state, const Run& next);
    Status copy_gap(StreamState& state, const Run& run);
    Status put_lost(StreamState& state, SeqRange seqs);
    Status put_found(StreamState& state, std::int64_t first, const std::vector<Found>& rows);
    bool copy_member(const sqlite::Statement& row, std::vector<Found>& found);
    Result<std::vector<Found>> copy_members(RowWalk& walk, IdRange ids);
    Status copy_newest(std::int64_t rows_max);
    Status copy_quarantine(IdRange ids);
    Status write_keys();
    [[nodiscard]] std::int64_t last_id();

    sqlite::Database& from_;
    sqlite::Database& to_;
    WallTime now_;
    Repeated repeated_;
    Salvaged report_;
    Status failed_;             // the first error of `to` within a walk
    std::int64_t last_id_ = 0;  // of the old journal, or a bound above it
    std::int64_t offset_ = 0;   // from a seq of the old outbox to one of the new
    std::vector<std::pair<std::int64_t, std::int64_t>> keys_;
    sqlite::Statement put_journal_;
    RunWriter outbox_;
};

// Opens a damaged database to be read as far as it goes. Where not even its tables can be named, as
// when its first bytes are gone, it is given a header as ours have it and tried once more; pages
// behind it are not touched.
Result<sqlite::Database> open_damaged(sqlite::Disk& disk, const std::string& path,
                                      const std::string& vfs);

inline constexpr std::int64_t kSliceRows = 8192;  // some 50 ms of the storage thread

}  // namespace aisle::store
