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

}  // namespace aisle::store
