#pragma once

#include <string>

#include "agent/app/scene_desk.hpp"
#include "agent/app/tap_desk.hpp"
#include "agent/runtime/time_zone.hpp"

namespace aisle {

// A counted floor for the page test: the real engines, desks and scene reader over doors, a camera
// and people that the test plays. POST /test/cross {"door","direction"} is somebody over a line.
class PlayedFloor {
public:
    // `scene` is a file that may be written.
    PlayedFloor(runtime::Executor& loop, const std::string& scene);
    // False: no camera module is there.
    bool hang_into(runtime::HttpRoutes& routes);

private:
    void play();
    void people();
    void show_camera();

    runtime::Executor& loop_;
    std::unique_ptr<TimeZone> zone_;
    footfall::Footfall footfall_;
    footfall::Commissioning commissioning_;
    footfall::ZonesNow zones_now_;
    app::Cameras cameras_;
    app::TapDesk taps_;
    app::SceneDesk scenes_;
    std::shared_ptr<camera::Preview> preview_ = std::make_shared<camera::Preview>();
    std::string scene_;
    runtime::TimerHandle playing_;
};

}  // namespace aisle
