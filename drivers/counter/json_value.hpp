#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <boost/json.hpp>

#include "agent/core/time.hpp"

// What sensors mean by a JSON value: numbers come as strings too. For this room's .cpp files.
namespace aisle::counter {

// Null where the pointer leads nowhere, is empty or is not a pointer.
const boost::json::value* at_pointer(const boost::json::value& value, const std::string& pointer);

std::optional<std::int64_t> integer_of(const boost::json::value& value);

// A string as it is, a number or boolean as it is written.
std::optional<std::string> text_of(const boost::json::value& value);

// Epoch seconds, epoch milliseconds (from 10^11), RFC 3339; between 2000 and 2100, else nothing.
std::optional<WallTime> time_of(const boost::json::value& value);

}  // namespace aisle::counter
