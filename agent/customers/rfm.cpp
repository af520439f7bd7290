#include "agent/customers/rfm.hpp"

#include <algorithm>

namespace aisle::customers {
namespace {

// How many of the ascending cuts the value has reached: 0..4.
std::int32_t reached(const auto& cuts, std::int64_t value) {
    return static_cast<std::int32_t>(
        std::ranges::count_if(cuts, [&](auto cut) { return value >= cut; }));
}

}  // namespace

Scores score(const RfmCuts& cuts, const Figures& figures) {
    return {.recency = 5 - reached(cuts.recency_days, figures.recency_days),
            .frequency = 1 + reached(cuts.frequency, figures.purchases),
            .monetary = 1 + reached(cuts.monetary_minor, figures.spent.minor())};
}

// A value on a cut has passed it, so the k-th cut is the least value of which k fifths are below:
// the one at place k * n / 5 in ascending order, places counted from 0.
std::optional<RfmCuts> fifths(const RfmCuts& fixed, std::vector<Figures> all) {
    if (all.size() < kQuantilesLeast) return std::nullopt;
    RfmCuts cuts = fixed;
    std::ranges::sort(all, {}, &Figures::recency_days);
    for (std::size_t k = 0; k < 4; ++k)
        cuts.recency_days[k] =
            static_cast<std::int32_t>(all[(k + 1) * all.size() / 5].recency_days);
    std::ranges::sort(all, {}, &Figures::spent);
    for (std::size_t k = 0; k < 4; ++k)
        cuts.monetary_minor[k] = all[(k + 1) * all.size() / 5].spent.minor();
    return cuts;
}

}  // namespace aisle::customers
