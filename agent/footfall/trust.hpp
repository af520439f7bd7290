#pragma once

#include <cstdint>

#include "agent/core/ids.hpp"
#include "agent/core/time.hpp"

namespace aisle::footfall {

class Books;

// Why a door's figures of the last whole hour are worth what they are. Its minutes that nothing is
// known of were quiet: seen, in time, and nobody came.
struct DoorTrust {
    DoorId door;
    std::int32_t confidence_permille = 1000;  // mean of the minutes', see confidence.hpp
    std::int64_t blind_s = 0;
    std::int64_t light_s = 0;
    std::int64_t late_frames = 0;
    std::int32_t accuracy_permille = 1000;  // of commissioning, or of nobody's
};

inline constexpr minutes kTrustSpan{60};  // before the minute under way

DoorTrust trust_of(const Books& books, const DoorId& door, WallTime now);

}  // namespace aisle::footfall
