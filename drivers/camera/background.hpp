#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "drivers/camera/frame.hpp"

namespace aisle::camera {

struct BackgroundSettings {
    int history = 500;  // frames that it remembers, most of them dimly
    // A shadow is the background's colour made darker, but not darker than this share of it.
    int shadow_permille = 500;
};

// What a fixed camera sees when nobody is there: k nearest neighbours among samples of each pixel
// in three memories of different length (Zivkovic and van der Heijden 2006, as OpenCV's
// BackgroundSubtractorKNN has it). Written here for what OpenCV's lacks: a pixel can be kept from
// learning, so that people who stand still are not painted into the floor; the threshold follows
// the camera's grain; and chance and arithmetic are integers of our own, the same on every machine.
// One thread; 84 bytes a pixel.
class Background {
public:
    static constexpr std::uint8_t kFloor = 0;
    static constexpr std::uint8_t kShadow = 127;
    static constexpr std::uint8_t kOther = 255;

    explicit Background(BackgroundSettings settings = {}) : settings_{settings} {}

    struct Look {
        std::span<const std::uint8_t> bgr;     // three bytes a pixel
        std::span<const std::uint8_t> frozen;  // a pixel that is not 0 learns nothing; or empty
        int distance2 = 650;  // squared colour distance from which a pixel is other
    };
    // Judges each pixel of the next picture into `mask` and learns from it. A picture of another
    // size begins anew.
    void look(const Look& look, std::span<std::uint8_t> mask);
    // A shadow fades into the floor, a body in clothes of a darker floor's colour has an edge:
    // turns pixels of `mask` from shadow to other where brightness beside the floor's changes by
    // `drop_permille` or more from one neighbour to the opposite one. After look(), of the same
    // picture.
    struct Edges {
        std::span<const std::uint8_t> bgr;
        int width = 0;  // of the picture, pixels
        int drop_permille = 0;
    };
    void find_edges(const Edges& edges, std::span<std::uint8_t> mask);
    void forget() { samples_.clear(); }

private:
    static constexpr std::size_t kMemories = 3;  // short, middle, long
    static constexpr std::size_t kDepth = 7;     // samples in each
    static constexpr std::size_t kSamples = kMemories * kDepth;
    // Blue, green, red, and whether it was seen so often that it is floor.
    using Sample = std::array<std::uint8_t, 4>;
    using Samples = std::array<Sample, kSamples>;
    // When a memory takes its next sample: each pixel once in a cycle, at an instant of its own.
    struct Memory {
        int cycle_frames = 1;
        int frame = 0;
        std::size_t slot = 0;
        std::vector<std::uint8_t> due;  // a pixel's frame in the cycle
        void begin_cycle(int frames, std::uint32_t& chance);
        bool advance();
    };

    void begin(std::span<const std::uint8_t> bgr);
    void turn_cycles();
    std::uint8_t judge(const std::uint8_t* pixel, const Samples& samples, int distance2,
                       bool& familiar) const;
    [[nodiscard]] bool shadow(const std::uint8_t* pixel, const Samples& samples,
                              int distance2) const;
    void learn(const std::uint8_t* pixel, std::size_t at, bool familiar);
    [[nodiscard]] int share_permille(std::span<const std::uint8_t> bgr, std::size_t at) const;
    [[nodiscard]] bool is_edge(const Edges& edges, std::span<const std::uint8_t> mask,
                               std::size_t at) const;

    BackgroundSettings settings_;
    std::vector<Samples> samples_;
    std::array<Memory, kMemories> memories_;
    std::vector<std::size_t> edges_;  // found in a picture; kept for its memory
    std::uint32_t chance_ = 0;
    std::int64_t frames_ = 0;
};

}  // namespace aisle::camera
