#pragma once

#include <string>

#include "agent/core/error.hpp"
#include "drivers/camera/module_api.hpp"

namespace aisle::app {

// Loads aisle-camera.so, once a process: from $AISLE_MODULES, ../lib or ../lib/aisle beside the
// program. Its OpenCV costs some 70 MB, so that shops without a camera never load it. Unavailable
// where it is not installed.
Result<const camera::ModuleApi*> camera_module();

}  // namespace aisle::app
