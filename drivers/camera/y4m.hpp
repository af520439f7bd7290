#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "agent/core/error.hpp"
#include "drivers/camera/frame.hpp"

// YUV4MPEG2 (mjpegtools, yuv4mpeg(5)): one header line, then for each picture a line that begins
// with FRAME and the planes Y, U, V. Pure.
namespace aisle::camera {

inline constexpr std::string_view kY4mMagic = "YUV4MPEG2 ";
inline constexpr std::size_t kY4mLineMax = 256;  // of the header and of a FRAME line
inline constexpr int kY4mSideMax = 4096;         // pixels

struct Y4mHeader {
    Frame::Size size;
    double fps = 0;  // 0: not told

    // Y, then U and V at half the width and height.
    [[nodiscard]] std::size_t picture_bytes() const;
};

// The header line without its end. Malformed: no magic, no sensible size, another sampling than
// 4:2:0 of 8 bits.
Result<Y4mHeader> parse_y4m_header(std::string_view line);

// `planes` holds picture_bytes(). BT.601 with limited range, as FFmpeg takes such a stream.
void picture_from_y4m(std::span<const std::uint8_t> planes, const Y4mHeader& header, Frame& into);

}  // namespace aisle::camera
