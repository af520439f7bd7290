#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "drivers/camera/frame.hpp"

namespace aisle::camera {

// How much lighter or darker each part of the picture is than it was learnt, so that clouds, a lamp
// that fails and a door that opens to the sun can be taken out of it before anybody is looked for.
// A part's light is the median over its points of brightness by brightness of the empty floor:
// people cover less than half of a part. Integers only. One thread.
class LightField {
public:
    // A sensible change; one beyond it is another scene.
    static constexpr int kUnit = 256;
    static constexpr int kGainMin = kUnit / 4;
    static constexpr int kGainMax = kUnit * 4;

    struct View {
        Frame::Size size;
        std::span<const std::uint8_t> bgr;     // three bytes a pixel
        std::span<const std::uint8_t> frozen;  // where people stand: not asked; or empty
    };
    // Compares the picture with what was learnt. The first one is what is learnt.
    void measure(const View& view);
    // Takes the difference out of `bgr`, in place. Does nothing where there is none.
    void level(Frame::Size size, std::span<std::uint8_t> bgr) const;
    // What a levelled picture shows where `mask` is 0, the floor, is remembered.
    void learn(const View& levelled, std::span<const std::uint8_t> mask);
    void forget() { floor_.clear(); }

    // The whole picture's change, kUnit for none.
    [[nodiscard]] int gain() const { return whole_; }
    // Standard deviation of a byte's grain, in 1/16.
    [[nodiscard]] int grain_16() const { return grain_16_; }

private:
    static constexpr int kColumns = 5;
    static constexpr int kRows = 4;
    static constexpr int kStep = 3;  // pixels between two points that are looked at

    void begin(const View& view);
    [[nodiscard]] bool even() const;

    Frame::Size size_;
    std::vector<std::uint16_t> floor_;  // brightness of the points, in 1/16
    std::array<int, kColumns * kRows> gains_{};
    int whole_ = kUnit;
    int grain_16_ = 0;
};

}  // namespace aisle::camera
