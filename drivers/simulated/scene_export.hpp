#pragma once

#include <string>

#include "agent/core/error.hpp"
#include "drivers/simulated/scene_script.hpp"

namespace aisle::simulated {

// Where `aisle-sim scene` puts what others measure with; empty: not wanted.
struct SceneFiles {
    std::string video;      // YUV4MPEG2, what the camera delivered in its order
    std::string truth;      // boxes in MOTChallenge form
    std::string lines;      // scene file
    std::string crossings;  // one JSON object a line: {"frame","line","direction","id","blind"}
};

// Frames count from 1 in the order of delivery, as a reader of the video counts. Unavailable: a
// file cannot be written.
Status export_scene(const SceneScript& script, const SceneFiles& files);

}  // namespace aisle::simulated
