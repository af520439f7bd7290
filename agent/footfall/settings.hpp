#pragma once

#include <optional>
#include <vector>

#include "agent/core/ids.hpp"
#include "agent/core/time.hpp"

namespace aisle::footfall {

struct DoorSettings {
    DoorId id;
    bool counts_for_conversion =
        true;  // false: its people are kept apart from occupancy and conversion
    std::int32_t accuracy_permille = 1000;  // as commissioning found it; 1000 where it was not done
};

// By the clock on the shop's wall; closing before opening means past midnight.
struct OpeningHours {
    minutes opens{9 * 60};
    minutes closes{21 * 60};
};

struct FootfallSettings {
    std::vector<DoorSettings> doors;
    minutes business_day_cut{240};      // after midnight: when a new business day begins
    milliseconds closing_grace{5000};   // a minute is closed so long after its end
    minutes long_stay{120};             // who stays longer in a scene's zone works there
    std::optional<OpeningHours> zeros;  // minutes without anything are reported too during these
};

}  // namespace aisle::footfall
