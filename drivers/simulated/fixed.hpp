#pragma once

#include <array>
#include <cstdint>

// Angles and roots in integers. A whole turn is 256, so that an angle wraps as its byte does.
namespace aisle::simulated {

inline constexpr int kTurn = 256;
inline constexpr int kUnit = 1 << 14;  // what sine and cosine call 1

// sin of 0, 1, ..., 64 parts of 256 of a turn, times kUnit, rounded.
inline constexpr std::array<std::int16_t, 65> kQuarterSine{
    0,     402,   804,   1205,  1606,  2006,  2404,  2801,  3196,  3590,  3981,  4370,  4756,
    5139,  5520,  5897,  6270,  6639,  7005,  7366,  7723,  8076,  8423,  8765,  9102,  9434,
    9760,  10080, 10394, 10702, 11003, 11297, 11585, 11866, 12140, 12406, 12665, 12916, 13160,
    13395, 13623, 13842, 14053, 14256, 14449, 14635, 14811, 14978, 15137, 15286, 15426, 15557,
    15679, 15791, 15893, 15986, 16069, 16143, 16207, 16261, 16305, 16340, 16364, 16379, 16384};

constexpr int sine(int angle) {
    const auto turned = static_cast<std::size_t>(angle & (kTurn - 1));
    if (turned <= 64) return kQuarterSine[turned];
    if (turned <= 128) return kQuarterSine[128 - turned];
    if (turned <= 192) return -kQuarterSine[turned - 128];
    return -kQuarterSine[256 - turned];
}
constexpr int cosine(int angle) { return sine(angle + 64); }

// The angle of a vector, clockwise from rightwards as y grows downwards; within two degrees, which
// nobody sees in a heading. 0 for no vector.
constexpr int angle_of(std::int64_t x, std::int64_t y) {
    const std::int64_t ax = x < 0 ? -x : x;
    const std::int64_t ay = y < 0 ? -y : y;
    if (ax == 0 && ay == 0) return 0;
    // atan(r) is near r (45 + 15.6 (1 - r)) degrees in the first eighth.
    const auto eighth = [](std::int64_t small, std::int64_t large) {
        const std::int64_t r = small * 256 / large;
        return static_cast<int>(r * (32 * 256 + 11 * (256 - r)) / (256 * 256));
    };
    const int first = ax >= ay ? eighth(ay, ax) : 64 - eighth(ax, ay);
    const int upper = x < 0 ? 128 - first : first;
    return y < 0 ? (256 - upper) & 255 : upper;
}

// The whole part of a square root; Newton's steps from above.
constexpr std::int64_t root_of(std::int64_t square) {
    if (square < 2) return square < 0 ? 0 : square;
    std::int64_t guess = square;
    for (std::int64_t next = (guess + 1) / 2; next < guess; next = (guess + square / guess) / 2) {
        guess = next;
    }
    return guess;
}

}  // namespace aisle::simulated
