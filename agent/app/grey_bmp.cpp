#include "agent/app/grey_bmp.hpp"

#include <cassert>

namespace aisle::app {
namespace {

constexpr std::uint32_t kFileHeader = 14;
constexpr std::uint32_t kPictureHeader = 40;
constexpr std::uint32_t kGreys = 256;

void put(std::string& out, std::uint32_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) out += static_cast<char>((value >> (8 * i)) & 0xFFU);
}

}  // namespace

std::string grey_bmp(const camera::GreyPicture& picture) {
    const auto width = static_cast<std::uint32_t>(picture.width);
    const auto height = static_cast<std::uint32_t>(picture.height);
    assert(picture.grey.size() == static_cast<std::size_t>(width) * height);
    const std::uint32_t row = (width + 3) / 4 * 4;
    const std::uint32_t pixels = kFileHeader + kPictureHeader + 4 * kGreys;
    std::string out{"BM"};
    put(out, pixels + row * height, 4);
    put(out, 0, 4);
    put(out, pixels, 4);
    put(out, kPictureHeader, 4);
    put(out, width, 4);
    put(out, height, 4);
    put(out, 1, 2);             // planes
    put(out, 8, 2);             // bits a pixel
    put(out, 0, 4);             // not compressed
    put(out, row * height, 4);  // bytes of pixels
    put(out, 2835, 4);          // pixels a metre: 72 dpi
    put(out, 2835, 4);
    put(out, kGreys, 4);
    put(out, 0, 4);
    for (std::uint32_t grey = 0; grey < kGreys; ++grey) put(out, grey * 0x010101U, 4);
    for (std::uint32_t y = height; y-- > 0;) {
        const auto from = picture.grey.begin() + static_cast<std::ptrdiff_t>(y) * picture.width;
        out.append(from, from + picture.width);
        out.append(row - width, '\0');
    }
    return out;
}

}  // namespace aisle::app
