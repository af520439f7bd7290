#include "sync/uplink/hq_clock.hpp"

namespace aisle::uplink {
namespace {

constexpr seconds kAnyway{60};

}  // namespace

std::optional<HqTime> HqClock::heard(WallTime hq_now, const Stamp& now, microseconds round_trip) {
    // HQ tells whole milliseconds, which costs one more.
    const auto error = std::chrono::ceil<milliseconds>(round_trip / 2) + milliseconds{1};
    const bool due = !told_ || now.mono - *told_ >= kAnyway;
    if (!due && error >= best_) return std::nullopt;
    told_ = now.mono;
    best_ = error;
    return HqTime{hq_now + std::chrono::round<milliseconds>(round_trip / 2), now, error};
}

}  // namespace aisle::uplink
