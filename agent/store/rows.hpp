#pragma once

#include <string>
#include <string_view>

#include "agent/core/journal.hpp"
#include "agent/sqlite/statement.hpp"

// How values lie in rows: shared by all that read or write the tables.
namespace aisle::store {

// Journal columns in the order in which record_from() takes them.
inline const std::string kRecordColumns =
    "stream, kind, event_id, revision, boot, mono, wall, quality, digest, body";
inline constexpr int kRecordBodyColumn = 9;  // counted from the first of them

// A row's columns from `first` on. Without `body` the body is left empty.
Record record_from(const sqlite::Statement& row, int first, bool body = true);
// boot, mono, wall, quality
Stamp stamp_from(const sqlite::Statement& row, int first);
void bind_stamp(sqlite::Statement& statement, int first, const Stamp& stamp);

inline std::int64_t ms_of(WallTime time) { return time.time_since_epoch().count(); }
inline WallTime wall_from(std::int64_t ms) { return WallTime{milliseconds{ms}}; }

// Where a row of a stream lies in the outbox.
inline constexpr std::int64_t kSeqsPerStream = std::int64_t{1} << 48;
inline std::int64_t slot_of(Stream stream, std::int64_t seq) {
    return static_cast<std::int64_t>(stream) * kSeqsPerStream + seq;
}
inline std::int64_t seq_of(std::int64_t slot) { return slot % kSeqsPerStream; }

}  // namespace aisle::store
