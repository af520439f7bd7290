#include "drivers/camera/blobs.hpp"

#include <algorithm>
#include <cmath>

namespace aisle::camera {
namespace {

constexpr double kFringe = 0.03;      // of the pixels, at each end of an axis: arms and feet
constexpr double kPairLength = 1.42;  // of a person's width: longer than this is more than one
constexpr double kNextLength = 1.15;  // and each further one adds so much
constexpr double kWaistLength = 1.0;  // of a person's width: shorter ones are one, waist or not
constexpr double kHeapLeast = 0.3;    // of the greater heap: less is an arm
constexpr double kWaistShare = 0.62;  // of the lesser heap's pixels: more is no waist
constexpr double kChildArea = 0.07;   // of a person's width squared
constexpr int kWaistBeyond = 8;       // pixels beyond the fringes
constexpr int kRounds = 8;            // of Lloyd's algorithm; it settles before

// Between the fringes.
double reach(std::vector<double>& along) {
    const auto cut = static_cast<std::ptrdiff_t>(kFringe * static_cast<double>(along.size()));
    const auto low = along.begin() + cut;
    const auto high = along.end() - 1 - cut;
    std::nth_element(along.begin(), low, along.end());
    const double from = *low;
    std::nth_element(along.begin(), high, along.end());
    return *high - from + 1;
}

double dot_product(tracking::Point a, tracking::Point b) { return a.x * b.x + a.y * b.y; }

tracking::Point middle_of(std::span<const Dot> dots) {
    tracking::Point sum;
    for (const Dot dot : dots) sum = {sum.x + dot.x, sum.y + dot.y};
    const auto n = static_cast<double>(dots.size());
    return {sum.x / n, sum.y / n};
}

// The first principal axis.
tracking::Point axis_of(std::span<const Dot> dots, tracking::Point middle) {
    double xx = 0, xy = 0, yy = 0;
    for (const Dot dot : dots) {
        const double x = dot.x - middle.x;
        const double y = dot.y - middle.y;
        xx += x * x, xy += x * y, yy += y * y;
    }
    const double angle = 0.5 * std::atan2(2 * xy, xx - yy);
    return {std::cos(angle), std::sin(angle)};
}

tracking::Box box_of(std::span<const Dot> dots) {
    Dot low = dots.front();
    Dot high = dots.front();
    for (const Dot dot : dots) {
        low = {std::min(low.x, dot.x), std::min(low.y, dot.y)};
        high = {std::max(high.x, dot.x), std::max(high.y, dot.y)};
    }
    return {.x = static_cast<double>(low.x),
            .y = static_cast<double>(low.y),
            .w = high.x - low.x + 1.0,
            .h = high.y - low.y + 1.0};
}

// How many pixels there are at each place along the axis, and where that is least.
struct Waist {
    double at = 0;     // from the middle, along the axis
    double share = 1;  // of the pixels at the lesser one of the two heaps that it parts
};

Waist waist_of(std::span<const Dot> dots, const BlobShape& shape) {
    const int half = static_cast<int>(shape.length / 2) + kWaistBeyond;
    std::vector<int> heap(static_cast<std::size_t>(2 * half + 1), 0);
    for (const Dot dot : dots) {
        const double along =
            dot_product({dot.x - shape.middle.x, dot.y - shape.middle.y}, shape.axis);
        const int bin = std::clamp(static_cast<int>(std::lround(along)) + half, 0, 2 * half);
        ++heap[static_cast<std::size_t>(bin)];
    }
    const auto smooth = [&](std::size_t i) { return heap[i - 1] + heap[i] + heap[i + 1]; };
    Waist waist;
    const std::size_t last = heap.size() - 2;
    std::vector<int> best_after(heap.size(), 0);
    for (std::size_t i = last; i >= 1; --i) best_after[i] = std::max(smooth(i), best_after[i + 1]);
    int best_before = 0;
    const double heap_least = kHeapLeast * best_after[1];
    for (std::size_t i = 1; i < last; ++i) {
        best_before = std::max(best_before, smooth(i));
        const double lesser = std::min(best_before, best_after[i + 1]);
        if (lesser < heap_least) continue;
        const double share = smooth(i) / lesser;
        if (share < waist.share) waist = {.at = static_cast<double>(i) - half, .share = share};
    }
    return waist;
}

// At the waist, if both sides are more than an arm.
std::vector<std::vector<Dot>> cut_at(const std::vector<Dot>& dots, const BlobShape& shape,
                                     double at, double least) {
    std::vector<std::vector<Dot>> parts(2);
    for (const Dot dot : dots) {
        const double along =
            dot_product({dot.x - shape.middle.x, dot.y - shape.middle.y}, shape.axis);
        parts[along < at ? 0 : 1].push_back(dot);
    }
    const auto large = [&](const auto& part) { return static_cast<double>(part.size()) >= least; };
    if (large(parts[0]) && large(parts[1])) return parts;
    return {dots};
}

int people_along(double length, double width) {
    if (length <= kPairLength * width) return 1;
    const double further = (length - kPairLength * width) / (kNextLength * width);
    return std::min(kSplitMax, 2 + static_cast<int>(further));
}

std::size_t nearest(const std::vector<tracking::Point>& middles, Dot dot) {
    std::size_t best = 0;
    double least = 1e18;
    for (std::size_t i = 0; i < middles.size(); ++i) {
        const double apart = std::hypot(dot.x - middles[i].x, dot.y - middles[i].y);
        if (apart < least) least = apart, best = i;
    }
    return best;
}

}  // namespace

BlobShape shape_of(std::span<const Dot> dots) {
    BlobShape shape{.middle = middle_of(dots), .axis = {}, .box = box_of(dots)};
    shape.axis = axis_of(dots, shape.middle);
    const tracking::Point across{-shape.axis.y, shape.axis.x};
    std::vector<double> along;
    std::vector<double> aside;
    for (const Dot dot : dots) {
        const tracking::Point from{dot.x - shape.middle.x, dot.y - shape.middle.y};
        along.push_back(dot_product(from, shape.axis));
        aside.push_back(dot_product(from, across));
    }
    shape.length = reach(along);
    shape.breadth = reach(aside);
    return shape;
}

std::vector<std::vector<Dot>> share_out(std::span<const Dot> dots,
                                        std::vector<tracking::Point> middles) {
    std::vector<std::vector<Dot>> parts(middles.size());
    for (int round = 0; round < kRounds; ++round) {
        for (auto& part : parts) part.clear();
        for (const Dot dot : dots) parts[nearest(middles, dot)].push_back(dot);
        for (std::size_t i = 0; i < parts.size(); ++i) {
            if (!parts[i].empty()) middles[i] = middle_of(parts[i]);
        }
    }
    std::erase_if(parts, [](const auto& part) { return part.empty(); });
    return parts;
}

Split split_by_width(const std::vector<Dot>& dots, double width) {
    const BlobShape shape = shape_of(dots);
    const int people = people_along(shape.length, width);
    if (people == 1) {
        if (shape.length < kWaistLength * width) return {.parts = {dots}};
        const Waist waist = waist_of(dots, shape);
        if (waist.share > kWaistShare) return {.parts = {dots}};
        return {.parts = cut_at(dots, shape, waist.at, kChildArea * width * width), .sure = false};
    }

    std::vector<tracking::Point> middles;
    for (int i = 0; i < people; ++i) {
        const double along = shape.length * ((i + 0.5) / people - 0.5);
        middles.push_back(
            {shape.middle.x + along * shape.axis.x, shape.middle.y + along * shape.axis.y});
    }
    return {.parts = share_out(dots, std::move(middles))};
}

}  // namespace aisle::camera
