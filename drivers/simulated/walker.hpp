#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "agent/core/time.hpp"

// People as an overhead camera has them: where they are at each instant, and what they look like.
// Integers only, so that a scene is the same on every machine.
namespace aisle::simulated {

// Sub-pixels: 16 to a pixel.
inline constexpr int kSub = 16;

// A place of the picture in sub-pixels, x to the right, y downwards.
struct Spot {
    int x = 0;
    int y = 0;

    friend bool operator==(const Spot&, const Spot&) = default;
};

// Where somebody is at this time since the scene's beginning; between two of these they walk
// straight and at one speed.
struct Waypoint {
    milliseconds at{};
    Spot spot;
};

// A body's extent in whole pixels.
struct Extent {
    int x = 0;
    int y = 0;
    int w = 0;
    int h = 0;

    friend bool operator==(const Extent&, const Extent&) = default;
};

struct Colour {
    std::uint8_t blue = 0;
    std::uint8_t green = 0;
    std::uint8_t red = 0;
};

enum class Carries { Nothing, Bag, Trolley };

// One person. They are there from the first waypoint to the last, both included.
struct Walker {
    int id = 0;           // from 1, the same in all truth
    int radius = 15;      // half the shoulders' width, pixels
    int phase_turns = 0;  // where in their step they begin, 1/256 of a turn
    bool walks = true;    // false: a mannequin; it has no steps and is no person
    Carries carries = Carries::Nothing;
    Colour clothes;
    Colour hair;
    std::vector<Waypoint> path;
};

// Where the body's middle is, sway of the steps included; nothing when they are not in the scene.
std::optional<Spot> place_of(const Walker& walker, milliseconds at);

// The direction of the walk, 1/256 of a turn clockwise from rightwards; standing still keeps the
// last one.
int heading_of(const Walker& walker, milliseconds at);

// Shoulders, head, arms and feet; neither shadow nor bag nor trolley. Not cut off at the picture's
// edge.
std::optional<Extent> extent_of(const Walker& walker, milliseconds at);

}  // namespace aisle::simulated
