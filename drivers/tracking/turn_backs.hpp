#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "drivers/tracking/line_counter.hpp"

namespace aisle::tracking {

// Somebody came back over the line: both crossings are undone.
struct TurnBack {
    std::size_t line = 0;
    Direction first = Direction::In;
    std::int64_t track = 0;
    std::int64_t frame = 0;  // of the way back
    milliseconds first_at{};
    milliseconds at{};
    bool begins_group = true;  // as the first crossing was told
};

// Takes out of a stream of crossings those that lead back within `within` of the first. The first
// has been told already, so it is named to be taken back. One thread.
class TurnBacks {
public:
    explicit TurnBacks(milliseconds within) : within_{within} {}

    // Removes the ways back from `crossings`.
    std::vector<TurnBack> take_from(std::vector<LineCrossing>& crossings);
    void forget(milliseconds now);
    void reset() { last_.clear(); }

private:
    using Key = std::pair<std::size_t, std::int64_t>;  // line, track
    milliseconds within_;
    std::map<Key, LineCrossing> last_;
};

}  // namespace aisle::tracking
