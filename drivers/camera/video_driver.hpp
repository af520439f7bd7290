#pragma once

#include <memory>
#include <string>

#include "drivers/camera/people_counter.hpp"
#include "drivers/camera/video_loop.hpp"

namespace aisle::runtime {
class WorkerThread;
}

namespace aisle::camera {

// Readings of one camera that may wait for the loop; the next ones are dropped and counted.
inline constexpr int kReadingsWaitingMax = 64;
// How long after stop() a camera's thread may still be inside its source before it is left behind.
// Counted from stop(), so that several cameras that hang cost a clean stop of the daemon this once:
// it has two seconds for all it does, and OpenCV can hold a call for five.
inline constexpr milliseconds kPatience{500};

// A camera that counts people over its lines. Detection runs on a thread of its own; Crossing and
// Blindness readings reach the sink on the loop. Metrics:
// aisle_video_{frames,late_frames,light_changes,reopened,readings_dropped,blind_seconds}_total{camera}.
class VideoDriver final : public Driver {
public:
    VideoDriver(const VideoSettings& settings, VideoParts parts, Sink& sink,
                runtime::Executor& loop, runtime::Metrics& metrics);
    // Waits for the thread until kPatience after stop(). One that hangs in an opening or a read is
    // left behind: it owns what it needs, touches nothing of the agent's any more, and ends when
    // its call returns or with the process.
    ~VideoDriver() override;
    VideoDriver(const VideoDriver&) = delete;
    VideoDriver& operator=(const VideoDriver&) = delete;

    void start() override;
    void stop() override;

private:
    class Camera;
    std::shared_ptr<Camera> camera_;
    std::unique_ptr<runtime::WorkerThread> thread_;  // from start() on
    runtime::Metrics& metrics_;
};

Result<std::unique_ptr<Driver>> make_video_driver(const VideoSettings& settings, Sink& sink,
                                                  runtime::Executor& loop,
                                                  runtime::Metrics& metrics);

}  // namespace aisle::camera
