#include "sync/uplink/pace.hpp"

#include <algorithm>
#include <cmath>

namespace aisle::uplink {
namespace {

constexpr double kOwnShare = 0.05;
constexpr double kOwnBytesMost = 64.0 * 1024;  // one batch
constexpr milliseconds kCreditAtLeast{10};
// A live record waits behind what is out. On a slow line the line itself is most of the latency,
// and twice the shortest leaves room for as much again.
constexpr microseconds kLate{25'000};
constexpr double kShrink = 0.75;

double seconds_of(MonoClock::duration time) { return std::chrono::duration<double>(time).count(); }

std::size_t index_of(Stream stream) { return static_cast<std::size_t>(stream); }

}  // namespace

void Pace::link_up() {
    window_ = static_cast<double>(bounds_.window_first);
    starting_ = true;
}

void Pace::set_credit(std::int64_t bytes_s, MonoTime now) {
    fill(now);
    if (credit_ == 0) tokens_ = static_cast<double>(bytes_s);
    credit_ = bytes_s;
}

// The bucket holds a second's worth.
void Pace::fill(MonoTime now) {
    const double rate = static_cast<double>(credit_);
    const double gained = rate * seconds_of(now - filled_);
    filled_ = now;
    tokens_ = std::min(tokens_ + gained, rate);
    for (double& own : own_) own = std::min(own + gained * kOwnShare, kOwnBytesMost);
}

bool Pace::may_send(const Parcel& parcel, MonoTime now) {
    if (credit_ == 0) return true;
    fill(now);
    if (parcel.live && parcel.stream == Stream::Ledger) return true;
    const double needed = std::min(static_cast<double>(parcel.bytes), kOwnBytesMost);
    return tokens_ > 0 || own_.at(index_of(parcel.stream)) >= needed;
}

// The bucket may be overdrawn by a batch, and by live ledger records up to a second's worth.
void Pace::sent(const Parcel& parcel, MonoTime now) {
    if (credit_ == 0) return;
    fill(now);
    const auto bytes = static_cast<double>(parcel.bytes);
    double& own = own_.at(index_of(parcel.stream));
    if (tokens_ <= 0 && own >= std::min(bytes, kOwnBytesMost)) own = std::max(0.0, own - bytes);
    const double least = -std::max(static_cast<double>(credit_), kOwnBytesMost);
    tokens_ = std::max(tokens_ - bytes, least);
}

milliseconds Pace::until_credit() const {
    if (credit_ == 0) return kCreditAtLeast;
    const double missing = std::max(0.0, -tokens_);
    // Whatever the debt, a stream's own part may be enough before.
    const double wait_s = std::min(missing / static_cast<double>(credit_), 1.0);
    return std::max(kCreditAtLeast,
                    milliseconds{static_cast<std::int64_t>(std::ceil(wait_s * 1e3))});
}

void Pace::remember(microseconds latency, MonoTime now) {
    if (now - minute_ >= minutes{1}) {
        shortest_before_ = shortest_;
        shortest_ = microseconds::max();
        minute_ = now;
    }
    shortest_ = std::min(shortest_, latency);
}

void Pace::answered(std::size_t batches, microseconds latency, MonoTime now) {
    remember(latency, now);
    const microseconds late = std::max(kLate, 2 * std::min(shortest_, shortest_before_));
    if (latency > late) {
        starting_ = false;
        // Answers to what was out before the last step say the same again.
        if (now - shrunk_ < latency) return;
        shrunk_ = now;
        window_ = std::max(window_ * kShrink, static_cast<double>(bounds_.window_least));
        return;
    }
    const auto more = static_cast<double>(batches);
    window_ = std::min(window_ + (starting_ ? more : more / window_),
                       static_cast<double>(bounds_.window_most));
}

}  // namespace aisle::uplink
