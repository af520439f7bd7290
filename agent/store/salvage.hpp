#pragma once

#include <array>
#include <string>
#include <vector>

#include "agent/core/record.hpp"
#include "agent/sqlite/database.hpp"
#include "agent/store/row_walk.hpp"
#include "agent/store/runs.hpp"

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
};

// Takes over what can be read of a damaged database into a new one with the same tables, table by
// table and row by row, in the order of worth: state, then what HQ does not have, then the newest
// of the journal. Outbox rows keep their seqs where it is certain which they were; those that were
// found without their place come last, unnumbered by an earlier epoch.
class Salvage {
public:
    // `to` is within a transaction. Errors are of `to` alone.
    Salvage(sqlite::Database& from, sqlite::Database& to, WallTime now)
        : from_{from}, to_{to}, now_{now} {}
    Result<Salvaged> run(const SalvageBounds& bounds);

private:
    struct Found {
        std::int64_t id = 0;
        std::int64_t bytes = 0;
    };
    struct StreamState;

    Status prepare();
    // `types`: i integer, t text, b blob, a letter a column.
    Status copy_table(const std::string& table, const std::string& columns, std::string_view types);
    // False: not all of them could be read.
    Result<bool> copy_rows(const std::string& select, const std::string& insert,
                           std::string_view types);
    std::string runs_select();
    Status copy_stream(Stream stream);
    Status copy_run(StreamState& state, const Run& run);
    Status fill_hole(StreamState& state, const Run& next);
    Status copy_gap(StreamState& state, const Run& run);
    Status put_run(Stream stream, const Run& run);
    Status put_gap(StreamState& state, SeqRange seqs);
    Status put_found(StreamState& state, std::int64_t first, const std::vector<Found>& rows);
    Result<std::vector<Found>> copy_members(RowWalk& walk, IdRange ids);
    Status copy_newest(std::int64_t rows_max);
    Status copy_quarantine(std::int64_t rows_max);
    Status fold_keys();
    [[nodiscard]] std::int64_t last_id();

    sqlite::Database& from_;
    sqlite::Database& to_;
    WallTime now_;
    Salvaged report_;
    Status failed_;             // the first error of `to` within a walk
    std::int64_t last_id_ = 0;  // of the old journal, or a bound above it
    std::vector<std::pair<std::int64_t, std::int64_t>> keys_;
    sqlite::Statement put_journal_;
    sqlite::Statement put_run_;
    sqlite::Statement put_gap_;
};

}  // namespace aisle::store
