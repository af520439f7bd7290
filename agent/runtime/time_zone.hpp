#pragma once

#include <memory>
#include <string>

#include "agent/core/error.hpp"
#include "agent/core/time.hpp"

namespace aisle::runtime {

// An IANA zone ("Asia/Shanghai") from the system's tzdata; no network, and nothing is read again
// later. Malformed for a name that is not there, Unavailable if the machine has no tzdata at all.
Result<std::unique_ptr<TimeZone>> open_time_zone(const std::string& iana);

}  // namespace aisle::runtime
