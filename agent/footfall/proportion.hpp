#pragma once

#include <cstdint>

// How sure a share or a difference of counts is. All ranges hold 95 % (z = 1.96) and are rounded
// outwards, so that none promises more than its formula.
namespace aisle::footfall {

struct Tries {
    std::int64_t right = 0;
    std::int64_t of = 0;
};

struct PermilleRange {
    std::int32_t low = 0;
    std::int32_t high = 1000;
    friend bool operator==(const PermilleRange&, const PermilleRange&) = default;
};

// right / of, rounded; 1000 of nothing.
std::int32_t permille_of(Tries tries);

// The score interval of a binomial share: E. B. Wilson, "Probable Inference, the Law of Succession,
// and Statistical Inference", JASA 22 (1927) 209-212. Unlike share +- z * error it stays within 0
// and 1 and does not shrink to a point where all were right. Of nothing: 0 to 1000.
PermilleRange wilson_range(Tries tries);

struct NetRange {
    double low = 0;
    double high = 0;
};

// Of `extra - missed`, where either is a Poisson count: what a day's sum is off by, as wrong counts
// of both kinds cancel. Score limits of each (Rao: x + z^2/2 -+ z sqrt(x + z^2/4)), put together by
// MOVER: Zou and Donner, "Construction of confidence limits about effect measures", Statistics in
// Medicine 27 (2008) 1693-1702.
struct WrongCounts {
    std::int64_t extra = 0;
    std::int64_t missed = 0;
};
NetRange net_range(WrongCounts wrong);

}  // namespace aisle::footfall
