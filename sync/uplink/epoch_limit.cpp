#include "sync/uplink/epoch_limit.hpp"

#include <algorithm>

namespace aisle::uplink {
namespace {

constexpr milliseconds kHour{3'600'000};
constexpr milliseconds kFirstWait{10'000};
constexpr int kDoublingsMax = 6;  // 640 s

}  // namespace

milliseconds EpochLimit::wait(MonoTime now) {
    while (!begun_.empty() && now - begun_.front() >= kHour) begun_.pop_front();
    if (begun_.empty()) return milliseconds{0};
    const int n = static_cast<int>(begun_.size());
    const milliseconds most = kFirstWait * (1 << std::min(n - 1, kDoublingsMax));
    const milliseconds jitter{
        static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(most.count() + 1))};
    if (n < an_hour_) return jitter;
    const auto oldest = std::chrono::ceil<milliseconds>(begun_.front() + kHour - now);
    return oldest + jitter;
}

}  // namespace aisle::uplink
