#pragma once

#include "agent/records/json_text.hpp"
#include "agent/records/object_reader.hpp"

// Stamps and deadlines inside bodies: {boot, mono, wall, clock}, mono in microseconds since that
// boot.
namespace aisle::records {

boost::json::value stamp_value(const Stamp& stamp);
Stamp stamp_from(const ObjectReader& in);
boost::json::value deadline_value(const Deadline& deadline);  // {set, wait_ms}
Deadline deadline_from(const ObjectReader& in);

}  // namespace aisle::records
