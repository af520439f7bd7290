#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "agent/core/ids.hpp"
#include "drivers/camera/module_api.hpp"
#include "drivers/camera/preview.hpp"

namespace aisle::app {

// A camera that was configured, for those who set it up.
struct SeenCamera {
    std::string name;
    std::string scene;                    // path of its scene file
    std::map<std::string, DoorId> doors;  // line -> door; a line that is not here is its own door
    std::shared_ptr<camera::Preview> preview;

    [[nodiscard]] DoorId door_of(const std::string& line) const {
        const auto found = doors.find(line);
        return found == doors.end() ? DoorId{line} : found->second;
    }
};

// All of them, and what the camera module knows of scenes. Filled while the drivers are made; loop
// thread only.
class Cameras {
public:
    void add(SeenCamera camera, const camera::ModuleApi& module) {
        all_.push_back(std::move(camera));
        module_ = &module;
    }
    [[nodiscard]] const std::vector<SeenCamera>& all() const { return all_; }
    [[nodiscard]] const SeenCamera* find(std::string_view name) const;
    // Null without a camera.
    [[nodiscard]] const camera::ModuleApi* module() const { return module_; }

private:
    std::vector<SeenCamera> all_;
    const camera::ModuleApi* module_ = nullptr;
};

}  // namespace aisle::app
