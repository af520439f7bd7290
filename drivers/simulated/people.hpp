#pragma once

#include "drivers/simulated/noise.hpp"
#include "drivers/simulated/walker.hpp"

namespace aisle::simulated {

// Who is to be dressed: grown-ups (a radius above 10) may carry a bag.
struct Figure {
    int radius = 15;
    Colour floor;  // one in ten wears nearly this
};

// Clothes and hair as people have them, somewhere in their step. The path is the caller's.
Walker dress(Noise& noise, const Figure& figure);

// Whether two bodies keep `room_permille` of their reaches' sum apart all the time that both are
// there. A trolley reaches farther than its walker.
bool keep_apart(const Walker& one, const Walker& other, int room_permille);

}  // namespace aisle::simulated
