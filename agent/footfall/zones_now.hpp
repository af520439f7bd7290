#pragma once

#include <map>

#include "agent/core/scene_view.hpp"

namespace aisle::footfall {

// How full a zone was in the last minute that its scene told of.
struct ZonePresent {
    ZoneId zone;
    WallTime at{};  // the minute's end
    std::int32_t mean_milli = 0;
    std::int32_t peak = 0;
};

// The sums by hour say how full a zone was; this says how full it is. Memory only: a restart knows
// it again after a minute. Loop thread only.
class ZonesNow {
public:
    static constexpr std::size_t kMax = 256;
    static constexpr minutes kGoodFor{3};  // a scene that fell silent has no present

    void heard(const SceneMinute& minute) {
        const std::int64_t length_ms = (minute.to - minute.from).count();
        if (length_ms <= 0) return;
        for (const ZoneLoad& load : minute.loads) {
            if (!zones_.contains(load.zone) && zones_.size() >= kMax) continue;
            zones_[load.zone] = {
                .zone = load.zone,
                .at = minute.to,
                .mean_milli = static_cast<std::int32_t>(load.person_ms * 1000 / length_ms),
                .peak = load.peak};
        }
    }
    [[nodiscard]] std::vector<ZonePresent> at(WallTime now) const {
        std::vector<ZonePresent> present;
        for (const auto& [zone, each] : zones_) {
            if (now - each.at <= kGoodFor) present.push_back(each);
        }
        return present;
    }

private:
    std::map<ZoneId, ZonePresent> zones_;
};

}  // namespace aisle::footfall
