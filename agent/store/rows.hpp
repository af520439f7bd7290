#pragma once

#include <string>
#include <string_view>

#include "agent/core/journal.hpp"
#include "agent/sqlite/statement.hpp"
#include "agent/store/runs.hpp"

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

// Runs of a stream from the one that holds a seq on, or ends before it; see bind_runs_from().
inline constexpr const char* kRunsFromSql =
    "SELECT slot, n, id_from, id_to, bytes FROM runs WHERE slot >= coalesce((SELECT slot FROM runs "
    "WHERE slot BETWEEN ?1 AND ?2 ORDER BY slot DESC LIMIT 1), ?2) AND slot < ?3 ORDER BY slot";
void bind_runs_from(sqlite::Statement& statement, Stream stream, std::int64_t seq);
Run run_from(const sqlite::Statement& row);

// A run's records: ?1 and ?2 are its ids, ?3 the stream.
inline const std::string kRunRowsSql = "SELECT id, " + kRecordColumns +
                                       " FROM journal WHERE id BETWEEN ?1 AND ?2 AND stream = ?3 "
                                       "ORDER BY id";
inline constexpr int kRunRowBody = 1 + kRecordBodyColumn;

// ?1 is the slot of the gap's last seq.
inline constexpr const char* kGapSql =
    "SELECT from_seq, reason, boot, mono, wall, quality, kinds FROM gaps WHERE slot = ?1";
Gap gap_from(const sqlite::Statement& row, std::int64_t seq);

}  // namespace aisle::store
