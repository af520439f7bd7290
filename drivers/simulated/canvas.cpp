#include "drivers/simulated/canvas.hpp"

#include <algorithm>

#include "drivers/simulated/fixed.hpp"
#include "drivers/simulated/noise.hpp"

namespace aisle::simulated {
namespace {

constexpr std::size_t kRowBytes = std::size_t{3} * kSceneWidth;
constexpr std::size_t kStripBytes = 1 << 16;
constexpr int kWhole = 256;    // what a pixel's cover and an ellipse's edge are called
constexpr int kSoftEdge = 16;  // an ellipse's rim fades over so many 1/256 inside and outside

struct Window {
    int left = 0;
    int right = 0;  // one beyond
    int top = 0;
    int bottom = 0;
};

// The pixels that a box of sub-pixels touches, inside the picture.
Window window_of(Spot middle, Spot half) {
    const auto cut = [](int value, int limit) { return std::clamp(value, 0, limit); };
    return {.left = cut((middle.x - half.x) / kSub - 1, kSceneWidth),
            .right = cut((middle.x + half.x) / kSub + 2, kSceneWidth),
            .top = cut((middle.y - half.y) / kSub - 1, kSceneHeight),
            .bottom = cut((middle.y + half.y) / kSub + 2, kSceneHeight)};
}

std::uint8_t* pixel(Picture& picture, int x, int y) {
    return picture.bgr.data() + static_cast<std::size_t>(y) * kRowBytes +
           static_cast<std::size_t>(x) * 3;
}

std::uint8_t byte(int value) { return static_cast<std::uint8_t>(std::clamp(value, 0, 255)); }

// `cover` of 256 parts of the colour.
void blend(std::uint8_t* at, Colour colour, int cover) {
    const auto mix = [cover](int old, int fresh) {
        return static_cast<std::uint8_t>(old + (((fresh - old) * cover) >> 8));
    };
    at[0] = mix(at[0], colour.blue);
    at[1] = mix(at[1], colour.green);
    at[2] = mix(at[2], colour.red);
}

// A pixel's place in a shape's own directions, sub-pixels.
struct Frame {
    explicit Frame(const Shape& shape)
        : middle{shape.middle}, cos{cosine(shape.heading)}, sin{sine(shape.heading)} {}
    [[nodiscard]] int along(int x, int y) const {
        return ((x * kSub + kSub / 2 - middle.x) * cos + (y * kSub + kSub / 2 - middle.y) * sin) >>
               14;
    }
    [[nodiscard]] int across(int x, int y) const {
        return ((y * kSub + kSub / 2 - middle.y) * cos - (x * kSub + kSub / 2 - middle.x) * sin) >>
               14;
    }
    Spot middle;
    int cos;
    int sin;
};

// How far out a place is, 256 at the ellipse's rim: the squares over those of the half sizes, by
// reciprocals of 24 bits.
class Rim {
public:
    explicit Rim(const Shape& shape)
        : along_{one_over(shape.along)}, across_{one_over(shape.across)} {}
    [[nodiscard]] int at(std::int64_t along, std::int64_t across) const {
        return static_cast<int>((along * along * along_ + across * across * across_) >> 24);
    }

private:
    static std::int64_t one_over(std::int64_t half) {
        return (std::int64_t{kWhole} << 24) / std::max<std::int64_t>(half * half, 1);
    }
    std::int64_t along_;
    std::int64_t across_;
};

template <typename Cover>
void fill(Picture& picture, const Shape& shape, Colour colour, Spot half, Cover cover) {
    const Frame frame{shape};
    const Window window = window_of(shape.middle, half);
    for (int y = window.top; y < window.bottom; ++y) {
        std::uint8_t* at = pixel(picture, window.left, y);
        for (int x = window.left; x < window.right; ++x, at += 3) {
            const int covered = cover(frame.along(x, y), frame.across(x, y));
            if (covered > 0) blend(at, colour, covered);
        }
    }
}

Spot half_box_of_rectangle(const Shape& shape) {
    const int cos = std::abs(cosine(shape.heading));
    const int sin = std::abs(sine(shape.heading));
    return {(shape.along * cos + shape.across * sin) >> 14,
            (shape.along * sin + shape.across * cos) >> 14};
}

}  // namespace

Spot half_box(const Shape& ellipse) {
    const auto half = [&](int along_part, int across_part) {
        const std::int64_t along = std::int64_t{ellipse.along} * along_part;
        const std::int64_t across = std::int64_t{ellipse.across} * across_part;
        return static_cast<int>(root_of(along * along + across * across) >> 14);
    };
    const int cos = cosine(ellipse.heading);
    const int sin = sine(ellipse.heading);
    return {half(cos, sin), half(sin, cos)};
}

void paint_ellipse(Picture& picture, const Shape& shape, Colour colour) {
    const Rim rim{shape};
    fill(picture, shape, colour, half_box(shape), [&](int along, int across) {
        const int out = rim.at(along, across);
        return std::clamp((kWhole + kSoftEdge - out) * (kWhole / (2 * kSoftEdge)), 0, kWhole);
    });
}

void paint_rectangle(Picture& picture, const Shape& shape, Colour colour) {
    fill(picture, shape, colour, half_box_of_rectangle(shape), [&](int along, int across) {
        return std::abs(along) <= shape.along && std::abs(across) <= shape.across ? kWhole : 0;
    });
}

void paint_basket(Picture& picture, const Shape& shape, Colour colour) {
    constexpr int kMesh = 4 * kSub;
    constexpr int kBorder = 2 * kSub;
    fill(picture, shape, colour, half_box_of_rectangle(shape), [&](int along, int across) {
        const int rest_along = shape.along - std::abs(along);
        const int rest_across = shape.across - std::abs(across);
        if (rest_along < 0 || rest_across < 0) return 0;
        if (rest_along < kBorder || rest_across < kBorder) return kWhole;
        const bool wire = rest_along % kMesh < kSub || rest_across % kMesh < kSub;
        return wire ? kWhole * 3 / 4 : kWhole / 8;
    });
}

void shade(Picture& picture, const Shape& shape, int strength) {
    const Rim rim{shape};
    const Window window = window_of(shape.middle, {shape.along, shape.across});
    for (int y = window.top; y < window.bottom; ++y) {
        std::uint8_t* at = pixel(picture, window.left, y);
        const std::int64_t across = y * kSub + kSub / 2 - shape.middle.y;
        for (int x = window.left; x < window.right; ++x, at += 3) {
            const int out = rim.at(x * kSub + kSub / 2 - shape.middle.x, across);
            if (out >= kWhole) continue;
            const int factor = kWhole + strength * (kWhole - out) / kWhole;
            for (int i = 0; i < 3; ++i) at[i] = byte((at[i] * factor) >> 8);
        }
    }
}

Grain::Grain(std::uint64_t seed, int sigma) : seed_{seed} {
    Noise noise{seed, 77};
    strip_.reserve(kStripBytes + kRowBytes);
    while (strip_.size() < kStripBytes + kRowBytes) {
        // Twelve bytes have the sum 1530 and the variance 256 * 256 (less one part in 65,536).
        int sum = 0;
        for (int half = 0; half < 2; ++half) {
            std::uint64_t bits = noise.next();
            for (int i = 0; i < 6; ++i, bits >>= 8) sum += static_cast<int>(bits & 0xff);
        }
        const int scaled = ((sum - 1530) * sigma * 2 + 256) >> 9;
        strip_.push_back(static_cast<std::int8_t>(std::clamp(scaled, -127, 127)));
    }
}

const std::int8_t* Grain::row(std::uint64_t key) const {
    return strip_.data() + (Noise{seed_, key}.next() & (kStripBytes - 1));
}

namespace {

using RowGains = std::array<std::uint16_t, kRowBytes>;

void fill_gains(RowGains& into, int row_gain, const Gains& gains) {
    for (std::size_t x = 0; x < kSceneWidth; ++x) {
        const auto gain = static_cast<std::uint16_t>((row_gain * gains.columns[x]) >> 8);
        into[x * 3] = into[x * 3 + 1] = into[x * 3 + 2] = gain;
    }
}

// Plain pointers and 16 bits, so that a compiler makes a vector loop of it.
void develop_row(std::uint8_t* bytes, const std::uint16_t* gains, const std::int8_t* noise) {
    for (std::size_t i = 0; i < kRowBytes; ++i) {
        const auto high = static_cast<std::uint16_t>(bytes[i] << 8);
        const auto lit = static_cast<std::int16_t>((std::uint32_t{high} * gains[i]) >> 16);
        const auto grained = static_cast<std::int16_t>(lit + noise[i]);
        const std::int16_t not_black = grained < 0 ? std::int16_t{0} : grained;
        bytes[i] = static_cast<std::uint8_t>(not_black > 255 ? std::int16_t{255} : not_black);
    }
}

}  // namespace

void develop(Picture& picture, const Gains& gains, const Grain& grain, std::uint64_t frame) {
    RowGains row_gains{};
    int filled_for = -1;
    for (std::size_t y = 0; y < kSceneHeight; ++y) {
        if (const int gain = gains.rows[y]; gain != filled_for) {
            fill_gains(row_gains, gain, gains);
            filled_for = gain;
        }
        develop_row(picture.bgr.data() + y * kRowBytes, row_gains.data(),
                    grain.row(frame * kSceneHeight + y));
    }
}

}  // namespace aisle::simulated
