#include "tests/kit/picture_traces.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <random>

#include "shop_world.hpp"

namespace aisle::kit {
namespace {

using namespace std::string_view_literals;

struct Planted {
    const char* name;
    const char* kind;
    std::string_view bytes;
};

const Planted kPlanted[]{
    {"Jpeg", "jpeg", "\xFF\xD8\xFF\xE0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0\xFF\xDB\0\x43"sv},
    {"MjpegOfACamera", "jpeg",
     "\xFF\xD8\xFF\xE0\0\x10"
     "AVI1\0\0\0\0\0\0\0\0\0\0\xFF\xDD"sv},
    {"JpegCutOff", "jpeg", "\xFF\xD8\xFF\xE1\x20\0Exif"sv},
    {"Png", "png", "\x89PNG\r\n\x1A\n\0\0\0\rIHDR"sv},
    {"JpegInJson", "jpeg in base64", "{\"p\":\"/9j/4AAQSkZJRg\"}"sv},
    {"PngInJson", "png in base64", "data:image/png;base64,iVBORw0KGgoAAAA"sv},
    {"H264", "h264", "\0\0\0\1\x67\x42\xC0\x1E\xD9\0\xA0"sv},
    {"H264High", "h264", "\0\0\0\1\x67\x64\0\x28\xAC\x2B"sv},
    {"Mp4", "mp4",
     "\0\0\0\x20"
     "ftypisom"sv},
    {"Avi", "avi or webp", "RIFF\x24\x10\0\0AVI LIST"sv},
    {"Bmp", "bmp", "BM\x36\x10\x0E\0\0\0\0\0\x36\0\0\0\x28\0\0\0\0\3\0\0"sv},
    {"Y4m", "yuv4mpeg", "YUV4MPEG2 W768 H576 F10:1\n"sv},
};

class PictureTraces : public testing::TestWithParam<Planted> {};

TEST_P(PictureTraces, AreFoundWhereverTheyLie) {
    for (const std::size_t at : {0U, 1U, 4095U, 70'001U}) {
        std::string bytes(at, '.');
        bytes.append(GetParam().bytes);
        const auto traces = picture_traces_in(bytes);
        ASSERT_EQ(traces.size(), 1U) << at;
        EXPECT_EQ(traces[0].kind, std::string{GetParam().kind});
        EXPECT_LT(traces[0].at, bytes.size());
        EXPECT_GE(traces[0].at, at);
    }
}

INSTANTIATE_TEST_SUITE_P(All, PictureTraces, testing::ValuesIn(kPlanted),
                         [](const auto& planted) { return std::string{planted.param.name}; });

TEST(PictureTraces, AreNoAccidents) {
    std::mt19937 random{5};
    std::string noise(8U << 20U, '\0');
    std::ranges::generate(noise, [&] { return static_cast<char>(random()); });
    EXPECT_EQ(to_text(picture_traces_in(noise)), "");
    const std::string zeros(1U << 20U, '\0');
    EXPECT_EQ(to_text(picture_traces_in(zeros)), "");
}

TEST(PictureTraces, KnowAPictureByItsBytes) {
    std::mt19937 random{6};
    std::vector<std::uint8_t> picture(64 * 48 * 3);
    std::ranges::generate(picture, [&] { return static_cast<std::uint8_t>(random()); });
    const auto samples = raw_samples(picture);
    ASSERT_GE(samples.size(), 8U);
    const std::string whole{picture.begin(), picture.end()};
    EXPECT_EQ(picture_traces_in("before" + whole, samples).size(), samples.size());
    EXPECT_TRUE(picture_traces_in(whole.substr(5, 40), samples).empty());
    EXPECT_TRUE(raw_samples(std::vector<std::uint8_t>(9'000, 7)).empty());  // nothing to know it by
}

TEST(PictureTraces, AreLookedForInEveryFile) {
    const app::Folder folder;
    std::filesystem::create_directories(folder.file("a/b"));
    folder.write("a/b/.hidden-wal", std::string{kPlanted[0].bytes});
    folder.write("fine", "nothing here");
    const auto traces = picture_traces(folder.path());
    ASSERT_EQ(traces.size(), 1U);
    EXPECT_TRUE(traces[0].file.ends_with("/a/b/.hidden-wal"));
}

}  // namespace
}  // namespace aisle::kit
