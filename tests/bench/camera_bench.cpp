#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <memory>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>
#include <opencv2/video/background_segm.hpp>
#include <string>

#include "drivers/camera/frame_source.hpp"
#include "drivers/camera/motion.hpp"
#include "drivers/camera/people_counter.hpp"

// CPU time a frame of the whole counting pipeline, beside decoding and KNN alone on the same
// reduced picture, in the same run: `camera_bench VIDEO [FRAMES]`. One JSON object.
namespace {

using namespace aisle;

constexpr int kWidth = 384;
constexpr int kRounds =
    3;  // the best of so many, in turn, so that a busy machine disturbs both alike

double cpu_ms() { return 1000.0 * static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

// Milliseconds a frame that `each` takes, decoding included; negative when there is no video.
template <typename Each>
double measure(const std::string& path, int frames_max, Each each) {
    const auto source = camera::make_frame_source({.location = path, .paced = false});
    if (!source->open()) return -1;
    camera::Frame frame;
    const double begin = cpu_ms();
    int frames = 0;
    while (frames < frames_max && source->read(frame) == camera::Grab::Frame) each(frame, ++frames);
    return frames == 0 ? -1 : (cpu_ms() - begin) / frames;
}

double reference(const std::string& path, int frames_max) {
    const auto knn = cv::createBackgroundSubtractorKNN();
    cv::Mat reduced;
    cv::Mat mask;
    return measure(path, frames_max, [&](const camera::Frame& frame, int) {
        const cv::Mat whole(frame.height, frame.width, CV_8UC3,
                            const_cast<std::uint8_t*>(frame.bgr.data()));
        const double share = static_cast<double>(kWidth) / frame.width;
        cv::resize(whole, reduced, {}, share, share, cv::INTER_AREA);
        knn->apply(reduced, mask);
    });
}

double pipeline(const std::string& path, int frames_max) {
    camera::PeopleCounter counter{std::make_unique<camera::MotionDetector>(),
                                  {{{.name = "middle", .from = {384, 0}, .to = {384, 575}}}}};
    return measure(path, frames_max, [&](const camera::Frame& frame, int number) {
        constexpr milliseconds kApart{100};
        counter.see(frame, {.frame = number, .at = number * kApart, .elapsed = kApart});
    });
}

// Anonymous memory of this process, in KiB.
long rss_anon_kib() {
    std::ifstream status{"/proc/self/status"};
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with("RssAnon:")) return std::atol(line.c_str() + 8);
    }
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    const std::string path = argc > 1 ? argv[1] : AISLE_SOURCE_DIR "/build/data/vtest.avi";
    const int frames = argc > 2 ? std::atoi(argv[2]) : 400;
    double alone = 1e9;
    double whole = 1e9;
    for (int round = 0; round < kRounds; ++round) {
        alone = std::min(alone, reference(path, frames));
        whole = std::min(whole, pipeline(path, frames));
    }
    if (alone < 0 || whole < 0) {
        std::fprintf(stderr, "camera_bench: no video at %s\n", path.c_str());
        return 66;
    }
    std::printf(
        "{\"bench\":\"camera\",\"frames\":%d,\"pipeline_cpu_ms_per_frame\":%.2f,"
        "\"decode_knn_cpu_ms_per_frame\":%.2f,\"ratio\":%.2f,\"rss_anon_mb\":%.1f}\n",
        frames, whole, alone, whole / alone, static_cast<double>(rss_anon_kib()) / 1024);
    return 0;
}
