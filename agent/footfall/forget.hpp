#pragma once

#include <cstddef>

#include "agent/footfall/footfall.hpp"
#include "agent/footfall/keys.hpp"

namespace aisle::footfall {

// Deletes the cells of hours before `floor`, at most `room` of them.
template <typename Map>
void forget_hours(Map& map, WallTime floor, std::size_t& room, Effects& effects) {
    while (room > 0 && !map.empty() && map.begin()->first.start < floor) {
        effects.state.push_back(deletion(row_of(map.begin()->first, map.begin()->second)));
        map.erase(map.begin());
        --room;
    }
}

}  // namespace aisle::footfall
