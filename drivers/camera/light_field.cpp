#include "drivers/camera/light_field.hpp"

#include <algorithm>
#include <cstdlib>

namespace aisle::camera {
namespace {

constexpr int kFine = 16;        // brightness is kept in sixteenths
constexpr int kDarkest = 12;     // of a byte: below it a ratio is mostly grain
constexpr int kPointsMin = 24;   // with fewer a part goes with the whole picture
constexpr int kLearnShare = 16;  // a look is so small a part of what is remembered
constexpr int kEvenEnough = 3;   // of kUnit: smaller changes are left alone
constexpr int kPartStray = 96;   // of kUnit: how far a part may be from the whole picture
constexpr int kGrainShare = 8;   // the grain follows so slowly
// The median of |d| is 0.674 sigma, and a brightness (b + 2g + r) / 4 has 0.61 of a byte's sigma.
constexpr double kSigmaOfMedian = 1 / (0.674 * 0.61);

int brightness(const std::uint8_t* pixel) {
    return (pixel[0] + 2 * pixel[1] + pixel[2]) * kFine / 4;
}

// Counts of small numbers, and the one in the middle.
template <std::size_t Bins>
class Ballot {
public:
    void add(int value) {
        ++votes_[static_cast<std::size_t>(std::clamp(value, 0, static_cast<int>(Bins) - 1))];
        ++count_;
    }
    void add(const Ballot& other) {
        for (std::size_t i = 0; i < Bins; ++i) votes_[i] += other.votes_[i];
        count_ += other.count_;
    }
    [[nodiscard]] int count() const { return count_; }
    [[nodiscard]] int median() const {
        int below = 0;
        for (std::size_t i = 0; i < Bins; ++i) {
            below += votes_[i];
            if (2 * below >= count_) return static_cast<int>(i);
        }
        return 0;
    }

private:
    std::array<int, Bins> votes_{};
    int count_ = 0;
};

// Where a coordinate lies between the middles of the parts of one axis.
struct Between {
    int first = 0;
    int second = 0;
    int share = 0;  // of the second one, 0..256

    static Between of(int at, int size, int parts) {
        const int along = (2 * at + 1) * parts * 128 / size - 128;  // 256 a part, from a middle
        const int inner = std::clamp(along, 0, (parts - 1) * 256);
        const int first = std::min(inner / 256, parts - 1);
        return {
            .first = first, .second = std::min(first + 1, parts - 1), .share = inner - first * 256};
    }
    [[nodiscard]] int mix(int a, int b) const { return a + (b - a) * share / 256; }
};

}  // namespace

void LightField::begin(const View& view) {
    size_ = view.size;
    floor_.clear();
    for (int y = 0; y < size_.height; y += kStep) {
        for (int x = 0; x < size_.width; x += kStep) {
            const auto at = static_cast<std::size_t>(y * size_.width + x);
            floor_.push_back(static_cast<std::uint16_t>(brightness(&view.bgr[3 * at])));
        }
    }
}

void LightField::measure(const View& view) {
    const bool same_size = view.size.width == size_.width && view.size.height == size_.height;
    if (floor_.empty() || !same_size) begin(view);
    using Gains = Ballot<kGainMax + 1>;
    static thread_local std::array<Gains, kColumns * kRows> parts;
    parts.fill({});
    std::size_t point = 0;
    for (int y = 0; y < size_.height; y += kStep) {
        for (int x = 0; x < size_.width; x += kStep, ++point) {
            const auto at = static_cast<std::size_t>(y * size_.width + x);
            const int floor = floor_[point];
            if (floor < kDarkest * kFine) continue;
            if (!view.frozen.empty() && view.frozen[at] != 0) continue;
            const int part = y * kRows / size_.height * kColumns + x * kColumns / size_.width;
            parts[static_cast<std::size_t>(part)].add(brightness(&view.bgr[3 * at]) * kUnit /
                                                      floor);
        }
    }
    Gains all;
    for (const Gains& part : parts) all.add(part);
    whole_ = all.count() < kPointsMin ? kUnit : std::clamp(all.median(), kGainMin, kGainMax);
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const int own = parts[i].count() < kPointsMin ? whole_ : parts[i].median();
        gains_[i] = std::clamp(own, std::max(kGainMin, whole_ - kPartStray), whole_ + kPartStray);
    }
}

bool LightField::even() const {
    return std::ranges::all_of(gains_,
                               [](int gain) { return std::abs(gain - kUnit) <= kEvenEnough; });
}

void LightField::level(Frame::Size size, std::span<std::uint8_t> bgr) const {
    if (floor_.empty() || even()) return;
    std::uint8_t* byte = bgr.data();
    std::array<int, kColumns> row_gains{};
    for (int y = 0; y < size.height; ++y) {
        const Between upright = Between::of(y, size.height, kRows);
        for (int column = 0; column < kColumns; ++column) {
            const auto place = [&](int row) {
                return gains_[static_cast<std::size_t>(row * kColumns + column)];
            };
            row_gains[static_cast<std::size_t>(column)] =
                upright.mix(place(upright.first), place(upright.second));
        }
        for (int x = 0; x < size.width; ++x, byte += 3) {
            const Between across = Between::of(x, size.width, kColumns);
            const int gain = across.mix(row_gains[static_cast<std::size_t>(across.first)],
                                        row_gains[static_cast<std::size_t>(across.second)]);
            const int factor = kUnit * 256 / gain;
            for (int c = 0; c < 3; ++c) {
                byte[c] = static_cast<std::uint8_t>(std::min(255, (byte[c] * factor + 128) >> 8));
            }
        }
    }
}

void LightField::learn(const View& levelled, std::span<const std::uint8_t> mask) {
    Ballot<1024> strays;
    std::size_t point = 0;
    for (int y = 0; y < size_.height; y += kStep) {
        for (int x = 0; x < size_.width; x += kStep, ++point) {
            const auto at = static_cast<std::size_t>(y * size_.width + x);
            const bool person = !levelled.frozen.empty() && levelled.frozen[at] != 0;
            if (mask[at] != 0 || person) continue;
            const int stray = brightness(&levelled.bgr[3 * at]) - floor_[point];
            strays.add(std::abs(stray));
            floor_[point] = static_cast<std::uint16_t>(floor_[point] + stray / kLearnShare);
        }
    }
    if (strays.count() < kPointsMin) return;
    const int now_16 = static_cast<int>(strays.median() * kSigmaOfMedian);
    grain_16_ = grain_16_ == 0 ? now_16 : grain_16_ + (now_16 - grain_16_) / kGrainShare;
}

}  // namespace aisle::camera
