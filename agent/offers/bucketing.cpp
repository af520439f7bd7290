#include "agent/offers/bucketing.hpp"

#include <algorithm>
#include <numeric>
#include <string>

#include "agent/offers/assignment.hpp"

namespace aisle::offers {

std::vector<double> equal_weights(std::int64_t variations) {
    if (variations <= 0 || variations > static_cast<std::int64_t>(kVariationsMax)) return {};
    const auto n = static_cast<std::size_t>(variations);
    return std::vector<double>(n, 1.0 / static_cast<double>(n));
}

std::vector<BucketRange> bucket_ranges(const Split& split) {
    const double coverage = std::clamp(split.coverage, 0.0, 1.0);
    const double sum = std::accumulate(split.weights.begin(), split.weights.end(), 0.0);
    const bool fits = split.weights.size() == split.variations && sum >= 0.99 && sum <= 1.01;
    const std::vector<double> weights =
        fits ? split.weights : equal_weights(static_cast<std::int64_t>(split.variations));
    std::vector<BucketRange> ranges;
    double from = 0;
    for (const double weight : weights) {
        // Less coverage shortens every part and moves none: who is in stays where he was.
        ranges.push_back({.from = from, .to = from + coverage * weight});
        from += weight;
    }
    return ranges;
}

int choose_variation(double place, std::span<const BucketRange> ranges) {
    const auto at =
        std::ranges::find_if(ranges, [&](const BucketRange& range) { return range.has(place); });
    return at == ranges.end() ? -1 : static_cast<int>(at - ranges.begin());
}

bool in_namespace(std::string_view id, const Namespace& layer) {
    const std::string seed = "__" + std::string{layer.name};
    const auto place = growthbook_hash({.seed = seed, .id = id}, 1);
    return place && layer.slice.has(*place);
}

}  // namespace aisle::offers
