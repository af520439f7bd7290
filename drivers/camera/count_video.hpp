#pragma once

#include <functional>
#include <string_view>

#include "drivers/camera/module_api.hpp"

namespace aisle::camera {

// What `aislectl footfall count` does; see ModuleApi::count_video.
Result<CountSummary> count_video(const CountSettings& settings,
                                 const std::function<void(std::string_view)>& line);

}  // namespace aisle::camera
