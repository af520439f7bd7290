#pragma once

#include "agent/app/engines.hpp"
#include "agent/app/readings.hpp"
#include "agent/store/reads.hpp"

namespace aisle::app {

// The engines as they were at the last commit. Before the loop runs. A room whose rows cannot be
// read begins anew and the log says so: the shop must open.
Result<std::vector<StateChange>> rows_of(store::Reads& store, std::string_view room);
Status restore_engines(store::Reads& store, Engines& engines, const Stamp& now);
Status restore_readings(store::Reads& store, Readings& readings);
Status restore_floor(store::Reads& store, Floor& floor);

}  // namespace aisle::app
