#pragma once

#include <memory>
#include <string>

#include "drivers/camera/frame_source.hpp"
#include "drivers/camera/module_api.hpp"
#include "drivers/tracking/scene.hpp"

namespace aisle::camera {

// Readings of one camera that may wait for the loop; the next ones are dropped and counted.
inline constexpr int kReadingsWaitingMax = 64;

// A camera that counts people over its lines. Detection runs on a thread of its own; Crossing and
// Blindness readings reach the sink on the loop. Metrics:
// aisle_video_{frames,late_frames,light_changes,reopened,readings_dropped,blind_seconds}_total{camera}.
class VideoDriver final : public Driver {
public:
    VideoDriver(const VideoSettings& settings, tracking::Scene scene,
                std::unique_ptr<FrameSource> source, Sink& sink, runtime::Executor& loop,
                runtime::Metrics& metrics);
    // Waits for the thread: at most the time-out of an opening or a read that hangs.
    ~VideoDriver() override;
    VideoDriver(const VideoDriver&) = delete;
    VideoDriver& operator=(const VideoDriver&) = delete;

    void start() override;
    void stop() override;

private:
    struct Shared;
    std::shared_ptr<Shared> shared_;
    class Thread;
    std::unique_ptr<Thread> thread_;
};

Result<std::unique_ptr<Driver>> make_video_driver(const VideoSettings& settings, Sink& sink,
                                                  runtime::Executor& loop,
                                                  runtime::Metrics& metrics);

}  // namespace aisle::camera
