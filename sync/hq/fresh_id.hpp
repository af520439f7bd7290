#pragma once

#include <string>

#include "agent/runtime/random.hpp"

namespace aisle::hq {

// The name of something that HQ makes: the letter of its kind and 16 hex digits.
std::string fresh_id(char letter, const runtime::RandomSource& random);

}  // namespace aisle::hq
