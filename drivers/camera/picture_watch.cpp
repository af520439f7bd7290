#include "drivers/camera/picture_watch.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

namespace aisle::camera {
namespace {

// A burst after a hitch of the network is no stuck sender: so much time's pictures may come at
// once.
constexpr milliseconds kBurst{2000};
// A picture of which no byte is brighter, or of which all bytes are within so little of each other,
// shows nothing: the coldest night has grain.
constexpr int kBlackest = 24;
constexpr int kFlat = 6;
// Bytes between two that are looked at for light; no multiple of 3, so that each colour comes.
constexpr std::size_t kStride = 7;
// Of the rows every so many are summed: a sensor's grain and a person's step are in all of them,
// and the sum must cost next to nothing beside the detector.
constexpr int kRowsApart = 4;
constexpr std::size_t kLanes = 4;  // sums side by side, so that no multiplication waits for another

// FNV-1a's step (Fowler, Noll and Vo), for a word at a time: no two words give the same.
std::uint64_t with(std::uint64_t sum, const std::uint8_t* bytes) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes, sizeof word);
    return (sum ^ word) * 0x100000001b3U;
}

// For telling a picture from the one before.
std::uint64_t sum_of(const Frame& frame) {
    std::array<std::uint64_t, kLanes> sums{};
    sums.fill(0xcbf29ce484222325U);
    constexpr std::size_t kWord = sizeof sums[0];
    const std::size_t row_bytes = static_cast<std::size_t>(frame.width) * 3;
    for (int row = 0; row < frame.height; row += kRowsApart) {
        const std::uint8_t* bytes = frame.bgr.data() + static_cast<std::size_t>(row) * row_bytes;
        std::size_t left = row_bytes;
        for (; left >= kLanes * kWord; left -= kLanes * kWord, bytes += kLanes * kWord) {
            for (std::size_t lane = 0; lane < kLanes; ++lane)
                sums[lane] = with(sums[lane], bytes + lane * kWord);
        }
        for (; left > 0; --left, ++bytes) sums[0] = (sums[0] ^ *bytes) * 0x100000001b3U;
    }
    std::uint64_t sum = sums[0];
    for (std::size_t lane = 1; lane < kLanes; ++lane)
        sum = (sum ^ sums[lane]) * 0x9e3779b97f4a7c15U;
    return sum;
}

bool black(const std::vector<std::uint8_t>& bytes) {
    int low = 255;
    int high = 0;
    for (std::size_t i = 0; i < bytes.size(); i += kStride) {
        low = std::min<int>(low, bytes[i]);
        high = std::max<int>(high, bytes[i]);
        if (high > kBlackest || high - low > kFlat) return false;  // as most do in the first row
    }
    return true;
}

}  // namespace

void PictureWatch::reset() {
    sum_ = 0;
    size_ = {};
    fresh_.reset();
    last_.reset();
    credit_ = kBurst;
    told_ = false;
    fast_from_.reset();
    fast_last_.reset();
}

Worth PictureWatch::worth_of(const Frame& frame, MonoTime now, milliseconds period) {
    const auto passed =
        last_ ? std::chrono::duration_cast<milliseconds>(now - *last_) : milliseconds{0};
    last_ = now;
    credit_ = std::min(kBurst, credit_ + passed);
    const std::uint64_t sum = sum_of(frame);
    if (std::exchange(sum_, sum) == sum) return Worth::Repeat;
    if (black(frame.bgr)) return Worth::Black;
    // Twice the rate that was told is still taken.
    if (credit_ < period / 2) return Worth::TooFast;
    credit_ -= period / 2;
    return Worth::Fresh;
}

PictureWatch::Verdict PictureWatch::look(const Frame& frame, MonoTime now, milliseconds period) {
    Verdict verdict;
    const Frame::Size before = std::exchange(size_, {frame.width, frame.height});
    verdict.resized =
        before.width != 0 && (before.width != size_.width || before.height != size_.height);
    verdict.worth = worth_of(frame, now, period);
    verdict.reopen = races(verdict.worth, now) || hopeless(verdict.worth, now);
    return verdict;
}

// Nothing that was worth looking at for too long.
bool PictureWatch::hopeless(Worth worth, MonoTime now) {
    if (worth == Worth::Fresh || !fresh_) {
        fresh_ = now;
        told_ = false;
        return false;
    }
    if (worth == Worth::TooFast) return false;
    const milliseconds most = worth == Worth::Repeat ? limits_.frozen_max : limits_.black_max;
    return now - *fresh_ >= most && !std::exchange(told_, true);
}

// Too fast all the time, with no pause that is longer than the burst after a hitch.
bool PictureWatch::races(Worth worth, MonoTime now) {
    if (worth != Worth::TooFast) {
        if (fast_last_ && now - *fast_last_ >= limits_.fast_max) fast_told_ = false;
        return false;
    }
    if (!fast_from_ || now - *fast_last_ > kBurst) fast_from_ = now;
    fast_last_ = now;
    return now - *fast_from_ >= limits_.fast_max && !std::exchange(fast_told_, true);
}

}  // namespace aisle::camera
