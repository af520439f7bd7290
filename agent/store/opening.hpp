#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "agent/core/record.hpp"

// What a start found in the data directory, and what became of it.
namespace aisle::store {

struct Opening {
    // Nothing was known of a database here: a first start.
    bool is_new = false;
    // The database was damaged, empty, missing or of nobody's: another one stands in its place with
    // what could be read of it.
    bool salvaged = false;
    // The epoch is another than at the last stop; what is not acknowledged was numbered again.
    bool epoch_began = false;
    // For people and metrics: new, as_left, vanished, empty, damaged, older, foreign_epoch,
    // restored.
    std::string why = "as_left";

    std::int64_t rows_saved = 0;  // of the journal, when it was salvaged
    // Rows that were known to be there and could not be read, and for a database that vanished what
    // the manifest knew to be unacknowledged: at most so many, as the manifest is kept in steps.
    std::int64_t rows_lost = 0;
    std::int64_t rows_left = 0;  // readable, but beyond the bounds of a start: in `set_aside`
    std::array<std::int64_t, kUpStreams.size()> lost{};  // seqs that became gaps, by stream
    // The rest of the damaged database is still to be read: Store::salvage_more().
    bool salvaging = false;
    std::string set_aside;  // where the old database lies now; empty: nowhere
    // The latest wall time that was known to an earlier life; 1970 where none is.
    WallTime last_wall{};
    std::string was_epoch;  // before this start, where it is known and another
};

// What the store's own `audit` records tell of, in their `what`.
inline constexpr std::string_view kSalvaged = "store_salvaged";
inline constexpr std::string_view kEpochBegan = "store_epoch";
inline constexpr std::string_view kSalvageEnded = "store_salvage_ended";

// One JSON object with the fields above, as in the `audit` record that tells HQ.
std::string to_json(const Opening& opening, std::string_view what);
std::string to_json(const Opening& opening);  // of a start
// Whether an audit record's body is one of these. They are no part of the chain that people's
// entries form: the store knows neither its head nor its digest. What a start found is told there
// as well, by `store.opened`.
bool is_told_by_store(std::string_view audit_body);

}  // namespace aisle::store
