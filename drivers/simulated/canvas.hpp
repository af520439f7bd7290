#pragma once

#include <array>
#include <vector>

#include "drivers/simulated/picture.hpp"
#include "drivers/simulated/walker.hpp"

// Painting in whole numbers. What lies outside the picture is left out.
namespace aisle::simulated {

// An ellipse or a rectangle: `across` and `along` are half its size in sub-pixels, along the
// heading and at right angles to it.
struct Shape {
    Spot middle;
    int across = 0;
    int along = 0;
    int heading = 0;  // 1/256 of a turn
};

// The upright box around an ellipse, in sub-pixels: half its width and height.
Spot half_box(const Shape& ellipse);

void paint_ellipse(Picture& picture, const Shape& shape, Colour colour);
void paint_rectangle(Picture& picture, const Shape& shape, Colour colour);
// Every second line of a grid of 4 pixels: a wire basket, through which the floor is seen.
void paint_basket(Picture& picture, const Shape& shape, Colour colour);

// Multiplies what is under an upright ellipse, by 256 + `strength` (1/256) in its middle, by less
// towards its edge: negative for a shadow, positive for a light.
void shade(Picture& picture, const Shape& shape, int strength);

// Light for each row and for each column, 1/256; both are multiplied.
struct Gains {
    std::array<std::uint16_t, kSceneHeight> rows{};
    std::array<std::uint16_t, kSceneWidth> columns{};
};

// The grain of a camera: a long strip of normal noise, of which every row of every frame takes
// another part. Made of integers (the sum of twelve bytes), so it is the same everywhere.
class Grain {
public:
    Grain(std::uint64_t seed, int sigma);
    // One row's part. `key` is any number of frame and row.
    [[nodiscard]] const std::int8_t* row(std::uint64_t key) const;

private:
    std::vector<std::int8_t> strip_;
    std::uint64_t seed_;
};

// Lights the painted picture and puts the grain of frame number `frame` over it.
void develop(Picture& picture, const Gains& gains, const Grain& grain, std::uint64_t frame);

}  // namespace aisle::simulated
