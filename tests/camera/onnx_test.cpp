#include "drivers/camera/onnx.hpp"

#include <gtest/gtest.h>

#include <random>

#include "drivers/camera/onnx_header.hpp"
#include "synthetic.hpp"

namespace aisle::camera {
namespace {

const std::string kModel = AISLE_SHARED_DIR "/data/footfall/yolox_nano.onnx";

std::string detail_of(const DetectorSettings& settings) {
    const auto detector = make_onnx_detector(settings);
    return detector ? std::string{} : detector.error().detail;
}

std::string content_of(const std::string& path) {
    std::ifstream file{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
}

TEST(Onnx, TellsAFileThatIsNoModel) {
    const Folder folder;
    const std::string path = folder.file("m.onnx", "PK\x03\x04 this is not ONNX");
    EXPECT_EQ(detail_of({.kind = "onnx", .model = path}),
              "the model " + path + ": not a whole ONNX file");
}

TEST(Onnx, TellsAModelThatIsNotThere) {
    const auto detector = make_onnx_detector({.kind = "onnx", .model = "/nowhere/m.onnx"});
    ASSERT_FALSE(detector);
    EXPECT_EQ(detector.error(), unavailable("cannot open the model /nowhere/m.onnx"));
}

TEST(Onnx, TellsAModelOfAnotherDigest) {
    const Folder folder;
    const std::string path = folder.file("m.onnx", "abc");
    const std::string detail =
        detail_of({.kind = "onnx", .model = path, .sha256 = std::string(64, '0')});
    EXPECT_NE(detail.find("has the sha256 "
                          "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
              std::string::npos)
        << detail;
}

TEST(Onnx, ReadsTheInputOfTheModel) {
    const std::string model = content_of(kModel);
    if (model.empty()) GTEST_SKIP() << "no model at " << kModel;
    const auto input = read_onnx_input(model);
    ASSERT_TRUE(input);
    EXPECT_EQ(input->element, kOnnxFloat);
    EXPECT_EQ(input->dims, (std::vector<std::int64_t>{1, 3, 416, 416}));
}

TEST(Onnx, SeesNobodyOnAnEmptyFloor) {
    if (content_of(kModel).empty()) GTEST_SKIP() << "no model at " << kModel;
    auto detector = make_onnx_detector({.kind = "onnx", .model = kModel});
    ASSERT_TRUE(detector);
    for (const tracking::Box& box : (*detector)->detect(Shopfloor{{}}.frame(1), {})) {
        EXPECT_LT(box.score, 0.5);
    }
}

TEST(Onnx, RefusesAModelThatWasCutOff) {
    const std::string model = content_of(kModel);
    if (model.empty()) GTEST_SKIP() << "no model at " << kModel;
    const Folder folder;
    const std::string path = folder.file("m.onnx", model.substr(0, model.size() / 2));
    EXPECT_EQ(detail_of({.kind = "onnx", .model = path}),
              "the model " + path + ": not a whole ONNX file");
}

TEST(OnnxHeader, StandsWhateverBytes) {
    std::mt19937 random{7};
    int whole = 0;
    for (int i = 0; i < 20'000; ++i) {
        std::string bytes(random() % 64, '\0');
        for (char& byte : bytes) byte = static_cast<char>(random() % 128);
        whole += read_onnx_input(bytes) ? 1 : 0;
    }
    EXPECT_LT(whole, 2000);
}

}  // namespace
}  // namespace aisle::camera
