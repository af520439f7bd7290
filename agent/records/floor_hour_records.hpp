#pragma once

#include <string_view>

#include "agent/core/error.hpp"
#include "agent/core/record.hpp"
#include "agent/core/scene_view.hpp"

// Sums of the floor that go to HQ. Bodies: docs/wire-format.md.
namespace aisle::records {

// Kind `floor_hour`, stream footfall; its event_id is the hour's start.
Record floor_hour_record(const FloorHour& hour, const Stamp& at);
Result<FloorHour> floor_hour_from_json(std::string_view json);

// Kind `footfall_day`, stream footfall; its event_id is the business day.
Record footfall_day_record(const FootfallDay& day, const Stamp& at);
Result<FootfallDay> footfall_day_from_json(std::string_view json);

}  // namespace aisle::records
