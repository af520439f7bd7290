#pragma once

#include <cstdint>
#include <span>

// Sample-ratio mismatch: the groups of an experiment are not as large as their weights say, so
// something loses people and no figure of the experiment can be believed.
//
// A look raises the alarm at p < 0.001 of the chi-squared test (Pearson), from 100 exposures on.
// Looking again and again at p < 0.001 would be wrong nine times in a thousand within 10,000
// exposures; so early looks ask for more, bound(n) = 3.29 (10,000 / n)^0.1 in standard deviations
// (the shape of Wang and Tsiatis, Biometrics 43, 1987), which makes it three in a thousand for the
// 20 looks together. Beyond 10,000 exposures, and at every look for what is grossly wrong, a
// martingale decides whatever the number of looks (mixtures of multinomials, Lindon and Malek 2022;
// Ville's inequality): another one in a thousand, for ever.
namespace aisle {

inline constexpr std::int64_t kFirstLook = 100;
inline constexpr std::int64_t kLookEvery = 500;
inline constexpr std::int64_t kPlannedExposures = 10'000;

struct RatioGroup {
    double weight = 0;  // any scale; none of weight 0 and n 0 counts
    std::int64_t n = 0;
};

// The number of exposures at which the next look is due: 100, 500, 1000, 1500, ...
std::int64_t next_look(std::int64_t exposures);

struct RatioLook {
    double p = 1;         // of this look alone
    double evidence = 0;  // ln of the martingale
    bool alarm = false;
};
// Fewer than 100 exposures or than two groups say nothing.
RatioLook look_at_ratio(std::span<const RatioGroup> groups);

struct ChiSquared {
    double statistic = 0;
    int freedom = 1;
};
// P(X >= statistic).
double upper_tail(const ChiSquared& chi);

}  // namespace aisle
