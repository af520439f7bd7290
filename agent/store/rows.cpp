#include "agent/store/rows.hpp"

namespace aisle::store {

Stamp stamp_from(const sqlite::Statement& row, int first) {
    return {.boot = row.integer(first),
            .mono = MonoTime{microseconds{row.integer(first + 1)}},
            .wall = wall_from(row.integer(first + 2)),
            .quality = static_cast<ClockQuality>(row.integer(first + 3))};
}

void bind_stamp(sqlite::Statement& statement, int first, const Stamp& stamp) {
    statement.bind(first, stamp.boot)
        .bind(first + 1, stamp.mono.time_since_epoch().count())
        .bind(first + 2, ms_of(stamp.wall))
        .bind(first + 3, static_cast<int>(stamp.quality));
}

Record record_from(const sqlite::Statement& row, int first, bool body) {
    Record record;
    record.stream = static_cast<Stream>(row.integer(first));
    record.kind = row.text(first + 1);
    record.event_id = row.text(first + 2);
    record.revision = static_cast<std::int32_t>(row.integer(first + 3));
    record.at = stamp_from(row, first + 4);
    record.digest = row.text(first + 8);
    if (body) record.body = row.text(first + kRecordBodyColumn);
    return record;
}

void bind_runs_from(sqlite::Statement& statement, Stream stream, std::int64_t seq) {
    statement.bind(1, slot_of(stream, 0))
        .bind(2, slot_of(stream, seq))
        .bind(3, slot_of(stream, kSeqsPerStream));
}

Run run_from(const sqlite::Statement& row) {
    return {.first = seq_of(row.integer(0)),
            .n = row.integer(1),
            .id_from = row.integer(2),
            .id_to = row.integer(3),
            .bytes = row.integer(4)};
}

Gap gap_from(const sqlite::Statement& row, std::int64_t seq) {
    return {.seqs = {row.integer(0), seq},
            .reason = row.text(1),
            .kinds = row.text(6),
            .at = stamp_from(row, 2)};
}

}  // namespace aisle::store
