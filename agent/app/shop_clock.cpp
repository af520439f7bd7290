#include "agent/app/shop_clock.hpp"

#include <algorithm>
#include <cstdlib>
#include <sstream>

namespace aisle::app {
namespace {

constexpr milliseconds kNtpError{100};

std::int64_t ms_of(WallTime wall) { return wall.time_since_epoch().count(); }
std::int64_t ms_of(MonoTime mono) {
    return std::chrono::duration_cast<milliseconds>(mono.time_since_epoch()).count();
}

bool served(const Stamp& stamp) { return stamp.quality >= ClockQuality::Ntp; }

}  // namespace

void ShopClock::begin(std::span<const StateChange> rows, WallTime last_wall) {
    const Stamp raw = machine_.now();
    last_wall_ = last_wall;
    first_quality_ = raw.quality;
    first_base_ms_ = ms_of(raw.wall) - ms_of(raw.mono);
    if (!served(raw)) first_base_ms_ = std::max(first_base_ms_, ms_of(last_wall) - ms_of(raw.mono));
    base_ms_ = first_base_ms_;
    if (served(raw)) known_ = static_cast<int>(ClockQuality::Ntp);
    for (const StateChange& row : rows) {
        std::istringstream text{row.bytes};
        std::int64_t boot = 0;
        std::int64_t first_ms = 0;
        std::int64_t base_ms = 0;
        int known = 0;
        int quality = 0;
        if (row.key != "course" || !(text >> boot >> first_ms >> base_ms >> known >> quality))
            continue;
        if (boot != boot_) continue;
        first_base_ms_ = first_ms;
        first_quality_ = static_cast<ClockQuality>(quality);
        if (known != 0 || !served(raw)) base_ms_ = base_ms;
        known_ = known;
    }
}

StateChange ShopClock::course() const {
    std::ostringstream text;
    text << boot_ << ' ' << first_base_ms_ << ' ' << base_ms_ << ' ' << known_ << ' '
         << static_cast<int>(first_quality_);
    return {std::string{kClockRoom}, "course", text.str()};
}

WallTime ShopClock::by_course(MonoTime mono) const {
    return WallTime{milliseconds{base_ms_ + ms_of(mono)}};
}

// HQ outvotes the machine's server: it is asked about nothing else.
Stamp ShopClock::now() const {
    Stamp stamp = machine_.now();
    const ClockQuality by = known();
    if (served(stamp) && by != ClockQuality::Hq) return stamp;
    stamp.wall = by_course(stamp.mono);
    if (by != ClockQuality::None) stamp.quality = by;
    return stamp;
}

WallTime ShopClock::known_time() const {
    const Stamp stamp = now();
    return served(stamp) ? stamp.wall : last_wall_;
}

ClockTruth ShopClock::learn(WallTime right, MonoTime at, milliseconds error, ClockQuality by) {
    base_ms_ = ms_of(right) - ms_of(at);
    known_ = static_cast<int>(by);
    return {.offset = milliseconds{base_ms_ - first_base_ms_},
            .error = error,
            .before = first_quality_,
            .source = std::string{to_text(by)}};
}

std::optional<ClockTruth> ShopClock::look() {
    const Stamp raw = machine_.now();
    if (!served(raw) || known() == ClockQuality::Hq) return std::nullopt;
    const bool news = known() == ClockQuality::None;
    ClockTruth truth = learn(raw.wall, raw.mono, kNtpError, ClockQuality::Ntp);
    if (!news) return std::nullopt;
    return truth;
}

std::optional<ClockTruth> ShopClock::hear_hq(WallTime hq, const Stamp& heard, milliseconds error) {
    const std::int64_t off_ms =
        ms_of(hq) - ms_of(now().wall) + ms_of(machine_.now().mono) - ms_of(heard.mono);
    const bool near = std::abs(off_ms) <= (kStepMin + error).count();
    const ClockQuality by = known();
    if (by != ClockQuality::None && near) return std::nullopt;
    return learn(hq, heard.mono, error, ClockQuality::Hq);
}

}  // namespace aisle::app
