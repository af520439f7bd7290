#include "agent/footfall/confidence.hpp"

#include <algorithm>

namespace aisle::footfall {

std::int32_t confidence_permille(const Grounds& grounds) {
    constexpr std::int64_t kWhole = 1000;
    const std::int64_t span = std::max<std::int64_t>(1, grounds.span.count());
    const std::int64_t unseen =
        std::clamp<std::int64_t>(grounds.blind.count() + grounds.light.count(), 0, span);
    const std::int64_t seen = kWhole * (span - unseen) / span;
    const std::int64_t all = std::max(grounds.frames, grounds.late_frames);
    const std::int64_t in_time =
        all > 0 ? kWhole * (all - std::max<std::int64_t>(0, grounds.late_frames)) / all : kWhole;
    const std::int64_t accuracy = std::clamp<std::int64_t>(grounds.accuracy_permille, 0, kWhole);
    return static_cast<std::int32_t>(seen * in_time / kWhole * accuracy / kWhole);
}

}  // namespace aisle::footfall
