#pragma once

#include <string>

#include "drivers/tracking/scene.hpp"

namespace aisle::camera {

// The scene as its file says it: parse_scene() of the text gives the scene again. Pixels are
// written to a tenth, which is finer than anybody draws; what has its default is left out.
std::string scene_text(const tracking::Scene& scene);

}  // namespace aisle::camera
