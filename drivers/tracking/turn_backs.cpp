#include "drivers/tracking/turn_backs.hpp"

namespace aisle::tracking {

std::vector<TurnBack> TurnBacks::take_from(std::vector<LineCrossing>& crossings) {
    std::vector<TurnBack> turned;
    if (within_ == milliseconds{0}) return turned;
    std::erase_if(crossings, [&](const LineCrossing& crossing) {
        const Key key{crossing.line, crossing.track};
        const auto found = last_.find(key);
        const bool back = found != last_.end() && found->second.direction != crossing.direction &&
                          crossing.at - found->second.at <= within_;
        if (!back) {
            last_[key] = crossing;
            return false;
        }
        turned.push_back({.line = crossing.line,
                          .first = found->second.direction,
                          .track = crossing.track,
                          .frame = crossing.frame,
                          .first_at = found->second.at,
                          .at = crossing.at,
                          .begins_group = found->second.begins_group});
        last_.erase(found);  // the next crossing of the same person counts afresh
        return true;
    });
    return turned;
}

void TurnBacks::forget(milliseconds now) {
    std::erase_if(last_, [&](const auto& each) { return now - each.second.at > within_; });
}

}  // namespace aisle::tracking
