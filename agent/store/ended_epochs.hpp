#pragma once

#include <string>
#include <vector>

#include "agent/core/outbox.hpp"
#include "agent/sqlite/database.hpp"
#include "agent/store/reads.hpp"

// What HQ had acknowledged of epochs that have ended, kept beyond them: the rows have left the
// outbox, and an HQ that is set back to before the epoch's end must hear that they existed.
namespace aisle::store {

struct EndedStream {
    Stream stream = Stream::Ledger;
    std::int64_t next = 1;  // HQ had acknowledged everything below
    std::string check;      // of the line at next - 1; empty: not known
};

struct EndedEpoch {
    std::string epoch;
    std::vector<EndedStream> streams;  // only those of which HQ had acknowledged something
};

// A protocol's bound (docs/sync-protocol.md), so older ones need not be kept.
inline constexpr std::size_t kEndedEpochsKept = 16;

// Within the caller's transaction. An epoch that is known keeps the higher mark of each stream:
// copies of one disk may each have gone on in it.
Status keep_ended(sqlite::Database& database, const EndedEpoch& ended);
// The latest first.
Result<std::vector<EndedEpoch>> ended_epochs(Reads& store);

}  // namespace aisle::store
