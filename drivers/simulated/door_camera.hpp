#pragma once

#include "agent/runtime/executor.hpp"
#include "drivers/simulated/door_scene.hpp"
#include "drivers/simulated/video_pipe.hpp"

namespace aisle::simulated {

// Shows the plan's door in real time through a named pipe, kSceneFps pictures a second, from before
// the plan's start until it is destroyed. While nobody reads, nothing is painted. Loop thread.
class DoorCamera {
public:
    DoorCamera(const Plan& plan, const std::string& pipe, runtime::Executor& loop);
    Status start();

private:
    void tick();

    const Plan& plan_;
    DoorScene scene_;
    VideoPipe pipe_;
    runtime::Executor& loop_;
    std::int64_t shown_ = INT64_MIN;  // number of the last picture
    runtime::TimerHandle ticking_;
};

}  // namespace aisle::simulated
