#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "drivers/camera/frame.hpp"
#include "drivers/camera/module_api.hpp"
#include "drivers/tracking/scene.hpp"
#include "drivers/tracking/tracker.hpp"

namespace aisle::camera {

// Frame in, boxes of people out: the one seam between pictures and tracks. Lives on its camera's
// thread, keeps no picture beyond what it needs for the next one, and writes none anywhere. The
// same frames and tracks after a reset give the same boxes.
//
// Cost a frame of 768x576 on one core of 2.5 GHz: motion some 6 ms, onnx (YOLOX-nano) some 90 ms.
class Detector {
public:
    virtual ~Detector() = default;

    // Boxes in pixels of `frame`, scores 0..1, in no promised order; good until the next call. An
    // empty frame gives none. `known` are the tracks of the frame before, in the same pixels: what
    // a detector learns of its background it does not learn where a confirmed track stands.
    virtual const std::vector<tracking::Box>& detect(const Frame& frame,
                                                     std::span<const tracking::Track> known) = 0;
    // Forgets everything, at a file's seam or after a gap.
    virtual void reset() = 0;

    // False while the last frame could not be judged (the light has changed and the background is
    // being learnt anew): it gave no boxes, and that says nothing about people.
    [[nodiscard]] virtual bool sees() const { return true; }
    // The camera looks down on people, so that they stand in the middle of their boxes and not at
    // their lower edge.
    [[nodiscard]] virtual bool from_above() const { return false; }
    [[nodiscard]] virtual std::uint64_t light_changes() const { return 0; }
};

// Malformed: an unknown kind, a model that is missing, damaged, of another digest or of a form that
// is not YOLOX's. Of the scene only `view`, `metre_px` and `person_width` are asked.
Result<std::unique_ptr<Detector>> make_detector(const DetectorSettings& settings,
                                                const tracking::Scene& scene);

// The checks of make_detector that need no file.
Status check_detector(const DetectorSettings& settings);

}  // namespace aisle::camera
