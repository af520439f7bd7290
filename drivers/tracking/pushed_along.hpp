#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <utility>
#include <vector>

#include "drivers/tracking/line_counter.hpp"

namespace aisle::tracking {

// Two tracks that went in file for so long are one person and what is pushed or pulled.
inline constexpr milliseconds kPushedFor{400};

// From above a trolley, a pram or a suitcase is a body of its own before or behind whoever moves
// it, and would be counted beside him. It gives itself away by its distance: nearer than anybody
// walks behind a stranger, straight on his way, at his speed. Of such two the one that crosses a
// line first counts for both. One thread.
class PushedAlong {
public:
    // The tracks of a picture that is seen from above, as LineCounter takes them.
    void update(std::span<const Track> tracks, milliseconds elapsed);

    // Takes out of a picture's crossings those of whom the other half has crossed already.
    void take_from(std::vector<LineCrossing>& crossings);
    void reset();

private:
    using Pair = std::pair<std::int64_t, std::int64_t>;  // ascending
    struct Last {
        Direction direction = Direction::In;
        milliseconds at{};
    };
    [[nodiscard]] bool other_half_has(const LineCrossing& crossing) const;

    std::map<Pair, milliseconds> in_file_;                          // for so long, so far
    std::map<std::pair<std::size_t, std::int64_t>, Last> counted_;  // by line and track
};

}  // namespace aisle::tracking
