#pragma once

#include <span>
#include <string>

#include "agent/customers/profile.hpp"

// A profile as few bytes: what 100,000 customers are kept as. Numbers are of variable length
// (LEB128, signed ones in zigzag), times are differences, texts are word numbers: bytes that mean
// nothing outside this process. Inside this room only.
namespace aisle::customers {

void pack(const Profile& profile, std::string& out);
// Only of what pack() wrote: nothing else is ever handed to it.
Profile unpack(std::span<const std::uint8_t> bytes);

}  // namespace aisle::customers
