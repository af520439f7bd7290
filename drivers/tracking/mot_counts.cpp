#include "drivers/tracking/mot_counts.hpp"

#include <algorithm>
#include <cstdlib>

namespace aisle::tracking {

std::vector<LineCount> count_lines(std::span<const MotRow> rows, const Scene& scene,
                                   MotFrames frames) {
    std::int64_t last = std::min(frames.last, kMotFramesMax);
    for (const MotRow& row : rows) {
        if (frames.last == 0) last = std::max(last, row.frame);
    }
    const auto all = by_frame(rows, last);
    LineCounter counter{scene};
    std::vector<LineCount> counts(counting_size(scene));
    std::vector<Track> tracks;
    for (std::int64_t n = std::max<std::int64_t>(1, frames.first); n <= last; ++n) {
        tracks.clear();
        for (const MotRow& row : all[static_cast<std::size_t>(n)]) {
            tracks.push_back({.id = row.id, .box = row.box, .confirmed = true});
        }
        for (const LineCrossing& crossing : counter.update(tracks, n)) {
            LineCount& count = counts[crossing.line];
            ++(crossing.direction == Direction::In ? count.in : count.out);
        }
    }
    return counts;
}

std::int64_t miscounts(std::span<const LineCount> truth, std::span<const LineCount> counted) {
    std::int64_t wrong = 0;
    for (std::size_t i = 0; i < std::max(truth.size(), counted.size()); ++i) {
        const LineCount is = i < truth.size() ? truth[i] : LineCount{};
        const LineCount said = i < counted.size() ? counted[i] : LineCount{};
        wrong += std::abs(is.in - said.in) + std::abs(is.out - said.out);
    }
    return wrong;
}

}  // namespace aisle::tracking
