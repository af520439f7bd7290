#include "drivers/camera/video_driver.hpp"

#include <array>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <utility>

#include "agent/runtime/executor.hpp"
#include "agent/runtime/metrics.hpp"
#include "agent/runtime/random.hpp"
#include "agent/runtime/worker_thread.hpp"
#include "drivers/camera/count_video.hpp"
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
          late_{metrics, "aisle_video_late_frames_total", "Pictures that came late", camera},
          light_{metrics, "aisle_video_light_changes_total", "Pictures left out as light", camera},
          reopened_{metrics, "aisle_video_reopened_total", "Times a camera came back", camera},
          blind_{metrics, "aisle_video_blind_seconds_total", "Time without pictures", camera} {}
    void follow(const VideoTotals& totals) {
        frames_.follow(totals.frames);
        late_.follow(totals.late_frames);
        light_.follow(totals.light_changes);
        reopened_.follow(totals.reopened);
        blind_.follow(totals.blind_ms, 0.001);
    }

private:
    Follower frames_, late_, light_, reopened_, blind_;
};

}  // namespace

// What the camera's thread and the loop share. Tasks on the loop hold it, so it outlives the
// driver.
struct VideoDriver::Shared : std::enable_shared_from_this<VideoDriver::Shared> {
    Shared(Sink& to, runtime::Executor& on, runtime::Metrics& metrics, const std::string& camera)
        : sink{to},
          loop{on},
          dropped{metrics.counter("aisle_video_readings_dropped_total",
                                  "Readings for which there was no room", {{"camera", camera}})} {}

    // On the camera's thread.
    void report(ReadingBody body) {
        if (stopped) return;
        if (waiting.fetch_add(1) >= kReadingsWaitingMax) {
            --waiting;
            dropped.add();
            return;
        }
        loop.post([self = shared_from_this(), body = std::move(body)]() mutable {
            self->deliver(std::move(body));
        });
    }

    // On the loop.
    void deliver(ReadingBody body) {
        --waiting;
        if (stopped) return;
        if (!sink.accept(Reading{.body = std::move(body)}, {})) dropped.add();
    }

    // On the camera's thread: false when it is time to go.
    bool wait(milliseconds how_long) {
        std::unique_lock lock{mutex};
        return !wake.wait_for(lock, how_long, [this] { return stopped.load(); });
    }

    void stop() {
        const std::lock_guard lock{mutex};
        stopped = true;
        wake.notify_all();
    }

    Sink& sink;
    runtime::Executor& loop;
    runtime::Counter& dropped;
    std::atomic<bool> stopped = false;
    std::atomic<int> waiting = 0;
    std::mutex mutex;
    std::condition_variable wake;
};

class VideoDriver::Thread {
public:
    Thread(VideoLoop::Parts parts, std::shared_ptr<Shared> shared, runtime::Metrics& metrics)
        : parts_{std::move(parts)},
          shared_{std::move(shared)},
          metrics_{metrics, parts_.settings.name},
          worker_{{.name = "camera"}, metrics} {
        parts_.report = [to = shared_](ReadingBody body) { to->report(std::move(body)); };
    }

    // False never happens: the worker is new and its queue is empty.
    void start() {
        started_ = worker_.submit([this] { run(); });
    }
    [[nodiscard]] bool started() const { return started_; }

private:
    void run() {
        const Clock& clock = shared_->loop.clock();
        VideoLoop video{std::move(parts_), clock.now()};
        while (!shared_->stopped) {
            const auto wait = video.step(clock);
            metrics_.follow(video.totals());
            if (!wait || !shared_->wait(*wait)) return;
        }
    }

    VideoLoop::Parts parts_;
    std::shared_ptr<Shared> shared_;
    VideoMetrics metrics_;
    bool started_ = false;
    runtime::WorkerThread worker_;  // last: its thread is joined before the rest goes
};

VideoDriver::VideoDriver(const VideoSettings& settings, tracking::Scene scene,
                         std::unique_ptr<FrameSource> source, Sink& sink, runtime::Executor& loop,
                         runtime::Metrics& metrics)
    : shared_{std::make_shared<Shared>(sink, loop, metrics, settings.name)} {
    VideoLoop::Parts parts{.settings = settings,
                           .scene = std::move(scene),
                           .source = std::move(source),
                           .random = runtime::random_u64};
    thread_ = std::make_unique<Thread>(std::move(parts), shared_, metrics);
}

VideoDriver::~VideoDriver() { stop(); }

void VideoDriver::start() {
    if (!thread_->started()) thread_->start();
}

void VideoDriver::stop() { shared_->stop(); }

Result<std::unique_ptr<Driver>> make_video_driver(const VideoSettings& settings, Sink& sink,
                                                  runtime::Executor& loop,
                                                  runtime::Metrics& metrics) {
    if (const auto status = check_detector(settings.detector); !status) return status.error();
    auto scene = load_scene(settings.scene);
    if (!scene) return scene.error();
    return std::unique_ptr<Driver>{std::make_unique<VideoDriver>(
        settings, *std::move(scene), make_frame_source(settings.source), sink, loop, metrics)};
}

}  // namespace aisle::camera
