#pragma once

#include <boost/json.hpp>

#include "drivers/counter/count_mapping.hpp"

// Payloads of smart cameras that have a form of their own. For this room's .cpp files; pure. Each
// takes the parsed payload of its format; Malformed where nothing of it can be used.
//
// Sources: Xovis' push of version 5 (live data and logics), Axis Object Analytics' MQTT events and
// Axis People Counter's live sum, as their decoders and manuals have them
// (reference/footfall.md 1.3).
namespace aisle::counter {

// Crossings of persons, one by one: {"live_data":{"sensor_info":{"serial_number"},"frames":[{
// "time","tracked_objects":[{"track_id","type"}],"events":[{"type","attributes":{...}}]}]}}. A
// GROUP crosses on top of its persons and is left out, as is anything that `object_is` does not
// name.
Result<MappedPackage> map_xovis_live(const CounterSource& source, const boost::json::value& root);

// Sums per interval: {"logics":[{"name","info","records":[{"from","to","counts":[{"name":"fw",
// "value"}]}]}]}, at the top or one object deep. Logics that are no line's are left out.
Result<MappedPackage> map_xovis_logics(const CounterSource& source, const boost::json::value& root);

// Totals since the last reset, of one direction: {"topic":".../Device1Scenario2","timestamp",
// "message":{"data":{"scenario":"passageCounts","totalHuman":"3"}}}, numbers as text. Other
// scenarios are left out.
Result<MappedPackage> map_axis_analytics(const CounterSource& source,
                                         const boost::json::value& root);

// Totals of both directions: {"serial","timestamp":"20170503112756","in","out"}. The time has no
// zone: it orders reports, and they count when they arrive.
Result<MappedPackage> map_axis_people(const CounterSource& source, const boost::json::value& root,
                                      WallTime arrived);

}  // namespace aisle::counter
