#include "drivers/camera/detector.hpp"

#include "drivers/camera/motion.hpp"
#include "drivers/camera/onnx.hpp"

namespace aisle::camera {
namespace {

constexpr int kEveryMax = 30;

// What moves without having been looked at by the net: enough to prolong a track, not to begin one.
constexpr double kMovesScore = 0.3;

// The net where something moves, now and then; in between what moves. An empty shop costs what
// motion costs.
class SparseDetector final : public Detector {
public:
    SparseDetector(std::unique_ptr<Detector> net, const MotionSettings& motion, int every)
        : net_{std::move(net)}, motion_{motion}, every_{every} {}

    const std::vector<tracking::Box>& detect(const Frame& frame,
                                             std::span<const tracking::Track> known) override {
        const auto& moving = motion_.detect(frame, known);
        const bool due = ++since_ >= every_;
        if (due && (!moving.empty() || !known.empty() || !motion_.sees())) {
            since_ = 0;
            return net_->detect(frame, known);
        }
        boxes_ = moving;
        for (tracking::Box& box : boxes_) box.score = kMovesScore;
        return boxes_;
    }

    void reset() override {
        net_->reset();
        motion_.reset();
        since_ = 0;
    }

private:
    std::unique_ptr<Detector> net_;
    MotionDetector motion_;
    int every_;
    int since_ = 0;
    std::vector<tracking::Box> boxes_;
};

}  // namespace

Status check_detector(const DetectorSettings& settings) {
    if (settings.kind != "motion" && settings.kind != "onnx") {
        return malformed("unknown detector " + settings.kind + "; there are: motion, onnx");
    }
    if (settings.kind == "onnx" && settings.model.empty()) {
        return malformed("the onnx detector needs a model");
    }
    if (settings.every < 1 || settings.every > kEveryMax) {
        return malformed("a detector looks at every 1 to 30 frames");
    }
    return {};
}

Result<std::unique_ptr<Detector>> make_detector(const DetectorSettings& settings,
                                                const tracking::Scene& scene) {
    const MotionSettings motion{
        .view = scene.view, .person_width = scene.person_width, .metre_px = scene.metre_px};
    if (const auto status = check_detector(settings); !status) return status.error();
    if (settings.kind == "motion") {
        return std::unique_ptr<Detector>{std::make_unique<MotionDetector>(motion)};
    }
    auto net = make_onnx_detector(settings);
    if (!net || settings.every == 1) return net;
    return std::unique_ptr<Detector>{
        std::make_unique<SparseDetector>(*std::move(net), motion, settings.every)};
}

}  // namespace aisle::camera
