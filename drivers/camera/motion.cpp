#include "drivers/camera/motion.hpp"

#include <algorithm>
#include <opencv2/core/ocl.hpp>
#include <opencv2/imgproc.hpp>
#include <opencv2/video/background_segm.hpp>

namespace aisle::camera {
namespace {

constexpr std::uint64_t kSeed = 0x41'69'73'6c'65;
constexpr double kShadowDarkness = 0.5;  // a shadow is at most so much darker than its background
constexpr double kForeground = 200;      // the mask holds 0, 127 (shadow) and 255
constexpr int kBlobsMax = 1024;          // more is noise: the largest indices are left out

// Kernels in pixels of the reduced picture. Opening takes off threads of noise; closing joins heads
// to bodies, which is why it is upright: people side by side must stay apart.
const cv::Size kOpening{2, 2};
const cv::Size kClosing{1, 9};

}  // namespace

struct MotionDetector::Model {
    MotionSettings settings;
    cv::Ptr<cv::BackgroundSubtractorKNN> background;
    cv::RNG random{kSeed};
    int settled_frames = 0;
    std::uint64_t floods = 0;
    bool sees = true;
    std::vector<tracking::Box> boxes;
    // Kept between frames so that nothing is allocated in steady state.
    cv::Mat reduced, mask, labels, stats, centroids;
    cv::Mat opening = cv::getStructuringElement(cv::MORPH_RECT, kOpening);
    cv::Mat closing = cv::getStructuringElement(cv::MORPH_RECT, kClosing);

    void forget() {
        background = cv::createBackgroundSubtractorKNN(settings.history, settings.distance2, true);
        background->setShadowThreshold(kShadowDarkness);
        random = cv::RNG{kSeed};
        settled_frames = 0;
    }

    double reduce(const Frame& frame) {
        // OpenCV has no read-only view; nothing is written through this one.
        const cv::Mat whole(frame.height, frame.width, CV_8UC3,
                            const_cast<std::uint8_t*>(frame.bgr.data()));
        const double share =
            std::min(1.0, static_cast<double>(settings.analysis_width) / frame.width);
        cv::resize(whole, reduced, {}, share, share, cv::INTER_AREA);
        return share;
    }

    // OpenCV's chance is one state a thread: ours is put there for as long as it is needed.
    void subtract() {
        std::swap(cv::theRNG(), random);
        background->apply(reduced, mask);
        std::swap(cv::theRNG(), random);
        cv::threshold(mask, mask, kForeground, 255, cv::THRESH_BINARY);
    }

    [[nodiscard]] bool flooded() const {
        const auto limit = mask.total() * static_cast<std::size_t>(settings.flood_permille) / 1000;
        return static_cast<std::size_t>(cv::countNonZero(mask)) > limit;
    }

    void clean() {
        cv::medianBlur(mask, mask, 3);
        cv::morphologyEx(mask, mask, cv::MORPH_OPEN, opening);
        cv::morphologyEx(mask, mask, cv::MORPH_CLOSE, closing);
    }

    void measure(double share, int picture_height) {
        const int found = cv::connectedComponentsWithStats(mask, labels, stats, centroids, 8);
        const double height_min = picture_height * settings.height_min_permille / 1000.0;
        for (int i = 1; i < std::min(found, kBlobsMax); ++i) {
            const int* blob = stats.ptr<int>(i);
            const tracking::Box box{.x = blob[cv::CC_STAT_LEFT] / share,
                                    .y = blob[cv::CC_STAT_TOP] / share,
                                    .w = blob[cv::CC_STAT_WIDTH] / share,
                                    .h = blob[cv::CC_STAT_HEIGHT] / share};
            const int whole = blob[cv::CC_STAT_WIDTH] * blob[cv::CC_STAT_HEIGHT];
            const bool solid = blob[cv::CC_STAT_AREA] * 1000 >= whole * settings.fill_min_permille;
            if (box.h >= height_min && solid) boxes.push_back(box);
        }
    }
};

MotionDetector::MotionDetector(MotionSettings settings) : model_{std::make_unique<Model>()} {
    cv::setNumThreads(1);
    cv::ocl::setUseOpenCL(false);
    model_->settings = settings;
    model_->forget();
}
MotionDetector::~MotionDetector() = default;

void MotionDetector::reset() { model_->forget(); }
std::uint64_t MotionDetector::light_changes() const { return model_->floods; }
bool MotionDetector::sees() const { return model_->sees; }

const std::vector<tracking::Box>& MotionDetector::detect(const Frame& frame,
                                                         std::span<const tracking::Track>) {
    model_->boxes.clear();
    model_->sees = true;
    if (frame.empty()) return model_->boxes;
    const double share = model_->reduce(frame);
    model_->subtract();
    const bool settled = ++model_->settled_frames > kSettlingFrames;
    if (model_->flooded()) {
        ++model_->floods;
        model_->sees = false;
        if (settled) model_->forget();
        return model_->boxes;
    }
    model_->clean();
    model_->measure(share, frame.height);
    return model_->boxes;
}

}  // namespace aisle::camera
