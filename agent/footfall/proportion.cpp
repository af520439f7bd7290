#include "agent/footfall/proportion.hpp"

#include <algorithm>
#include <cmath>

namespace aisle::footfall {
namespace {

constexpr double kZ = 1.959963984540054;  // 97.5 % of the normal distribution lie below
constexpr double kWhole = 1000;

struct Limits {
    double low = 0;
    double high = 0;
};

Limits poisson_limits(std::int64_t count) {
    const auto x = static_cast<double>(count);
    const double middle = x + kZ * kZ / 2;
    const double half = kZ * std::sqrt(x + kZ * kZ / 4);
    return {std::max(0.0, middle - half), middle + half};
}

// Rounding outwards must not make 1000 of a bound that arithmetic has put a hair above it.
std::int32_t permille(double share) {
    return static_cast<std::int32_t>(std::clamp(share * kWhole, 0.0, kWhole));
}

}  // namespace

std::int32_t permille_of(Tries tries) {
    if (tries.of <= 0) return 1000;
    return static_cast<std::int32_t>((tries.right * 1000 + tries.of / 2) / tries.of);
}

PermilleRange wilson_range(Tries tries) {
    if (tries.of <= 0) return {};
    const auto n = static_cast<double>(tries.of);
    const double share = static_cast<double>(tries.right) / n;
    const double z2 = kZ * kZ;
    const double middle = (share + z2 / (2 * n)) / (1 + z2 / n);
    const double half = kZ * std::sqrt(share * (1 - share) / n + z2 / (4 * n * n)) / (1 + z2 / n);
    constexpr double kHair = 1e-9;
    return {.low = permille(std::floor((middle - half + kHair) * kWhole) / kWhole),
            .high = permille(std::ceil((middle + half - kHair) * kWhole) / kWhole)};
}

NetRange net_range(WrongCounts wrong) {
    const Limits extra = poisson_limits(wrong.extra);
    const Limits missed = poisson_limits(wrong.missed);
    const auto e = static_cast<double>(wrong.extra);
    const auto m = static_cast<double>(wrong.missed);
    return {.low = e - m - std::hypot(e - extra.low, missed.high - m),
            .high = e - m + std::hypot(extra.high - e, m - missed.low)};
}

}  // namespace aisle::footfall
