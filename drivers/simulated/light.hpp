#pragma once

#include <cstdint>
#include <vector>

#include "agent/core/time.hpp"
#include "drivers/simulated/walker.hpp"

namespace aisle::simulated {

// Light is a factor in 1/256: 256 is the floor as it is.
inline constexpr int kFullLight = 256;

// From this instant to that one the light is `factor` times what it was; a change takes kLightRamp.
struct LightChange {
    milliseconds from{};
    milliseconds to{};
    int factor = kFullLight;
};
inline constexpr milliseconds kLightRamp{160};

// A picture on a wall or a lit patch of the floor: a rectangle with a brightness of its own, which
// changes at each instant of `changes` to another one drawn from the scene's seed.
struct Screen {
    Extent place;
    std::vector<milliseconds> changes;
};

// Headlights that sweep over the floor.
struct Beam {
    milliseconds from{};
    milliseconds to{};
};

struct Light {
    int factor = kFullLight;  // of the whole scene
    int wave = 5;             // slow sine, +- in 1/256
    milliseconds wave_period{20'000};
    int shadow_permille = 180;        // how much a body's shadow takes at its darkest
    int shadow_reach_permille = 800;  // how far it falls, of the body's radius
    int door_glow = 10;               // what the open door adds at the picture's first edge, 1/256
    int grain = 3;                    // sigma of the noise of each byte
    std::vector<LightChange> changes;
    std::vector<Screen> screens;
    std::vector<Beam> beams;
};

}  // namespace aisle::simulated
