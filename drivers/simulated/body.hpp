#pragma once

#include <array>

#include "drivers/simulated/canvas.hpp"

namespace aisle::simulated {

struct BodyPart {
    Shape shape;
    Colour colour;
};

// Feet, arms, shoulders and head, from the ground upwards, of a walker who is at `spot`. What is
// higher is nearer to the lens and leans outwards from the picture's middle; feet lean inwards.
std::array<BodyPart, 6> body_of(const Walker& walker, Spot spot, milliseconds at);

// The box that a trolley takes before its walker.
Shape trolley_of(const Walker& walker, Spot spot, milliseconds at);
Shape bag_of(const Walker& walker, Spot spot, milliseconds at);

}  // namespace aisle::simulated
