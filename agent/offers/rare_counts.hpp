#pragma once

#include <cstdint>

namespace aisle::offers {

// A count that scatters more than Poisson's: variance = mean + spread * mean^2 (negative binomial,
// gamma-mixed Poisson). spread 0 is Poisson.
struct CountModel {
    double mean = 0;
    double spread = 0;
};

// The chance of `n` or more.
double at_least(std::int64_t n, const CountModel& model);

}  // namespace aisle::offers
