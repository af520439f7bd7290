#include "drivers/camera/video_driver.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <utility>

#include "agent/runtime/executor.hpp"
#include "agent/runtime/metrics.hpp"
#include "agent/runtime/random.hpp"
#include "agent/runtime/worker_thread.hpp"
#include "drivers/camera/scene_file.hpp"
#include "drivers/camera/video_loop.hpp"

namespace aisle::camera {
namespace {

// Keeps a Prometheus counter equal to a total that only grows.
class Follower {
public:
    Follower(runtime::Metrics& metrics, std::string_view name, std::string_view help,
             const std::string& camera)
        : counter_{metrics.counter(name, help, {{"camera", camera}})} {}
    void follow(std::uint64_t total, double unit = 1) {
        if (total > seen_) counter_.add(static_cast<double>(total - seen_) * unit);
        seen_ = total;
    }

private:
    runtime::Counter& counter_;
    std::uint64_t seen_ = 0;
};

class VideoMetrics {
public:
    VideoMetrics(runtime::Metrics& metrics, const std::string& camera)
        : frames_{metrics, "aisle_video_frames_total", "Pictures analysed", camera},
          late_{metrics, "aisle_video_late_frames_total",
                "Pictures that came late or were let go for newer ones", camera},
          worthless_{metrics, "aisle_video_worthless_frames_total",
                     "Pictures that were frozen, black or too fast", camera},
          light_{metrics, "aisle_video_light_changes_total", "Pictures left out as light", camera},
          reopened_{metrics, "aisle_video_reopened_total", "Times a camera came back", camera},
          blind_{metrics, "aisle_video_blind_seconds_total", "Time without pictures", camera} {}
    void follow(const VideoTotals& totals) {
        frames_.follow(totals.frames);
        late_.follow(totals.late_frames);
        worthless_.follow(totals.worthless);
        light_.follow(totals.light_changes);
        reopened_.follow(totals.reopened);
        blind_.follow(totals.blind_ms, 0.001);
    }

private:
    Follower frames_, late_, worthless_, light_, reopened_, blind_;
};

}  // namespace

// What the camera's thread runs on and the loop's tasks hold, so it outlives the driver. The
// agent's own things (sink, loop, its clock, metrics) may be gone once stop() has returned: the
// thread touches them only under the lock, and not at all when stopped. It is the clock that the
// thread is given: for one that was left behind time stands still.
class VideoDriver::Camera final : public Clock, public std::enable_shared_from_this<Camera> {
public:
    Camera(Sink& sink, runtime::Executor& loop, runtime::Metrics& metrics, const std::string& name)
        : sink_{sink},
          loop_{loop},
          dropped_{metrics.counter("aisle_video_readings_dropped_total",
                                   "Readings for which there was no room", {{"camera", name}})},
          metrics_{metrics, name},
          last_{loop.clock().now()} {}

    void give(VideoLoop::Parts parts) {
        parts_ = std::move(parts);
        settings_ = parts_.settings;
        const std::string name = settings_.name;
        parts_.report = [this](ReadingBody body) {
            report({.body = std::move(body), .position = std::nullopt});
        };
        parts_.remember = [this, name](std::string text) {
            report({.body = PositionReading{},
                    .position = SourcePosition{
                        .source = name, .item = kRememberedItem, .position = std::move(text)}});
        };
    }

    // On the camera's thread, until stop() or the end of the file.
    void run() {
        VideoLoop video{std::move(parts_), now()};
        while (!stopped_) {
            if (settings_.preview && settings_.preview->scene_is_asked_for()) read_scene(video);
            const auto wait = video.step(*this);
            follow(video.totals());
            if (!wait || !sleep(*wait)) return;
        }
    }

    [[nodiscard]] Stamp now() const override {
        const std::lock_guard lock{mutex_};
        if (!stopped_) last_ = loop_.clock().now();
        return last_;
    }

    // On the loop. Nothing of the agent's is touched after the first call has returned.
    void stop() {
        const std::lock_guard lock{mutex_};
        if (!stopped_) stopped_at_ = std::chrono::steady_clock::now();
        stopped_ = true;
        wake_.notify_all();
    }

    // Of the thread's time after stop().
    [[nodiscard]] milliseconds patience_left() const {
        const auto passed = std::chrono::steady_clock::now() - stopped_at_;
        return std::max(milliseconds{0},
                        kPatience - std::chrono::duration_cast<milliseconds>(passed));
    }

private:
    // A scene that cannot be read changes nothing.
    void read_scene(VideoLoop& video) {
        auto scene = load_scene(settings_.scene);
        if (!scene) return settings_.preview->answer(scene.error().detail);
        auto detector = make_detector(settings_.detector, *scene);
        if (!detector) return settings_.preview->answer(detector.error().detail);
        video.change_scene(*std::move(scene), *std::move(detector), now());
        settings_.preview->answer({});
    }

    void report(Reading reading) {
        const std::lock_guard lock{mutex_};
        if (stopped_) return;
        if (waiting_ >= kReadingsWaitingMax) return dropped_.add();
        ++waiting_;
        loop_.post([self = shared_from_this(), reading = std::move(reading)]() mutable {
            self->deliver(std::move(reading));
        });
    }

    // On the loop.
    void deliver(Reading reading) {
        --waiting_;
        if (stopped_) return;
        if (!sink_.accept(std::move(reading), {})) dropped_.add();
    }

    void follow(const VideoTotals& totals) {
        const std::lock_guard lock{mutex_};
        if (!stopped_) metrics_.follow(totals);
    }

    // False when it is time to go.
    bool sleep(milliseconds how_long) {
        std::unique_lock lock{mutex_};
        return !wake_.wait_for(lock, how_long, [this] { return stopped_.load(); });
    }

    Sink& sink_;
    runtime::Executor& loop_;
    runtime::Counter& dropped_;
    VideoMetrics metrics_;
    VideoLoop::Parts parts_;  // until run()
    VideoSettings settings_;
    mutable std::mutex mutex_;
    mutable Stamp last_;
    std::condition_variable wake_;
    std::atomic<bool> stopped_ = false;
    std::chrono::steady_clock::time_point stopped_at_;
    std::atomic<int> waiting_ = 0;
};

VideoDriver::VideoDriver(const VideoSettings& settings, VideoParts parts, Sink& sink,
                         runtime::Executor& loop, runtime::Metrics& metrics)
    : camera_{std::make_shared<Camera>(sink, loop, metrics, settings.name)}, metrics_{metrics} {
    camera_->give({.settings = settings, .video = std::move(parts), .random = runtime::random_u64});
}

VideoDriver::~VideoDriver() {
    stop();
    if (thread_) (void)thread_->stop_within(camera_->patience_left());
}

void VideoDriver::start() {
    if (thread_) return;
    thread_ =
        std::make_unique<runtime::WorkerThread>(runtime::WorkerOptions{.name = "camera"}, metrics_);
    // Never refused: the worker is new and its queue is empty.
    (void)thread_->submit([camera = camera_] { camera->run(); });
}

void VideoDriver::stop() { camera_->stop(); }

Result<std::unique_ptr<Driver>> make_video_driver(const VideoSettings& settings, Sink& sink,
                                                  runtime::Executor& loop,
                                                  runtime::Metrics& metrics) {
    if (const auto status = check_detector(settings.detector); !status) return status.error();
    auto scene = load_scene(settings.scene);
    if (!scene) return scene.error();
    auto detector = make_detector(settings.detector, *scene);
    if (!detector) return detector.error();
    return std::unique_ptr<Driver>{std::make_unique<VideoDriver>(
        settings,
        VideoParts{*std::move(scene), *std::move(detector), make_frame_source(settings.source)},
        sink, loop, metrics)};
}

}  // namespace aisle::camera
