#pragma once

#include <string>
#include <vector>

#include "drivers/tracking/scene.hpp"

namespace aisle::tracking {

// What is wrong with a scene that can be read: it would count less well than it could.
enum class SceneFlaw {
    LineAtEdge,   // a person over it is not wholly in the picture on both sides
    LineOutside,  // a corner lies outside the picture
    LineShort,    // no longer than a person is broad: people pass beside it
    LinesCross,   // two lines that count alone cross: who walks there is counted by both
    ZoneOutside   // a corner lies outside the picture
};

struct SceneWarning {
    SceneFlaw flaw = SceneFlaw::LineAtEdge;
    std::string name;   // of the line or zone
    std::string other;  // LinesCross: of the other line

    friend bool operator==(const SceneWarning&, const SceneWarning&) = default;
};

struct PictureOfPeople {
    double width = 0;  // of the picture
    double height = 0;
    double person_width = 0;  // of a person in it, pixels
    double person_height = 0;
};

// How large people are: as the scene says, else as those in `seen` were (their medians), else a
// sixteenth of the picture's width and three times as tall, or as broad from above.
PictureOfPeople picture_of(const Scene& scene, Point size, const std::vector<Box>& seen);

// In the scene's order. A line is too near the edge where more than two fifths of it are: its ends
// may well run out of the picture, as a door's frame does.
std::vector<SceneWarning> warnings_of(const Scene& scene, const PictureOfPeople& picture);

}  // namespace aisle::tracking
