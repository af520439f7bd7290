#pragma once

#include <boost/json.hpp>

#include "agent/app/cameras.hpp"
#include "agent/footfall/commissioning.hpp"
#include "agent/footfall/footfall.hpp"
#include "agent/footfall/zones_now.hpp"

// What people see of the counting, as /api/v1/footfall and /api/v1/calibrations answer it
// (agent/staff/page/openapi.json).
namespace aisle::app {

boost::json::object session_json(const footfall::SessionView& session);
boost::json::object measurement_json(const footfall::Measurement& measurement);

struct CountingView {
    const footfall::Footfall& footfall;
    const footfall::Commissioning& commissioning;
    const footfall::ZonesNow& zones_now;
    const Cameras& cameras;
};
// The business day's doors with their trust, zones, ways and heat, and who taps where.
boost::json::object counting_json(const CountingView& view, const Stamp& now);

// Doors that can be tapped at: configured ones, those that were heard, those of the scenes.
std::vector<DoorId> doors_of(const CountingView& view, WallTime now);

}  // namespace aisle::app
