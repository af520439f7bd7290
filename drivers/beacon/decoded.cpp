#include "drivers/beacon/decoded.hpp"

#include <utility>

namespace aisle::beacon {

void Decoded::complain(Problem problem) {
    ++problems_total;
    if (problems.size() < kProblemsMax) problems.push_back(std::move(problem));
}

}  // namespace aisle::beacon
