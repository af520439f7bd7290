#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <memory>
#include <opencv2/core.hpp>
#include <opencv2/dnn.hpp>
#include <opencv2/imgproc.hpp>
#include <opencv2/video/background_segm.hpp>
#include <string>

#include "drivers/camera/frame_source.hpp"
#include "drivers/camera/motion.hpp"
#include "drivers/camera/people_counter.hpp"
#include "drivers/camera/picture_watch.hpp"

// CPU time a frame of the whole counting pipeline, beside decoding and KNN alone on the same
// reduced picture, and with a net beside its bare forward, each in the same run:
// `camera_bench [VIDEO [FRAMES [MODEL]]]`. One JSON object a detector; the second one only where
// the model is.
namespace {

using namespace aisle;

constexpr int kWidth = 384;
// The best of so many, in turn, so that a busy machine disturbs both alike.
constexpr int kRounds = 3;
constexpr int kNetSide = 416;      // pixels, of YOLOX-nano's input
constexpr int kNetFramesMax = 40;  // a net takes ten times as long

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

// Decoding, the watch over the pictures, the detector, tracks and lines: what a camera's thread
// does with a picture.
double pipeline(const std::string& path, int frames_max,
                std::unique_ptr<camera::Detector> detector) {
    camera::PeopleCounter counter{std::move(detector),
                                  {{{.name = "middle", .from = {384, 0}, .to = {384, 575}}}}};
    camera::PictureWatch watch;
    return measure(path, frames_max, [&](const camera::Frame& frame, int number) {
        constexpr milliseconds kApart{100};
        watch.look(frame, MonoTime{number * kApart}, kApart);
        counter.see(frame, {.frame = number, .at = number * kApart, .elapsed = kApart});
    });
}

// The net alone, on a picture that lies ready. The answer is asked for on real pictures because
// a net's time does not depend on them, but denormal numbers' does.
double bare_forward(const std::string& path, int frames_max, const std::string& model) {
    cv::dnn::Net net = cv::dnn::readNetFromONNX(model);
    cv::Mat square(kNetSide, kNetSide, CV_8UC3, cv::Scalar::all(114));  // as the detector has it
    double spent = 0;
    int frames = 0;
    const double whole = measure(path, frames_max, [&](const camera::Frame& frame, int number) {
        const cv::Mat picture(frame.height, frame.width, CV_8UC3,
                              const_cast<std::uint8_t*>(frame.bgr.data()));
        const double scale = static_cast<double>(kNetSide) / std::max(picture.cols, picture.rows);
        const cv::Size inner(cvRound(picture.cols * scale), cvRound(picture.rows * scale));
        cv::resize(picture, square(cv::Rect({}, inner)), inner);
        const cv::Mat blob = cv::dnn::blobFromImage(square);
        net.setInput(blob);
        if (number == 1)
            net.forward();  // the first one lays out its memory, as ours did when built
        const double begin = cpu_ms();
        net.setInput(blob);
        net.forward();
        spent += cpu_ms() - begin;
        frames = number;
    });
    return whole < 0 || frames == 0 ? -1 : spent / frames;
}

// Anonymous memory of this process, in KiB.
long rss_anon_kib() {
    std::ifstream status{"/proc/self/status"};
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with("RssAnon:")) return std::atol(line.c_str() + 8);
    }
    return 0;
}

bool bench_motion(const std::string& path, int frames) {
    double alone = 1e9;
    double whole = 1e9;
    for (int round = 0; round < kRounds; ++round) {
        alone = std::min(alone, reference(path, frames));
        whole = std::min(whole, pipeline(path, frames, std::make_unique<camera::MotionDetector>()));
    }
    if (alone < 0 || whole < 0) return false;
    std::printf(
        "{\"bench\":\"camera\",\"frames\":%d,\"pipeline_cpu_ms_per_frame\":%.2f,"
        "\"decode_knn_cpu_ms_per_frame\":%.2f,\"ratio\":%.2f,\"rss_anon_mb\":%.1f}\n",
        frames, whole, alone, whole / alone, static_cast<double>(rss_anon_kib()) / 1024);
    return true;
}

void bench_net(const std::string& path, int frames, const std::string& model) {
    double alone = 1e9;
    double whole = 1e9;
    for (int round = 0; round < kRounds; ++round) {
        auto detector = camera::make_detector({.kind = "onnx", .model = model}, {});
        if (!detector) {
            std::fprintf(stderr, "camera_bench: %s\n", detector.error().detail.c_str());
            return;
        }
        alone = std::min(alone, bare_forward(path, frames, model));
        whole = std::min(whole, pipeline(path, frames, *std::move(detector)));
    }
    std::printf(
        "{\"bench\":\"camera_onnx\",\"frames\":%d,\"pipeline_cpu_ms_per_frame\":%.2f,"
        "\"forward_cpu_ms_per_frame\":%.2f,\"ratio\":%.3f}\n",
        frames, whole, alone, whole / alone);
}

}  // namespace

int main(int argc, char** argv) {
    const std::string path = argc > 1 ? argv[1] : AISLE_SOURCE_DIR "/build/data/vtest.avi";
    const int frames = argc > 2 ? std::atoi(argv[2]) : 400;
    const std::string model =
        argc > 3 ? argv[3] : AISLE_SHARED_DIR "/data/footfall/yolox_nano.onnx";
    if (!bench_motion(path, frames)) {
        std::fprintf(stderr, "camera_bench: no video at %s\n", path.c_str());
        return 66;
    }
    if (std::filesystem::exists(model)) bench_net(path, std::min(frames, kNetFramesMax), model);
    return 0;
}
