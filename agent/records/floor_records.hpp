#pragma once

#include <map>
#include <string>
#include <string_view>

#include "agent/core/error.hpp"
#include "agent/core/record.hpp"
#include "agent/core/reference.hpp"
#include "agent/core/sink.hpp"
#include "agent/core/traffic.hpp"

// Records of the streams `footfall` and `health`, and the local ones that never leave the shop.
// Bodies: docs/wire-format.md.
namespace aisle::records {

// Kind `footfall_minute`, stream footfall.
Record footfall_minute_record(const FootfallMinute& minute, const Stamp& at);
Result<FootfallMinute> footfall_minute_from_json(std::string_view json);

// Kind `zone_visit`, stream footfall: a stay that has ended.
Record zone_visit_record(const ZoneVisit& visit, const Stamp& at);
Result<ZoneVisit> zone_visit_from_json(std::string_view json);

// Kind `health`, stream health: a flat map of numbers. Names as in /metrics, without labels.
using HealthNumbers = std::map<std::string, double>;
Record health_record(const HealthNumbers& numbers, const Stamp& at);
Result<HealthNumbers> health_from_json(std::string_view json);

// Local: kinds `crossing`, `blindness`, `count` (a counter's sum; its event_id is "source|id" where
// it has an id).
Record crossing_record(const Crossing& crossing, const Stamp& at);
Result<Crossing> crossing_from_json(std::string_view json);
Record blindness_record(const Blindness& blindness, const Stamp& at);
Result<Blindness> blindness_from_json(std::string_view json);
Record count_record(const CountReading& count, const Stamp& at);
Result<CountReading> count_from_json(std::string_view json);

// Local: kinds `member`, `product`, `tag`, `fact` after intake (pseudonyms only); event_id is the
// row's own key: the member's pseudonym, the sku, the tag's pseudonym, the fact's key and start.
Record reference_record(const ReferenceRow& row, const Stamp& at);
// `kind` is the record's: the body does not repeat it.
Result<ReferenceRow> reference_from_json(std::string_view kind, std::string_view json);

// For kinds with an identity but without intake's digest: 64-bit FNV-1a of the body, hex. Not a
// defence against people.
std::string content_digest(std::string_view body);

}  // namespace aisle::records
