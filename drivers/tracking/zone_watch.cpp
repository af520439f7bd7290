#include "drivers/tracking/zone_watch.hpp"

#include <algorithm>
#include <utility>

namespace aisle::tracking {
namespace {

// +1 in, -1 out, 0 too near to the edge to say.
int side_of(const Zone& zone, Point foot, double band) {
    if (distance_to_edge(zone.polygon, foot) <= band) return 0;
    return inside(zone.polygon, foot) ? 1 : -1;
}

bool was_served(const Zone& zone, Point came, Point went) {
    if (!zone.queue || zone.till.empty()) return true;
    return distance(went, zone.till.front()) < distance(came, zone.till.front());
}

}  // namespace

void ZoneWatch::enter(Person& person, std::size_t zone, milliseconds at) {
    Visit& visit = person.visits[zone];
    visit = {.in = true, .been = true, .entered = at, .came = person.foot};
    if (!person.counts || person.came_from < 0) return;
    const auto from = static_cast<std::size_t>(person.came_from);
    if (from != zone) ++ways_[{from, zone}];
}

void ZoneWatch::leave(Person& person, std::size_t zone, milliseconds at, std::int64_t track,
                      std::vector<Stay>& over) {
    Visit& visit = person.visits[zone];
    visit.in = false;
    visit.held = 0;
    person.came_from = static_cast<std::ptrdiff_t>(zone);
    if (!person.counts || at - visit.entered < kStayMin) return;
    over.push_back({.zone = zone,
                    .track = track,
                    .entered = visit.entered,
                    .left = at,
                    .served = was_served(zones_[zone], visit.came, person.foot)});
}

void ZoneWatch::follow(Person& person, const Track& track, milliseconds at,
                       std::vector<Stay>& over) {
    person.foot = foot_point(track.box);
    person.last_seen = at;
    for (std::size_t i = 0; i < zones_.size(); ++i) {
        Visit& visit = person.visits[i];
        const int side = side_of(zones_[i], person.foot, kZoneBand * track.box.h);
        if (side == 0 || (side > 0) == visit.in) {
            visit.held = 0;
            continue;
        }
        if (visit.held++ == 0) visit.since = at;
        if (visit.held < kZoneHoldFrames) continue;
        if (visit.in) {
            leave(person, i, visit.since, track.id, over);
        } else {
            enter(person, i, visit.since);
        }
    }
}

std::vector<Stay> ZoneWatch::update(std::span<const Track> tracks, milliseconds at,
                                    milliseconds elapsed) {
    std::vector<Stay> over;
    if (zones_.empty()) return over;
    std::map<std::int64_t, Person> living;
    for (const Track& track : tracks) {
        auto node = people_.extract(track.id);
        Person& person = node ? living.insert(std::move(node)).position->second : living[track.id];
        if (person.visits.empty()) person.visits.resize(zones_.size());
        person.counts = track.confirmed && !track.masked;
        if (track.seen) follow(person, track, at, over);
    }
    for (auto& [id, person] : people_) {
        for (std::size_t i = 0; i < zones_.size(); ++i) {
            if (person.visits[i].in) leave(person, i, person.last_seen, id, over);
        }
    }
    people_ = std::move(living);
    add_load(elapsed);
    return over;
}

std::vector<Stay> ZoneWatch::end_all() {
    std::vector<Stay> over = update({}, {}, {});
    return over;
}

void ZoneWatch::add_load(milliseconds elapsed) {
    for (std::size_t i = 0; i < zones_.size(); ++i) {
        const std::int32_t inside = inside_now(i);
        sums_[i].person_ms += inside * elapsed.count();
        sums_[i].peak = std::max(sums_[i].peak, inside);
    }
}

void ZoneWatch::clear_sums() {
    sums_.assign(zones_.size(), {});
    ways_.clear();
}

std::int32_t ZoneWatch::inside_now(std::size_t zone) const {
    return static_cast<std::int32_t>(std::ranges::count_if(people_, [&](const auto& each) {
        return each.second.counts && each.second.visits[zone].in;
    }));
}

bool ZoneWatch::has_been_in(std::int64_t track, std::size_t zone) const {
    const auto found = people_.find(track);
    return found != people_.end() && found->second.visits[zone].been;
}

}  // namespace aisle::tracking
