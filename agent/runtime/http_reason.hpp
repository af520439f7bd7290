#pragma once

#include <string_view>

#include "agent/runtime/http.hpp"

namespace aisle::runtime {

// The words for a status, for titles of problems.
std::string_view reason_of(int status);

// A problem whose title is the reason of its status.
HttpResponse plain_problem(int status, std::string_view detail);

}  // namespace aisle::runtime
