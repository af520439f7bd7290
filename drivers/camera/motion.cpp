#include "drivers/camera/motion.hpp"

#include <algorithm>
#include <cstdlib>
#include <opencv2/core/ocl.hpp>
#include <opencv2/imgproc.hpp>

#include "drivers/camera/background.hpp"
#include "drivers/camera/light_field.hpp"
#include "drivers/camera/people_in_mask.hpp"

namespace aisle::camera {
namespace {

// One who has stood still for so long is painted into the floor after all: nobody waits in a door
// for ever, but a track that clings to a shelf that was moved would keep it for ever.
constexpr milliseconds kFrozenMax{90'000};
// Around a track's box, of its size: shadows and arms.
constexpr double kFrozenMargin = 0.15;

// Squared colour distances in variances of the grain, and their limits.
constexpr double kDistanceSigmas = 3.6;

// From above grain is taken out by the mean of so many pixels to each side, which is less than a
// shoe: bodies in clothes near the floor's colour are told from it by little more than the grain.
constexpr int kSmooth = 3;
// What a body's edge differs from the floor's brightness by, over two pixels; a soft shadow of half
// a body's width changes by less even if it takes half of the light.
constexpr int kEdgePermille = 85;

// A light that changes from one picture to the next by more than one part in so many is told.
constexpr int kSudden = 12;

std::span<const std::uint8_t> bytes_of(const cv::Mat& image) {
    return {image.data, image.total() * image.elemSize()};
}
std::span<std::uint8_t> bytes_of(cv::Mat& image) {
    return {image.data, image.total() * image.elemSize()};
}

}  // namespace

struct MotionDetector::Model {
    explicit Model(const MotionSettings& from)
        : settings{from}, background{{.history = from.history}}, people{from} {}

    MotionSettings settings;
    Background background;
    LightField light;
    PeopleInMask people;
    int settled_frames = 0;
    std::uint64_t light_changes = 0;
    bool sees = true;
    // Kept between frames so that nothing is allocated in steady state.
    cv::Mat reduced, mask, frozen;

    void forget() {
        background.forget();
        light.forget();
        settled_frames = 0;
    }

    [[nodiscard]] Frame::Size size() const { return {reduced.cols, reduced.rows}; }

    double reduce(const Frame& frame) {
        // OpenCV has no read-only view; nothing is written through this one.
        const cv::Mat whole(frame.height, frame.width, CV_8UC3,
                            const_cast<std::uint8_t*>(frame.bgr.data()));
        const double share =
            std::min(1.0, static_cast<double>(settings.analysis_width) / frame.width);
        const Frame::Size before = size();
        cv::resize(whole, reduced, {}, share, share, cv::INTER_AREA);
        if (people.from_above()) cv::blur(reduced, reduced, {kSmooth, kSmooth});
        if (size().width != before.width || size().height != before.height) forget();
        return share;
    }

    void freeze(std::span<const tracking::Track> known, double share) {
        frozen.create(reduced.size(), CV_8UC1);
        frozen.setTo(0);
        const cv::Rect2d picture({}, cv::Size2d(reduced.size()));
        for (const tracking::Track& track : known) {
            if (!track.confirmed || track.standing > kFrozenMax) continue;
            const tracking::Box& box = track.box;
            // Somebody of whom only the head was found stands there whole.
            const double least = people.from_above() ? people.width() / share : 0;
            const double aside = kFrozenMargin * box.w + std::max(0.0, least - box.w) / 2;
            const double above = kFrozenMargin * box.h + std::max(0.0, least - box.h) / 2;
            const cv::Rect2d place((box.x - aside) * share, (box.y - above) * share,
                                   (box.w + 2 * aside) * share, (box.h + 2 * above) * share);
            const cv::Rect inside(place & picture);
            if (!inside.empty()) frozen(inside).setTo(255);
        }
    }

    [[nodiscard]] int distance2() const {
        const double sigma = light.grain_16() / 16.0 * kDistanceSigmas;
        const int wanted = static_cast<int>(3 * sigma * sigma);
        const int least =
            people.from_above() ? settings.distance2_min_above : settings.distance2_min_side;
        return std::clamp(wanted, least, settings.distance2_max);
    }

    // Floor, shadow and the rest, in the light in which the floor was learnt.
    void subtract() {
        mask.create(reduced.size(), CV_8UC1);
        const LightField::View view{size(), bytes_of(std::as_const(reduced)),
                                    bytes_of(std::as_const(frozen))};
        const int before = light.gain();
        light.measure(view);
        if (std::abs(light.gain() - before) * kSudden > LightField::kUnit) ++light_changes;
        light.level(size(), bytes_of(reduced));
        background.look({view.bgr, view.frozen, distance2()}, bytes_of(mask));
        if (people.from_above()) {
            background.find_edges({view.bgr, reduced.cols, kEdgePermille}, bytes_of(mask));
        }
        light.learn(view, bytes_of(std::as_const(mask)));
        cv::threshold(mask, mask, Background::kShadow, Background::kOther, cv::THRESH_BINARY);
    }

    [[nodiscard]] bool flooded() const {
        const auto limit = mask.total() * static_cast<std::size_t>(settings.flood_permille) / 1000;
        return static_cast<std::size_t>(cv::countNonZero(mask)) > limit;
    }
};

MotionDetector::MotionDetector(MotionSettings settings)
    : model_{std::make_unique<Model>(settings)} {
    cv::setNumThreads(1);
    cv::ocl::setUseOpenCL(false);
}
MotionDetector::~MotionDetector() = default;

void MotionDetector::reset() { model_->forget(); }
std::uint64_t MotionDetector::light_changes() const { return model_->light_changes; }
bool MotionDetector::sees() const { return model_->sees; }

bool MotionDetector::from_above() const { return model_->people.from_above(); }

const std::vector<tracking::Box>& MotionDetector::detect(const Frame& frame,
                                                         std::span<const tracking::Track> known) {
    model_->people.clear();
    model_->sees = true;
    if (frame.empty()) return model_->people.boxes();
    const double share = model_->reduce(frame);
    model_->freeze(known, share);
    model_->subtract();
    const bool settled = ++model_->settled_frames > kSettlingFrames;
    if (model_->flooded()) {
        ++model_->light_changes;
        model_->sees = false;
        if (settled) model_->forget();
        return model_->people.boxes();
    }
    return model_->people.find({model_->mask.data, model_->size(), share}, known);
}

}  // namespace aisle::camera
