#include "drivers/camera/onnx_header.hpp"

#include <optional>
#include <set>

namespace aisle::camera {
namespace {

// Numbers of fields in onnx.proto3.
constexpr std::uint64_t kModelGraph = 7;
constexpr std::uint64_t kGraphInitializer = 5;
constexpr std::uint64_t kGraphInput = 11;
constexpr std::uint64_t kTensorName = 8;
constexpr std::uint64_t kValueName = 1;
constexpr std::uint64_t kValueType = 2;
constexpr std::uint64_t kTypeTensor = 1;
constexpr std::uint64_t kTensorElement = 1;
constexpr std::uint64_t kTensorShape = 2;
constexpr std::uint64_t kShapeDim = 1;
constexpr std::uint64_t kDimValue = 1;

constexpr std::size_t kDimsMax = 8;

// A field of a protobuf message: a number, or bytes that may be a message again.
struct Field {
    std::uint64_t number = 0;
    std::uint64_t value = 0;
    std::string_view bytes;
};

// Goes through one message, field by field; nothing at its end or where it is broken.
class Message {
public:
    explicit Message(std::string_view bytes) : rest_{bytes} {}

    std::optional<Field> next() {
        if (rest_.empty()) return std::nullopt;
        Field field;
        std::uint64_t key = 0;
        if (!number(key)) return broken();
        field.number = key >> 3;
        switch (key & 7) {
            case 0:
                return number(field.value) ? field : broken();
            case 1:
                return take(8, field.bytes) ? field : broken();
            case 2: {
                std::uint64_t size = 0;
                return number(size) && take(size, field.bytes) ? field : broken();
            }
            case 5:
                return take(4, field.bytes) ? field : broken();
            default:
                return broken();
        }
    }
    [[nodiscard]] bool whole() const { return whole_; }

private:
    std::optional<Field> broken() {
        whole_ = false;
        rest_ = {};
        return std::nullopt;
    }

    bool number(std::uint64_t& value) {
        for (unsigned shift = 0; shift < 64 && !rest_.empty(); shift += 7) {
            const auto byte = static_cast<unsigned char>(rest_.front());
            rest_.remove_prefix(1);
            value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
            if ((byte & 0x80) == 0) return true;
        }
        return false;
    }

    bool take(std::uint64_t size, std::string_view& bytes) {
        if (size > rest_.size()) return false;
        bytes = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return true;
    }

    std::string_view rest_;
    bool whole_ = true;
};

std::string_view bytes_of(std::string_view message, std::uint64_t number) {
    Message fields{message};
    while (const auto field = fields.next()) {
        if (field->number == number) return field->bytes;
    }
    return {};
}

std::uint64_t value_of(std::string_view message, std::uint64_t number) {
    Message fields{message};
    while (const auto field = fields.next()) {
        if (field->number == number) return field->value;
    }
    return 0;
}

OnnxInput input_of(std::string_view value) {
    const std::string_view tensor = bytes_of(bytes_of(value, kValueType), kTypeTensor);
    OnnxInput input{.name = std::string{bytes_of(value, kValueName)},
                    .element = static_cast<int>(value_of(tensor, kTensorElement) & 0xFF),
                    .dims = {}};
    Message shape{bytes_of(tensor, kTensorShape)};
    while (const auto field = shape.next()) {
        if (field->number != kShapeDim || input.dims.size() == kDimsMax) continue;
        input.dims.push_back(static_cast<std::int64_t>(value_of(field->bytes, kDimValue)));
    }
    return input;
}

}  // namespace

Result<OnnxInput> read_onnx_input(std::string_view file) {
    Message model{file};
    std::string_view graph;
    while (const auto field = model.next()) {
        if (field->number == kModelGraph) graph = field->bytes;
    }
    if (!model.whole() || graph.empty()) return malformed("not a whole ONNX file");

    std::set<std::string_view> weights;
    std::vector<std::string_view> inputs;
    Message fields{graph};
    while (const auto field = fields.next()) {
        if (field->number == kGraphInitializer) weights.insert(bytes_of(field->bytes, kTensorName));
        if (field->number == kGraphInput) inputs.push_back(field->bytes);
    }
    if (!fields.whole()) return malformed("not a whole ONNX file");
    for (const std::string_view value : inputs) {
        if (!weights.contains(bytes_of(value, kValueName))) return input_of(value);
    }
    return malformed("an ONNX file without an input");
}

}  // namespace aisle::camera
