#pragma once

#include "drivers/tracking/scene.hpp"

namespace aisle::camera {

// Distances and shapes that were good over many scenes; small changes of each do no harm.
struct MotionSettings {
    int analysis_width = 384;  // the picture is reduced to about this width
    int history = 500;         // frames that the background remembers
    // Squared colour distance from which a pixel is foreground: what the picture's grain asks for,
    // within these limits. From the side there is more that moves and is nobody (screens, leaves,
    // gloss), and contrast enough.
    int distance2_min_above = 200;
    int distance2_min_side = 500;
    int distance2_max = 650;
    int height_min_permille = 70;  // of a person seen from the side, of the picture's height
    int fill_min_permille = 200;   // of a box that is foreground: less is a thread of noise
    tracking::View view = tracking::View::Learnt;
    double person_width = 0;   // as calibrated, of the whole picture; 0: from metre_px
    double metre_px = 0;       // of the whole picture; 0: people's size is guessed, then learnt
    int flood_permille = 500;  // more foreground than this is a change of light, not people
};

}  // namespace aisle::camera
