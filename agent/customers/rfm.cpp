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

}  // namespace aisle::customers
