#include "drivers/camera/picture_watch.hpp"

#include <algorithm>
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
constexpr std::size_t kStride =
    7;  // bytes between two that are looked at for light; no multiple of 3

// FNV-1a over words (Fowler, Noll and Vo), for telling a picture from the one before.
std::uint64_t sum_of(const std::vector<std::uint8_t>& bytes) {
    std::uint64_t sum = 0xcbf29ce484222325U;
    for (const std::uint8_t byte : bytes) sum = (sum ^ byte) * 0x100000001b3U;
    return sum;
}

bool black(const std::vector<std::uint8_t>& bytes) {
    int low = 255;
    int high = 0;
    for (std::size_t i = 0; i < bytes.size(); i += kStride) {
        low = std::min<int>(low, bytes[i]);
        high = std::max<int>(high, bytes[i]);
    }
    return high <= kBlackest && high - low <= kFlat;
}

}  // namespace

void PictureWatch::reset() {
    sum_ = 0;
    size_ = {};
    fresh_.reset();
    last_.reset();
    credit_ = kBurst;
    told_ = false;
}

Worth PictureWatch::worth_of(const Frame& frame, MonoTime now, milliseconds period) {
    const auto passed =
        last_ ? std::chrono::duration_cast<milliseconds>(now - *last_) : milliseconds{0};
    last_ = now;
    credit_ = std::min(kBurst, credit_ + passed);
    const std::uint64_t sum = sum_of(frame.bgr);
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
    if (verdict.worth == Worth::Fresh || !fresh_) {
        fresh_ = now;
        told_ = false;
        return verdict;
    }
    const milliseconds most = verdict.worth == Worth::Repeat  ? limits_.frozen_max
                              : verdict.worth == Worth::Black ? limits_.black_max
                                                              : limits_.fast_max;
    verdict.reopen = now - *fresh_ >= most && !std::exchange(told_, now - *fresh_ >= most);
    return verdict;
}

}  // namespace aisle::camera
