#pragma once

#include <string>
#include <string_view>

#include "drivers/tracking/scene.hpp"

namespace aisle::camera {

// Reads `[[line]] name="door" points=[[x1,y1],[x2,y2]] swap=false`. Unavailable: no such file.
// Malformed: the detail begins with file:line:column. Unknown keys are refused: a misspelt `swap`
// would turn a door round.
Result<tracking::Scene> load_scene(const std::string& path);

// The same from memory; `name` stands for the file in errors.
Result<tracking::Scene> parse_scene(std::string_view text, std::string_view name);

}  // namespace aisle::camera
