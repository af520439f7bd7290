#include "drivers/camera/count_video.hpp"

#include <gtest/gtest.h>

#include <random>
#include <sstream>

#include "synthetic.hpp"

namespace aisle::camera {
namespace {

struct Counted {
    std::vector<std::string> lines;
    Result<CountSummary> summary{CountSummary{}};
};

Counted counted(const CountSettings& settings) {
    Counted counted;
    counted.summary =
        count_video(settings, [&](std::string_view line) { counted.lines.emplace_back(line); });
    return counted;
}

const Shopfloor kTwoAndOne{
    {{.begins = 12}, {.begins = 30, .y = 100}, {.begins = 60, .leftwards = true, .y = 54}}};

TEST(CountVideo, CountsWalkersByDirection) {
    const Folder folder;
    const auto [lines, summary] = counted(
        {.video = folder.video(kTwoAndOne, 130), .scene = folder.file("s.toml", kMiddleScene)});
    ASSERT_TRUE(summary);
    EXPECT_EQ(summary->frames, 130);
    EXPECT_EQ(summary->lines.at("middle"), (LineTally{.in = 1, .out = 2}));
    ASSERT_EQ(lines.size(), 4U);
    EXPECT_TRUE(lines[0].starts_with("{\"frame\":4")) << lines[0];
    EXPECT_NE(lines[0].find(",\"line\":\"middle\",\"direction\":\"out\",\"track\":"),
              std::string::npos)
        << lines[0];
    EXPECT_TRUE(lines[3].starts_with("{\"summary\":true,\"frames\":130,\"cpu_ms_per_frame\":"))
        << lines[3];
    EXPECT_TRUE(lines[3].ends_with(",\"lines\":{\"middle\":{\"in\":1,\"out\":2}}}")) << lines[3];
}

TEST(CountVideo, BringsPicturesToTheSizeThatTheSceneIsDrawnFor) {
    const Folder folder;
    const auto [lines, summary] =
        counted({.video = folder.video(kTwoAndOne, 130),
                 .scene = folder.file("s.toml",
                                      "picture = [384, 288]\n[[line]]\nname = \"middle\"\n"
                                      "points = [[192, 0], [192, 287]]\n")});
    ASSERT_TRUE(summary);
    EXPECT_EQ(summary->lines.at("middle"), (LineTally{.in = 1, .out = 2}));
}

TEST(CountVideo, CountsOnlyTheFramesAskedFor) {
    const Folder folder;
    const auto [lines, summary] = counted({.video = folder.video(kTwoAndOne, 130),
                                           .scene = folder.file("s.toml", kMiddleScene),
                                           .first_frame = 70,
                                           .last_frame = 120});
    ASSERT_TRUE(summary);
    EXPECT_EQ(summary->frames, 51);
    EXPECT_EQ(summary->lines.at("middle"), (LineTally{.in = 1, .out = 0}));
}

TEST(CountVideo, SaysTheSameTwice) {
    const Folder folder;
    const CountSettings settings{.video = folder.video(kTwoAndOne, 130),
                                 .scene = folder.file("s.toml", kMiddleScene)};
    auto first = counted(settings).lines;
    auto second = counted(settings).lines;
    first.pop_back();  // the summary tells the time that it took
    second.pop_back();
    EXPECT_EQ(first, second);
    EXPECT_EQ(first.size(), 3U);
}

// What the shared model says of the shared clip, on as few pictures as show a walk.
const std::string kClip = AISLE_SOURCE_DIR "/build/data/vtest.avi";
const std::string kModel = AISLE_SHARED_DIR "/data/footfall/yolox_nano.onnx";
const std::string kClipScene = AISLE_SHARED_DIR "/data/footfall/vtest_scene.toml";

// All that a count prints but for the time that it took, and the tracks' file.
std::string said(CountSettings settings, const Folder& folder) {
    settings.tracks = folder.file("said.txt");
    const auto [lines, summary] = counted(settings);
    EXPECT_TRUE(summary) << summary.error().detail;
    std::ostringstream all;
    for (std::size_t i = 0; i + 1 < lines.size(); ++i) all << lines[i] << '\n';
    all << std::ifstream{settings.tracks}.rdbuf();
    return all.str();
}

// 1: the net alone; 3: the net at every third picture, and what moves between.
class SaysTheSameTwice : public testing::TestWithParam<int> {};

TEST_P(SaysTheSameTwice, WithANet) {
    for (const std::string& file : {kClip, kModel, kClipScene})
        if (!std::filesystem::exists(file)) GTEST_SKIP() << "needs " << file;
    const Folder folder;
    const CountSettings settings{.video = kClip,
                                 .scene = kClipScene,
                                 .detector = {.kind = "onnx", .model = kModel, .every = GetParam()},
                                 .last_frame = 12};
    const std::string first = said(settings, folder);
    EXPECT_GT(first.size(), 500U);  // tracks, at least
    EXPECT_EQ(said(settings, folder), first);
}

INSTANTIATE_TEST_SUITE_P(CountVideo, SaysTheSameTwice, testing::Values(1, 3));

TEST(CountVideo, SaysTheSameTwiceOfTheClip) {
    if (!std::filesystem::exists(kClip) || !std::filesystem::exists(kClipScene))
        GTEST_SKIP() << "needs " << kClip;
    const Folder folder;
    const CountSettings settings{.video = kClip, .scene = kClipScene, .last_frame = 150};
    const std::string first = said(settings, folder);
    EXPECT_NE(first.find("\"direction\""), std::string::npos);
    EXPECT_EQ(said(settings, folder), first);
}

TEST(CountVideo, WritesTheTracksInMotChallengeForm) {
    const Folder folder;
    const std::string tracks = folder.file("tracks.txt");
    ASSERT_TRUE(counted({.video = folder.video(kTwoAndOne, 130),
                         .scene = folder.file("s.toml", kMiddleScene),
                         .tracks = tracks})
                    .summary);
    std::ifstream file{tracks};
    std::string line;
    int rows = 0;
    int frame_before = 0;
    for (; std::getline(file, line); ++rows) {
        int frame = 0, id = 0;
        double x = 0, y = 0, w = 0, h = 0, score = 0;
        ASSERT_EQ(std::sscanf(line.c_str(), "%d,%d,%lf,%lf,%lf,%lf,%lf,-1,-1,-1", &frame, &id, &x,
                              &y, &w, &h, &score),
                  7)
            << line;
        EXPECT_GE(frame, frame_before);
        frame_before = frame;
        EXPECT_GT(w * h, 0);
    }
    EXPECT_GT(rows, 120);
}

TEST(CountVideo, RefusesADetectorThatThereIsNot) {
    const Folder folder;
    const std::string scene = folder.file("s.toml", kMiddleScene);
    EXPECT_EQ(counted({.scene = scene, .detector = {.kind = "hog"}}).summary.error(),
              malformed("unknown detector hog; there are: motion, onnx"));
    EXPECT_EQ(counted({.scene = scene, .detector = {.kind = "onnx"}}).summary.error(),
              malformed("the onnx detector needs a model"));
}

TEST(CountVideo, TellsAMissingVideoFromABrokenOne) {
    const Folder folder;
    const std::string scene = folder.file("s.toml", kMiddleScene);
    EXPECT_EQ(counted({.video = folder.file("none.avi"), .scene = scene}).summary.error().fault,
              Fault::Unavailable);
    EXPECT_EQ(counted({.video = folder.file("text.avi", "no video at all"), .scene = scene})
                  .summary.error()
                  .fault,
              Fault::Malformed);
}

TEST(CountVideo, RefusesFramesThatGoBackwards) {
    EXPECT_FALSE(counted({.first_frame = 5, .last_frame = 4}).summary);
    EXPECT_FALSE(counted({.first_frame = 0}).summary);
}

TEST(CountVideo, RefusesAVideoThatEndsBeforeTheFirstFrameAskedFor) {
    const Folder folder;
    EXPECT_FALSE(counted({.video = folder.video(Shopfloor{{}}, 5),
                          .scene = folder.file("s.toml", kMiddleScene),
                          .first_frame = 50})
                     .summary);
}

TEST(CountVideo, SurvivesBrokenFiles) {
    const Folder folder;
    const std::string scene = folder.file("s.toml", kMiddleScene);
    const std::string whole_path = folder.video(kTwoAndOne, 20);
    std::ostringstream text;
    text << std::ifstream{whole_path, std::ios::binary}.rdbuf();
    const std::string whole = text.str();
    std::mt19937 random{9};
    int refused = 0;
    for (int round = 0; round < 30; ++round) {
        std::string bytes = whole;
        if (round % 3 == 0) bytes.resize(1 + random() % whole.size());
        if (round % 3 == 1) {
            for (int i = 0; i < 40; ++i)
                bytes[random() % (i % 2 == 0 ? 300 : bytes.size())] = static_cast<char>(random());
        }
        if (round % 3 == 2)
            std::ranges::generate(bytes, [&] { return static_cast<char>(random()); });
        const auto summary =
            counted({.video = folder.file("broken.avi", bytes), .scene = scene}).summary;
        if (!summary)
            ++refused;
        else
            EXPECT_LE(summary->frames, 10'000);
    }
    EXPECT_GE(refused, 10);  // random bytes at least
}

TEST(CountVideo, CountsThePedestriansOfVtestWithinOneInEighteen) {
    const std::string video = AISLE_SOURCE_DIR "/build/data/vtest.avi";
    const std::string scene = AISLE_SHARED_DIR "/data/footfall/vtest_scene.toml";
    if (!std::filesystem::exists(video) || !std::filesystem::exists(scene)) {
        GTEST_SKIP() << "needs build/data/vtest.avi (opencv-doc) and ../shared/data/footfall";
    }
    const auto summary = counted({.video = video, .scene = scene, .last_frame = 400}).summary;
    ASSERT_TRUE(summary);
    const auto off = [&](const char* line, LineTally truth) {
        const LineTally tally = summary->lines.at(line);
        return std::abs(tally.in - truth.in) + std::abs(tally.out - truth.out);
    };
    // The truth of vtest_lines_frames_1_400.json, counted from the shared ground truth.
    EXPECT_LE(off("x200", {.in = 3, .out = 1}) + off("x384", {.in = 8, .out = 6}), 1);
}

}  // namespace
}  // namespace aisle::camera
