#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "agent/core/ids.hpp"
#include "agent/core/time.hpp"

namespace aisle::presence {

// An open visit as stored: JSON, times in integers, so that nothing is lost in between. Monotonic
// moments mean something within `boot` only; after another start the walls decide, if their quality
// allows it.
struct VisitRow {
    ZoneId zone;
    std::int64_t boot = 0;
    MonoTime entered_mono{};
    WallTime entered{};
    MonoTime heard_mono{};
    WallTime heard{};
    ClockQuality quality = ClockQuality::None;  // of `heard`
    std::int32_t confidence_permille = 0;

    friend bool operator==(const VisitRow&, const VisitRow&) = default;
};

std::string to_bytes(const VisitRow& row);
// Nothing for a row that cannot be read: the visit is left out, the tag is met anew.
std::optional<VisitRow> visit_row_from(std::string_view bytes);

}  // namespace aisle::presence
