#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "agent/core/error.hpp"

namespace aisle::camera {

// What an ONNX file says of its first input. OpenCV forgets it while it reads the net, and answers
// a file that is none with a line of its own source.
struct OnnxInput {
    std::string name;
    int element = 0;                 // onnx.TensorProto.DataType: 1 float, 10 float16
    std::vector<std::int64_t> dims;  // 0: not fixed in the file
};

inline constexpr int kOnnxFloat = 1;

// Reads ModelProto.graph.input of onnx.proto3 (wire format: protobuf, "Encoding"), skipping all
// else; inputs that are weights (initializers of older files) are passed over. Malformed: no ONNX,
// or cut off.
Result<OnnxInput> read_onnx_input(std::string_view file);

}  // namespace aisle::camera
