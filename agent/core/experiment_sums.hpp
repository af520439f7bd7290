#pragma once

#include <cstdint>

namespace aisle {

// A group's outcomes as sums: all that HQ needs for means, variances, CUPED (Deng et al. 2013) and
// ratios of totals, and nothing about anybody. Sums of several shops are added up field by field.
// Amounts are minor units; doubles, because squares outgrow 64 bits (sums below 2^53 are exact).
struct Sums {
    std::int64_t n = 0;
    double y = 0;  // the outcome
    double yy = 0;
    double x = 0;  // what was known before the exposure
    double xx = 0;
    double xy = 0;

    void add(double before, double outcome) {
        ++n;
        y += outcome, yy += outcome * outcome;
        x += before, xx += before * before, xy += before * outcome;
    }
    Sums& operator+=(const Sums& other) {
        n += other.n;
        y += other.y, yy += other.yy, x += other.x, xx += other.xx, xy += other.xy;
        return *this;
    }
    [[nodiscard]] double mean() const { return n == 0 ? 0 : y / static_cast<double>(n); }
    // Of one outcome, unbiased; 0 below two.
    [[nodiscard]] double variance() const;

    friend bool operator==(const Sums&, const Sums&) = default;
};

// The difference of two means and its variance. With `adjust` the part that the past explains is
// taken out: y - theta (x - mean x), theta over both groups.
struct Difference {
    double mean = 0;
    double variance = 0;
};
enum class Adjust { No, Cuped };
Difference difference(const Sums& treated, const Sums& control, Adjust adjust);

// Half the width of an interval that stays valid however often one looks (asymptotic confidence
// sequence, Waudby-Smith et al. 2021), tuned to be narrowest after `tuned` observations.
struct Looks {
    double n = 0;         // observations so far
    double variance = 0;  // of one observation
    double alpha = 0.05;  // over all looks
    double tuned = 5'000;
};
double always_valid_half_width(const Looks& looks);

}  // namespace aisle
