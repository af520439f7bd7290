#include "agent/app/staff_at_door.hpp"

#include <algorithm>

namespace aisle::app {
namespace {

// How far a crossing is from where a tag says that it was; nothing when it is another one.
std::optional<milliseconds> distance_of(const Crossing& crossing, const DoorId& door,
                                        Direction direction, WallTime at) {
    if (crossing.door != door || crossing.direction != direction) return std::nullopt;
    const milliseconds late = at - crossing.at;  // the tag behind the camera
    if (late > kTagAfter || late < -kTagBefore) return std::nullopt;
    return late < milliseconds{0} ? -late : late;
}

}  // namespace

bool StaffAtDoor::closed_at(WallTime time) const {
    if (rules_.opens == rules_.closes) return false;
    constexpr int kDay = 1440;
    const int at = zone_.local(time).minute_of_day;
    const auto opens = static_cast<int>(rules_.opens.count());
    const auto closes = static_cast<int>(rules_.closes.count());
    const int open_for = (closes - opens + kDay) % kDay;
    return (at - opens + kDay) % kDay >= open_for;
}

Crossing StaffAtDoor::judge(Crossing crossing) {
    forget(crossing.at);
    if (closed_at(crossing.at)) {
        // Who goes home after the last customer, or comes before the first.
        crossing.staff = true;
        return crossing;
    }
    const auto expected = std::ranges::find_if(waiting_, [&](const Expected& each) {
        return distance_of(crossing, each.door, each.direction, each.at).has_value();
    });
    if (expected != waiting_.end() && crossing.n == 1) {
        waiting_.erase(expected);
        crossing.staff = true;
        return crossing;
    }
    if (crossing.n == 1) recent_.push_back(crossing);
    if (recent_.size() > kCrossingsRemembered) recent_.pop_front();
    return crossing;
}

// The crossing nearest in time, if there was one; else the next one that fits.
std::optional<Crossing> StaffAtDoor::expect(Expected expected) {
    auto best = recent_.end();
    milliseconds nearest = milliseconds::max();
    for (auto at = recent_.begin(); at != recent_.end(); ++at) {
        const auto away = distance_of(*at, expected.door, expected.direction, expected.at);
        if (!away || *away >= nearest) continue;
        nearest = *away;
        best = at;
    }
    if (best == recent_.end()) {
        waiting_.push_back(std::move(expected));
        if (waiting_.size() > kCrossingsRemembered) waiting_.erase(waiting_.begin());
        return std::nullopt;
    }
    Crossing found = *best;
    found.staff = true;
    recent_.erase(best);
    return found;
}

std::vector<Crossing> StaffAtDoor::visit(const ZoneVisit& visit) {
    std::vector<Crossing> known;
    if (visit.bearer != TagBearer::Staff) return known;
    const auto found = tags_.find(visit.tag);
    if (found == tags_.end() && tags_.size() >= kTagsRemembered) return known;
    Tag& tag = tags_[visit.tag];
    const bool from_outside = !tag.inside && visit.entered - tag.heard >= kTagAway;
    tag.zone = visit.zone;
    if (!visit.open) {
        tag.inside = false;
        tag.heard = visit.left;
        tag.told_out = false;
        return known;
    }
    tag.inside = true;
    tag.heard = visit.entered;
    const auto door = rules_.doors.find(visit.zone);
    if (!from_outside || door == rules_.doors.end()) return known;
    if (auto crossing = expect({door->second, Direction::In, visit.entered})) {
        known.push_back(*std::move(crossing));
    }
    return known;
}

std::vector<Crossing> StaffAtDoor::tick(WallTime now) {
    std::vector<Crossing> known;
    for (auto& [key, tag] : tags_) {
        if (tag.inside || tag.told_out || now - tag.heard < kTagAway) continue;
        tag.told_out = true;
        const auto door = rules_.doors.find(tag.zone);
        if (door == rules_.doors.end()) continue;
        if (auto crossing = expect({door->second, Direction::Out, tag.heard})) {
            known.push_back(*std::move(crossing));
        }
    }
    forget(now);
    return known;
}

void StaffAtDoor::forget(WallTime now) {
    constexpr milliseconds kKept = kTagAway + kTagAfter + kTagBefore;
    std::erase_if(recent_, [&](const Crossing& each) { return now - each.at > kKept; });
    std::erase_if(waiting_, [&](const Expected& each) { return now - each.at > kKept; });
}

}  // namespace aisle::app
