#include "sync/uplink/link_watch.hpp"

#include <algorithm>

namespace aisle::uplink {
namespace {

constexpr milliseconds kHqWaitMost{1'800'000};
constexpr int kDoublingsMax = 7;

}  // namespace

void LinkWatch::link_up(MonoTime now) {
    up_ = true;
    outstanding_ = 0;
    progress_ = now;
    waiting_ = false;
    if (in_vain_ == 0) hq_wait_ = patience_.hq_silent_max;
}

void LinkWatch::published(MonoTime now) {
    if (outstanding_++ == 0) progress_ = now;
}

void LinkWatch::answered(MonoTime now) {
    if (outstanding_ > 0) --outstanding_;
    progress_ = now;
}

void LinkWatch::heard() {
    waiting_ = false;
    in_vain_ = 0;
    hq_wait_ = patience_.hq_silent_max;
}

std::string LinkWatch::fault(MonoTime now, Hq hq) {
    if (!up_) return {};
    if (outstanding_ > 0 && now - progress_ >= patience_.puback_max)
        return "the broker acknowledges nothing";
    if (!hq.waits) waiting_ = false;
    if (hq.waits && !waiting_) {
        waiting_ = true;
        waiting_since_ = now;
    }
    if (!waiting_ || !hq.listened || now - waiting_since_ < hq_wait_) return {};
    in_vain_ = std::min(in_vain_ + 1, kDoublingsMax);
    const milliseconds most = std::min(patience_.hq_silent_max * (1 << in_vain_), kHqWaitMost);
    const auto half = most / 2;
    hq_wait_ = half + milliseconds{static_cast<std::int64_t>(
                          random_() % static_cast<std::uint64_t>(half.count() + 1))};
    return "headquarters answers nothing";
}

}  // namespace aisle::uplink
