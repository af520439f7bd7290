#include "agent/store/rows.hpp"

namespace aisle::store {
namespace {

std::uint64_t fnv1a(std::uint64_t hash, std::string_view bytes) {
    for (const char byte : bytes) {
        hash ^= static_cast<unsigned char>(byte);
        hash *= 0x100000001b3;
    }
    return hash;
}

}  // namespace

std::int64_t key_of(std::string_view kind, std::string_view event_id) {
    constexpr std::uint64_t kOffsetBasis = 0xcbf29ce484222325;
    const auto hash = fnv1a(fnv1a(fnv1a(kOffsetBasis, kind), "|"), event_id);
    return static_cast<std::int64_t>(hash);
}

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
