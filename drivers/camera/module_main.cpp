#include "drivers/camera/count_video.hpp"
#include "drivers/camera/module_api.hpp"
#include "drivers/camera/video_driver.hpp"

// The one symbol by which the composition root finds the module.
extern "C" const aisle::camera::ModuleApi* aisle_camera_module();

const aisle::camera::ModuleApi* aisle_camera_module() {
    static const aisle::camera::ModuleApi api{.version = aisle::camera::kModuleVersion,
                                              .make_video_driver = aisle::camera::make_video_driver,
                                              .count_video = aisle::camera::count_video};
    return &api;
}
