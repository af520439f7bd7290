#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "drivers/tracking/line_counter.hpp"

namespace aisle::tracking {

// People who walk together are one buying group: no farther apart than this, in the same direction,
// for so long, and over the line within so long of each other.
inline constexpr double kCompanyMetres = 1.2;
inline constexpr milliseconds kCompanyFor{2000};
inline constexpr milliseconds kCompanyCrossing{2000};

// More people than this at once and the others are taken to be alone.
inline constexpr std::size_t kCompanionsMax = 64;

// Knows who walks with whom. Standing side by side does not count: in a queue everybody does. One
// thread.
class Companions {
public:
    explicit Companions(const Scene& scene) : scene_{scene} {}

    void update(std::span<const Track> tracks, milliseconds elapsed);
    // Marks each crossing that follows, in time, that of a companion over the same line in the same
    // direction.
    void mark(std::vector<LineCrossing>& crossings);
    void reset();

private:
    using Pair = std::pair<std::int64_t, std::int64_t>;  // ascending
    [[nodiscard]] bool together(std::int64_t one, std::int64_t other) const;
    [[nodiscard]] bool walk_alike(const Track& one, const Track& other) const;

    Scene scene_;
    std::map<Pair, milliseconds> together_;
    std::vector<LineCrossing> recent_;
};

}  // namespace aisle::tracking
