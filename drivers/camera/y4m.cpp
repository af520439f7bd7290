#include "drivers/camera/y4m.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <charconv>

namespace aisle::camera {
namespace {

constexpr double kFpsMax = 240;

int number_of(std::string_view text) {
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc{} && end == text.data() + text.size() ? value : -1;
}

// "25:1" or "30000:1001"; 0 for anything else.
double rate_of(std::string_view text) {
    const auto colon = text.find(':');
    if (colon == std::string_view::npos) return 0;
    const int over = number_of(text.substr(0, colon));
    const int under = number_of(text.substr(colon + 1));
    const double rate = over > 0 && under > 0 ? static_cast<double>(over) / under : 0;
    return rate <= kFpsMax ? rate : 0;
}

// The names that yuv4mpeg(5) has for 4:2:0 of 8 bits: they differ in where the chroma is measured.
bool is_420(std::string_view sampling) {
    constexpr std::array<std::string_view, 4> kSamplings{"420", "420jpeg", "420mpeg2", "420paldv"};
    return std::ranges::find(kSamplings, sampling) != kSamplings.end();
}

std::uint8_t byte(int value) { return static_cast<std::uint8_t>(std::clamp(value, 0, 255)); }

struct Row {
    const std::uint8_t* luma;
    const std::uint8_t* blue;
    const std::uint8_t* red;
};

// BT.601's factors, 1/256, rounded.
void paint_row(const Row& row, std::size_t width, std::uint8_t* out) {
    for (std::size_t x = 0; x < width; ++x, out += 3) {
        const int luma = 298 * (row.luma[x] - 16) + 128;
        const int blueness = row.blue[x / 2] - 128;
        const int redness = row.red[x / 2] - 128;
        out[0] = byte((luma + 516 * blueness) >> 8);
        out[1] = byte((luma - 100 * blueness - 208 * redness) >> 8);
        out[2] = byte((luma + 409 * redness) >> 8);
    }
}

std::size_t half(int side) { return static_cast<std::size_t>(side + 1) / 2; }

}  // namespace

std::size_t Y4mHeader::picture_bytes() const {
    return static_cast<std::size_t>(size.width) * static_cast<std::size_t>(size.height) +
           2 * half(size.width) * half(size.height);
}

Result<Y4mHeader> parse_y4m_header(std::string_view line) {
    if (!line.starts_with(kY4mMagic)) return malformed("no YUV4MPEG2 stream");
    line.remove_prefix(kY4mMagic.size());
    Y4mHeader header;
    while (!line.empty()) {
        const std::string_view word = line.substr(0, line.find(' '));
        line.remove_prefix(std::min(line.size(), word.size() + 1));
        if (word.empty()) continue;
        const std::string_view value = word.substr(1);
        if (word[0] == 'W') header.size.width = number_of(value);
        if (word[0] == 'H') header.size.height = number_of(value);
        if (word[0] == 'F') header.fps = rate_of(value);
        if (word[0] == 'C' && !is_420(value)) {
            return malformed("a YUV4MPEG2 stream that is not 4:2:0 of 8 bits");
        }
    }
    const auto sensible = [](int side) { return side > 0 && side <= kY4mSideMax; };
    if (!sensible(header.size.width) || !sensible(header.size.height)) {
        return malformed("a YUV4MPEG2 header without a sensible size");
    }
    return header;
}

void picture_from_y4m(std::span<const std::uint8_t> planes, const Y4mHeader& header, Frame& into) {
    assert(planes.size() == header.picture_bytes());
    into.shape(header.size);
    const auto width = static_cast<std::size_t>(header.size.width);
    const auto height = static_cast<std::size_t>(header.size.height);
    const std::size_t chroma_width = half(header.size.width);
    const std::uint8_t* luma = planes.data();
    const std::uint8_t* const blue = luma + width * height;
    const std::uint8_t* const red = blue + chroma_width * half(header.size.height);
    std::uint8_t* out = into.bgr.data();
    for (std::size_t row = 0; row < height; ++row, luma += width, out += 3 * width) {
        const std::size_t chroma = row / 2 * chroma_width;
        paint_row({.luma = luma, .blue = blue + chroma, .red = red + chroma}, width, out);
    }
}

}  // namespace aisle::camera
