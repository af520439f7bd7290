#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

// How GrowthBook cuts the line from 0 to 1 into variations (its "build your own SDK" guide,
// specification 0.8.0). Weights and coverage come as fractions there, so these are doubles; money
// never passes through here.
namespace aisle::offers {

struct BucketRange {  // [from, to)
    double from = 0;
    double to = 0;

    [[nodiscard]] bool has(double place) const { return place >= from && place < to; }
};

struct Split {
    std::size_t variations = 0;
    double coverage = 1;          // of each variation's part; outside 0..1 it is the nearer end
    std::vector<double> weights;  // of another length, or not adding up to 0.99..1.01: equal parts
};

inline constexpr std::size_t kVariationsMax = 1'000;  // beyond: no variation at all

std::vector<double> equal_weights(std::int64_t variations);
std::vector<BucketRange> bucket_ranges(const Split& split);
// The index of the range that has `place`, or -1.
int choose_variation(double place, std::span<const BucketRange> ranges);

// A slice of the people: experiments whose slices of one namespace do not overlap share nobody.
struct Namespace {
    std::string_view name;
    BucketRange slice;
};
bool in_namespace(std::string_view id, const Namespace& layer);

}  // namespace aisle::offers
