#pragma once

#include <memory>
#include <string>

#include "drivers/camera/detector.hpp"
#include "drivers/camera/yolox.hpp"

namespace aisle::camera {

// People found by a net of the YOLOX family (Megvii, Apache-2.0) through OpenCV DNN. The input's
// size is read from the model's file; `sha256`, 64 hex digits, must be that of the file unless it
// is empty. Malformed with a sentence for people: no ONNX, an operator that OpenCV lacks, an output
// that is not YOLOX's. Loads within this call: a model costs some 35 MB and half a second.
Result<std::unique_ptr<Detector>> make_onnx_detector(const DetectorSettings& settings);

}  // namespace aisle::camera
