#include "agent/footfall/spread.hpp"

#include <algorithm>
#include <cassert>

namespace aisle::footfall {

WallTime minute_of(WallTime time) { return std::chrono::floor<minutes>(time); }

std::vector<MinutePart> minutes_of(Interval interval) {
    assert(interval.from <= interval.to);
    if (interval.from == interval.to) return {{.start = minute_of(interval.from)}};
    std::vector<MinutePart> parts;
    for (WallTime at = interval.from; at < interval.to;) {
        const WallTime start = minute_of(at);
        const WallTime end = std::min<WallTime>(start + minutes{1}, interval.to);
        parts.push_back({.start = start, .from = at - interval.from, .to = end - interval.from});
        at = end;
    }
    return parts;
}

std::int32_t share_of(std::int32_t n, const MinutePart& part, milliseconds whole) {
    if (whole.count() == 0) return n;
    const auto until = [&](milliseconds end) { return n * end.count() / whole.count(); };
    return static_cast<std::int32_t>(until(part.to) - until(part.from));
}

}  // namespace aisle::footfall
