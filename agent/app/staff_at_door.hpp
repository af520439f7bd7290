#pragma once

#include <deque>
#include <map>
#include <optional>
#include <vector>

#include "agent/core/traffic.hpp"

namespace aisle::app {

struct StaffRules {
    std::map<ZoneId, DoorId> doors;  // the zone that a tag is heard in where this door is
    // Outside of these, by the clock on the shop's wall, only staff come and go. Equal: no rule.
    minutes opens{0};
    minutes closes{0};
};

// A tag that was heard nowhere for so long has been outside.
inline constexpr milliseconds kTagAway{120'000};
// A tag is heard at a door so long before or after its bearer goes through it: its place is
// smoothed, so that it is late more than early.
inline constexpr milliseconds kTagBefore{15'000};
inline constexpr milliseconds kTagAfter{30'000};
inline constexpr std::size_t kCrossingsRemembered = 256;
inline constexpr std::size_t kTagsRemembered = 1024;

// Which crossings are staff's: nobody tells a camera, so that what the tags say is joined with it
// here, by door and time. A staff tag that comes from outside into a door's zone stands for one
// crossing in; one that was last heard there and then nowhere for kTagAway stands for one out. What
// it knows is lost with a restart. No I/O, no clock; loop thread only.
class StaffAtDoor {
public:
    StaffAtDoor(StaffRules rules, const TimeZone& zone) : rules_{std::move(rules)}, zone_{zone} {}

    // A crossing as it is told. It comes back marked where staff are already known to be at it.
    Crossing judge(Crossing crossing);

    // A staff tag's visit has opened or ended. Crossings that were told before, and are now known
    // to be staff's.
    std::vector<Crossing> visit(const ZoneVisit& visit);
    // Tags that have not been heard for long enough by now. At least once a minute.
    std::vector<Crossing> tick(WallTime now);

private:
    struct Expected {
        DoorId door;
        Direction direction = Direction::In;
        WallTime at{};
    };
    struct Tag {
        bool inside = false;  // in some zone
        ZoneId zone;          // the last one
        WallTime heard{};
        bool told_out = true;
    };
    [[nodiscard]] bool closed_at(WallTime time) const;
    std::optional<Crossing> expect(Expected expected);
    void forget(WallTime now);

    StaffRules rules_;
    const TimeZone& zone_;
    std::map<TagKey, Tag> tags_;
    std::deque<Crossing> recent_;    // not yet known as staff's
    std::vector<Expected> waiting_;  // for a crossing that has not been told
};

}  // namespace aisle::app
