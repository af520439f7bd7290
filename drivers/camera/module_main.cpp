#include "drivers/camera/core_dumps.hpp"
#include "drivers/camera/count_video.hpp"
#include "drivers/camera/module_api.hpp"
#include "drivers/camera/scene_file.hpp"
#include "drivers/camera/scene_text.hpp"
#include "drivers/camera/video_driver.hpp"

// The one symbol by which the composition root finds the module.
extern "C" const aisle::camera::ModuleApi* aisle_camera_module();

// Whoever asks for it is going to hold pictures.
const aisle::camera::ModuleApi* aisle_camera_module() {
    aisle::camera::leave_no_core_dump();
    static const aisle::camera::ModuleApi api{.version = aisle::camera::kModuleVersion,
                                              .make_video_driver = aisle::camera::make_video_driver,
                                              .count_video = aisle::camera::count_video,
                                              .parse_scene = aisle::camera::parse_scene,
                                              .scene_text = aisle::camera::scene_text};
    return &api;
}
