#include "drivers/camera/onnx.hpp"

#include <malloc.h>
#include <openssl/evp.h>

#include <array>
#include <fstream>
#include <opencv2/core/ocl.hpp>
#include <opencv2/dnn.hpp>
#include <opencv2/imgproc.hpp>
#include <span>

#include "agent/core/hex.hpp"
#include "drivers/camera/onnx_header.hpp"

namespace aisle::camera {
namespace {

constexpr std::uintmax_t kModelBytesMax = 256U << 20U;
constexpr int kSideMax = 2048;
constexpr int kStrideMax = 32;  // a side is a multiple of it
constexpr double kGrey = 114;
// Of the picture's height, as for what moves (MotionSettings): who is smaller walks far behind the
// scene, and his way over a line drawn on its floor is none.
constexpr int kHeightMinPermille = 70;

Result<std::string> read_model(const std::string& path) {
    std::ifstream file{path, std::ios::binary | std::ios::ate};
    if (!file) return unavailable("cannot open the model " + path);
    const auto size = file.tellg();
    if (size <= 0 || static_cast<std::uintmax_t>(size) > kModelBytesMax) {
        return malformed("the model " + path + " is empty or larger than 256 MiB");
    }
    std::string bytes(static_cast<std::size_t>(size), '\0');
    file.seekg(0);
    file.read(bytes.data(), size);
    if (!file) return unavailable("cannot read the model " + path);
    return bytes;
}

std::string sha256_hex(std::string_view bytes) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    ::EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, ::EVP_sha256(), nullptr);
    return to_hex(std::span{digest}.first(size));
}

Status check_digest(const DetectorSettings& settings, std::string_view bytes) {
    if (settings.sha256.empty()) return {};
    const std::string found = sha256_hex(bytes);
    if (found == settings.sha256) return {};
    return malformed("the model " + settings.model + " has the sha256 " + found +
                     " and should have " + settings.sha256);
}

// The net's square, from what the file says.
Result<Frame::Size> input_size(const std::string& path, std::string_view bytes) {
    const auto input = read_onnx_input(bytes);
    if (!input) return malformed("the model " + path + ": " + input.error().detail);
    if (input->element != kOnnxFloat) {
        return malformed("the model " + path + " does not take 32-bit floats (type " +
                         std::to_string(input->element) + "): export it in single precision");
    }
    const auto& dims = input->dims;
    const auto fits = [](std::int64_t side) {
        return side >= kStrideMax && side <= kSideMax && side % kStrideMax == 0;
    };
    if (dims.size() != 4 || dims[0] > 1 || dims[1] != 3 || !fits(dims[2]) || !fits(dims[3])) {
        return malformed("the model " + path +
                         " must take one picture, 1x3xHxW, with sides that are multiples of 32");
    }
    return Frame::Size{.width = static_cast<int>(dims[3]), .height = static_cast<int>(dims[2])};
}

class OnnxDetector final : public Detector {
public:
    OnnxDetector(cv::dnn::Net net, Frame::Size input)
        : net_{std::move(net)},
          input_{input},
          square_(input.height, input.width, CV_8UC3, cv::Scalar::all(kGrey)) {}

    const std::vector<tracking::Box>& detect(const Frame& frame,
                                             std::span<const tracking::Track>) override {
        boxes_.clear();
        if (frame.empty()) return boxes_;
        const Frame::Size picture{.width = frame.width, .height = frame.height};
        const Letterbox letterbox = Letterbox::of(picture, input_);
        place(frame, letterbox);
        boxes_ = decode_yolox(ask(), letterbox, picture);
        std::erase_if(boxes_, [&](const tracking::Box& box) {
            return box.h * 1000 < picture.height * kHeightMinPermille;
        });
        return boxes_;
    }

    void reset() override {}  // each picture is looked at for itself

    // Whether the net answers as YOLOX does; OpenCV finds some operators' faults only when it runs.
    Status try_out() {
        const YoloxAnswer answer = ask();
        if (answer.columns >= 6 && answer.values.size() == yolox_rows(input_) * answer.columns) {
            return {};
        }
        return malformed("answers in another form than YOLOX, strides 8, 16 and 32");
    }

private:
    void place(const Frame& frame, const Letterbox& letterbox) {
        // OpenCV has no read-only view; nothing is written through this one.
        const cv::Mat whole(frame.height, frame.width, CV_8UC3,
                            const_cast<std::uint8_t*>(frame.bgr.data()));
        const cv::Size inner(std::clamp(cvRound(frame.width * letterbox.scale), 1, input_.width),
                             std::clamp(cvRound(frame.height * letterbox.scale), 1, input_.height));
        if (inner != inner_) square_.setTo(cv::Scalar::all(kGrey));
        inner_ = inner;
        cv::Mat part = square_(cv::Rect({}, inner));
        cv::resize(whole, part, inner, 0, 0, cv::INTER_LINEAR);
    }

    YoloxAnswer ask() {
        cv::dnn::blobFromImage(square_, blob_);  // blue, green, red, 0..255: as in training
        net_.setInput(blob_);
        answer_ = net_.forward();
        const bool formed = answer_.dims == 3 && answer_.type() == CV_32F && answer_.size[0] == 1;
        if (!formed) return {.values = {}, .columns = 0};
        return {.values = {answer_.ptr<float>(), answer_.total()},
                .columns = static_cast<std::size_t>(answer_.size[2])};
    }

    cv::dnn::Net net_;
    Frame::Size input_;
    cv::Mat square_;  // the letterboxed picture
    cv::Size inner_;  // of it the part that is picture
    cv::Mat blob_, answer_;
    std::vector<tracking::Box> boxes_;
};

Result<std::unique_ptr<Detector>> load(const std::string& path, const std::string& bytes,
                                       Frame::Size input) {
    try {
        cv::setNumThreads(1);
        cv::ocl::setUseOpenCL(false);
        cv::dnn::Net net = cv::dnn::readNetFromONNX(bytes.data(), bytes.size());
        net.setPreferableBackend(cv::dnn::DNN_BACKEND_OPENCV);
        net.setPreferableTarget(cv::dnn::DNN_TARGET_CPU);
        auto detector = std::make_unique<OnnxDetector>(std::move(net), input);
        const Status tried = detector->try_out();
        if (!tried) return malformed("the model " + path + " " + tried.error().detail);
        return std::unique_ptr<Detector>{std::move(detector)};
    } catch (const std::exception& error) {  // cv::Exception, or no memory
        return malformed("the model " + path + " cannot be run: " + error.what());
    }
}

}  // namespace

Result<std::unique_ptr<Detector>> make_onnx_detector(const DetectorSettings& settings) {
    auto bytes = read_model(settings.model);
    if (!bytes) return bytes.error();
    if (const auto status = check_digest(settings, *bytes); !status) return status.error();
    const auto input = input_size(settings.model, *bytes);
    if (!input) return input.error();
    auto detector = load(settings.model, *bytes, *input);
    bytes->clear();
    bytes->shrink_to_fit();
    ::malloc_trim(0);  // reading the net needs several times its size, and only once
    return detector;
}

}  // namespace aisle::camera
