#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "agent/core/traffic.hpp"

namespace aisle::beacon {

// What could not be used of a payload or capture, and where: half-open byte range from its first
// byte.
struct Problem {
    std::string reason;  // json, schema, hex, limit, format, truncated, or the text of an AdFault
    std::string detail;  // for people; holds no id that was heard
    std::size_t from = 0;
    std::size_t to = 0;
};

// Raw ids: stays in RAM.
struct Decoded {
    std::vector<Advert> adverts;
    std::vector<Problem> problems;  // at most kProblemsMax; `problems_total` tells of the others
    std::size_t problems_total = 0;

    void complain(Problem problem);
};
inline constexpr std::size_t kProblemsMax = 1000;

}  // namespace aisle::beacon
