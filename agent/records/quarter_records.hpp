#pragma once

#include "agent/core/error.hpp"
#include "agent/core/record.hpp"
#include "agent/core/traffic.hpp"

// What footfall minutes and zone visits become when the outbox is over its quota: sums over a
// quarter of an hour. Bodies: docs/wire-format.md.
namespace aisle::records {

// Kind `footfall_quarter`: the minutes of one door in [start, end), all within one quarter hour.
struct FootfallQuarter {
    DoorId door;
    WallTime start{};
    WallTime end{};
    std::int32_t in = 0;
    std::int32_t out = 0;
    std::int32_t occupancy = 0;  // at the end
    std::int32_t clamped = 0;
    std::int32_t blind_s = 0;
    bool counts = true;
    std::int32_t minutes = 0;  // that it sums
};
Record footfall_quarter_record(const FootfallQuarter& quarter, const Stamp& at);
Result<FootfallQuarter> footfall_quarter_from_json(std::string_view json);

// Kind `zone_quarter`: visits of one zone and kind of bearer that ended in [start, end). Several of
// the same quarter add up.
struct ZoneQuarter {
    ZoneId zone;
    TagBearer bearer = TagBearer::Trolley;
    WallTime start{};
    WallTime end{};
    std::int32_t visits = 0;
    std::int64_t dwell_ms = 0;  // of all of them together
};
Record zone_quarter_record(const ZoneQuarter& quarter, const Stamp& at);
Result<ZoneQuarter> zone_quarter_from_json(std::string_view json);

}  // namespace aisle::records
