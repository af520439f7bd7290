#include "drivers/camera/background.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace aisle::camera {
namespace {

constexpr std::uint32_t kSeed = 0x61'69'73'6c;
constexpr int kNearMin = 2;     // samples near a pixel that make it floor
constexpr int kCycleMax = 255;  // frames

// Marsaglia 2003.
std::uint32_t draw(std::uint32_t& state) {
    state ^= state << 13U;
    state ^= state >> 17U;
    state ^= state << 5U;
    return state;
}

int squared(int value) { return value * value; }

int distance2_of(const std::uint8_t* pixel, const std::array<std::uint8_t, 4>& sample) {
    return squared(pixel[0] - sample[0]) + squared(pixel[1] - sample[1]) +
           squared(pixel[2] - sample[2]);
}

// Frames that the memories span: a sample's weight falls to 70 %, 40 % and 10 % along them.
std::array<int, 3> spans_of(double rate) {
    const double log_rate = std::log(1 - rate);
    const int first = static_cast<int>(std::log(0.7) / log_rate) + 1;
    const int second = static_cast<int>(std::log(0.4) / log_rate) - first + 1;
    const int third = static_cast<int>(std::log(0.1) / log_rate) - first - second + 1;
    return {first, second, third};
}

}  // namespace

void Background::Memory::begin_cycle(int frames, std::uint32_t& chance) {
    cycle_frames = std::clamp(frames, 1, kCycleMax);
    frame = 0;
    slot = (slot + 1) % kDepth;
    for (std::uint8_t& instant : due) {
        const std::uint64_t share = draw(chance);
        instant = static_cast<std::uint8_t>(share * static_cast<unsigned>(cycle_frames) >> 32U);
    }
}

// True at the end of a cycle.
bool Background::Memory::advance() { return ++frame >= cycle_frames; }

void Background::begin(std::span<const std::uint8_t> bgr) {
    const std::size_t pixels = bgr.size() / 3;
    samples_.assign(pixels, {});
    chance_ = kSeed;
    frames_ = 0;
    for (Memory& memory : memories_) {
        memory = {};
        memory.due.assign(pixels, 0);
    }
    for (std::size_t i = 0; i < pixels; ++i) {
        samples_[i].fill({bgr[3 * i], bgr[3 * i + 1], bgr[3 * i + 2], 1});
    }
    for (Memory& memory : memories_) memory.begin_cycle(1, chance_);
}

void Background::turn_cycles() {
    const auto span = std::min<std::int64_t>(2 * ++frames_, settings_.history);
    const auto spans = spans_of(1.0 / static_cast<double>(std::max<std::int64_t>(span, 2)));
    for (std::size_t m = 0; m < kMemories; ++m) {
        if (!memories_[m].advance()) continue;
        memories_[m].begin_cycle(spans[m] / static_cast<int>(kDepth) + 1, chance_);
    }
}

bool Background::shadow(const std::uint8_t* pixel, const Samples& samples, int distance2) const {
    int near = 0;
    for (const Sample& sample : samples) {
        if (sample[3] == 0) continue;
        // The share of the sample that comes nearest to the pixel: their product over its square.
        const int both = pixel[0] * sample[0] + pixel[1] * sample[1] + pixel[2] * sample[2];
        const int own = squared(sample[0]) + squared(sample[1]) + squared(sample[2]);
        if (own == 0 || both > own || both * 1000LL < own * std::int64_t{settings_.shadow_permille})
            continue;
        const std::int64_t left = squared(pixel[0]) + squared(pixel[1]) + squared(pixel[2]) -
                                  std::int64_t{both} * both / own;
        const std::int64_t allowed = std::int64_t{distance2} * both / own * both / own;
        if (left < allowed && ++near >= kNearMin) return true;
    }
    return false;
}

std::uint8_t Background::judge(const std::uint8_t* pixel, const Samples& samples, int distance2,
                               bool& familiar) const {
    int near_floor = 0;
    int near_any = 0;
    for (const Sample& sample : samples) {
        if (distance2_of(pixel, sample) >= distance2) continue;
        ++near_any;
        if (sample[3] != 0 && ++near_floor >= kNearMin) {
            familiar = true;
            return kFloor;
        }
    }
    familiar = near_any >= kNearMin;
    return shadow(pixel, samples, distance2) ? kShadow : kOther;
}

// A memory passes on what it is about to lose to the next longer one.
void Background::learn(const std::uint8_t* pixel, std::size_t at, bool familiar) {
    Samples& samples = samples_[at];
    for (std::size_t m = kMemories; m-- > 0;) {
        Memory& memory = memories_[m];
        if (memory.due[at] != memory.frame) continue;
        Sample& slot = samples[m * kDepth + memory.slot];
        if (m == 0) {
            slot = {pixel[0], pixel[1], pixel[2], static_cast<std::uint8_t>(familiar ? 1 : 0)};
        } else {
            slot = samples[(m - 1) * kDepth + memories_[m - 1].slot];
        }
    }
}

void Background::look(const Look& look, std::span<std::uint8_t> mask) {
    const std::size_t pixels = look.bgr.size() / 3;
    if (samples_.size() != pixels) begin(look.bgr);
    for (std::size_t i = 0; i < pixels; ++i) {
        const std::uint8_t* pixel = look.bgr.data() + 3 * i;
        bool familiar = false;
        mask[i] = judge(pixel, samples_[i], look.distance2, familiar);
        if (look.frozen.empty() || look.frozen[i] == 0) learn(pixel, i, familiar);
    }
    turn_cycles();
}

// Brightness beside the floor's, which is the last thing that a long memory has of it.
int Background::share_permille(std::span<const std::uint8_t> bgr, std::size_t at) const {
    const Samples& samples = samples_[at];
    for (std::size_t i = kSamples; i-- > 0;) {
        if (samples[i][3] == 0) continue;
        const int own = samples[i][0] + samples[i][1] + samples[i][2];
        return own == 0 ? 1000 : 1000 * (bgr[3 * at] + bgr[3 * at + 1] + bgr[3 * at + 2]) / own;
    }
    return 1000;
}

bool Background::is_edge(const Edges& edges, std::span<const std::uint8_t> mask,
                         std::size_t at) const {
    for (const std::size_t step : {std::size_t{1}, static_cast<std::size_t>(edges.width)}) {
        if (mask[at - step] == kOther || mask[at + step] == kOther) continue;  // found already
        const int drop =
            share_permille(edges.bgr, at - step) - share_permille(edges.bgr, at + step);
        if (std::abs(drop) >= edges.drop_permille) return true;
    }
    return false;
}

void Background::find_edges(const Edges& edges, std::span<std::uint8_t> mask) {
    edges_.clear();
    const auto row = static_cast<std::size_t>(edges.width);
    for (std::size_t i = row; i + row < mask.size(); ++i) {
        const bool inside = i % row != 0 && i % row != row - 1;
        if (inside && mask[i] == kShadow && is_edge(edges, mask, i)) edges_.push_back(i);
    }
    for (const std::size_t at : edges_) mask[at] = kOther;
}

}  // namespace aisle::camera
