#include "agent/presence/rssi_window.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace aisle::presence {

// The average is weighted by the time that has passed, not by readings: a tag that advertises
// faster is not believed sooner.
bool RssiWindow::add(const Smoothing& how, MonoTime at, std::int8_t rssi_dbm) {
    const bool fresh = readings_.empty() || at - last_ > how.window;
    while (!readings_.empty() && at - readings_.front().at > how.window) readings_.pop_front();
    const bool crowded = readings_.size() >= how.readings_max;
    if (crowded) readings_.pop_front();
    readings_.push_back({.at = at, .rssi_dbm = rssi_dbm});

    const double now_dbm = median();
    if (fresh) {
        level_dbm_ = now_dbm;
    } else {
        const double past = std::chrono::duration<double>(at - last_).count();
        const double constant = std::chrono::duration<double>(how.time_constant).count();
        const double weight = constant > 0 ? 1 - std::exp(-past / constant) : 1;
        level_dbm_ += weight * (now_dbm - level_dbm_);
    }
    last_ = at;
    return !crowded;
}

std::optional<double> RssiWindow::level(const Smoothing& how, MonoTime now) const {
    if (readings_.empty() || now - last_ > how.window) return std::nullopt;
    return level_dbm_;
}

// At most `readings_max` values: selecting in a copy is cheaper than keeping them sorted.
double RssiWindow::median() const {
    std::vector<std::int8_t> sorted;
    sorted.reserve(readings_.size());
    for (const auto& reading : readings_) sorted.push_back(reading.rssi_dbm);
    const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2);
    std::ranges::nth_element(sorted, middle);
    if (sorted.size() % 2 == 1) return *middle;
    return (*middle + *std::ranges::max_element(sorted.begin(), middle)) / 2.0;
}

}  // namespace aisle::presence
