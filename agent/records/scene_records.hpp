#pragma once

#include <string_view>

#include "agent/core/error.hpp"
#include "agent/core/record.hpp"
#include "agent/core/scene_view.hpp"

// What a scene tells beside its crossings, as local records: they never leave the shop, only sums
// of them do. Bodies: docs/wire-format.md.
namespace aisle::records {

// Kinds `u_turn`, `zone_stay`, `scene_minute`.
Record u_turn_record(const UTurn& turn, const Stamp& at);
Result<UTurn> u_turn_from_json(std::string_view json);
Record zone_stay_record(const ZoneStay& stay, const Stamp& at);
Result<ZoneStay> zone_stay_from_json(std::string_view json);
Record scene_minute_record(const SceneMinute& minute, const Stamp& at);
Result<SceneMinute> scene_minute_from_json(std::string_view json);

}  // namespace aisle::records
