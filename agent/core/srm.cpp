#include "agent/core/srm.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <numeric>

namespace aisle {
namespace {

constexpr double kSigmas = 3.2905267314918945;  // two-sided p = 0.001 of a normal
constexpr double kShape = 0.1;
// Prior observations of the two mixtures: deviations of about two points, and of ten.
constexpr std::array<double, 2> kConcentrations{600, 20};
constexpr double kSure = 6.907755278982137;  // ln 1000

double total_weight(std::span<const RatioGroup> groups) {
    return std::accumulate(groups.begin(), groups.end(), 0.0,
                           [](double sum, const RatioGroup& g) { return sum + g.weight; });
}

std::int64_t total(std::span<const RatioGroup> groups) {
    return std::accumulate(groups.begin(), groups.end(), std::int64_t{0},
                           [](std::int64_t sum, const RatioGroup& g) { return sum + g.n; });
}

// ln of the Dirichlet-multinomial likelihood with this many prior observations over that of the
// weights themselves.
double log_mixture(std::span<const RatioGroup> groups, double prior) {
    const double weights = total_weight(groups);
    const auto n = static_cast<double>(total(groups));
    double log_ratio = std::lgamma(prior) - std::lgamma(prior + n);
    for (const RatioGroup& group : groups) {
        if (group.weight <= 0) continue;
        const double share = group.weight / weights;
        const auto seen = static_cast<double>(group.n);
        log_ratio += std::lgamma(prior * share + seen) - std::lgamma(prior * share);
        log_ratio -= seen * std::log(share);
    }
    return log_ratio;
}

double log_evidence(std::span<const RatioGroup> groups) {
    std::array<double, kConcentrations.size()> logs{};
    std::ranges::transform(kConcentrations, logs.begin(),
                           [&](double prior) { return log_mixture(groups, prior); });
    const double most = *std::ranges::max_element(logs);
    double sum = 0;
    for (const double one : logs) sum += std::exp(one - most);
    return most + std::log(sum / static_cast<double>(logs.size()));
}

// The p that a look after n exposures has to stay below.
double threshold(std::int64_t n) {
    const double early =
        static_cast<double>(kPlannedExposures) / static_cast<double>(std::max(n, kFirstLook));
    return std::erfc(kSigmas * std::pow(std::max(1.0, early), kShape) / std::numbers::sqrt2);
}

}  // namespace

std::int64_t next_look(std::int64_t exposures) {
    if (exposures < kFirstLook) return kFirstLook;
    return (exposures / kLookEvery + 1) * kLookEvery;
}

// For whole degrees of freedom the incomplete gamma function is a finite sum (Abramowitz and
// Stegun 26.4.4 and 26.4.5).
double upper_tail(const ChiSquared& chi) {
    if (chi.statistic <= 0) return 1;
    const double half = chi.statistic / 2;
    const bool even = chi.freedom % 2 == 0;
    double term = even ? std::exp(-half)
                       : std::exp(-half) * std::sqrt(half) * 2 / std::sqrt(std::numbers::pi);
    double sum = even ? 0 : std::erfc(std::sqrt(half));
    for (int i = 0; i < chi.freedom / 2; ++i) {
        sum += term;
        term *= half / (even ? i + 1 : i + 1.5);
    }
    return std::min(1.0, sum);
}

RatioLook look_at_ratio(std::span<const RatioGroup> groups) {
    const std::int64_t n = total(groups);
    const double weights = total_weight(groups);
    RatioLook look;
    if (n < kFirstLook || weights <= 0) return look;
    ChiSquared chi{.freedom = -1};
    bool impossible = false;
    for (const RatioGroup& group : groups) {
        impossible = impossible || (group.weight <= 0 && group.n > 0);
        if (group.weight <= 0) continue;
        const double expected = static_cast<double>(n) * group.weight / weights;
        const double off = static_cast<double>(group.n) - expected;
        chi.statistic += off * off / expected;
        ++chi.freedom;
    }
    // Somebody in a group that nobody is drawn into: no chance explains that.
    if (impossible) return {.p = 0, .evidence = INFINITY, .alarm = true};
    if (chi.freedom < 1) return look;
    look.p = upper_tail(chi);
    look.evidence = log_evidence(groups);
    look.alarm = (n <= kPlannedExposures && look.p < threshold(n)) || look.evidence >= kSure;
    return look;
}

}  // namespace aisle
