#include "drivers/tracking/floor_watch.hpp"

#include <algorithm>
#include <utility>

namespace aisle::tracking {
namespace {

std::int32_t cell_of(double at, double extent, int cells) {
    if (extent <= 0) return 0;
    return std::clamp(static_cast<std::int32_t>(at / extent * cells), 0, cells - 1);
}

}  // namespace

FloorWatch::FloorWatch(Scene scene)
    : scene_{std::move(scene)},
      stitcher_{scene_},
      lines_{scene_},
      gates_{scene_},
      turn_backs_{scene_.uturn},
      companions_{scene_},
      zones_{scene_} {}

SceneEvents FloorWatch::update(std::span<const Track> tracks, Moment now, Picture picture) {
    const auto people = stitcher_.update(tracks, now.elapsed);
    companions_.update(people, now.elapsed);

    SceneEvents events;
    events.crossings = gates_.update(lines_.update(people, now.frame, now.at));
    if (picture.from_above) {
        pushed_along_.update(people, now.elapsed);
        pushed_along_.take_from(events.crossings);
    }
    companions_.mark(events.crossings);
    events.turn_backs = turn_backs_.take_from(events.crossings);
    events.stays = zones_.update(people, now.at, now.elapsed);
    gates_.forget(now.at);
    turn_backs_.forget(now.at);

    add_heat(people, now.elapsed, picture);
    note_passers(people, events);
    return events;
}

SceneEvents FloorWatch::reset() {
    SceneEvents events;
    events.stays = zones_.end_all();
    stitcher_.reset();
    lines_.reset();
    gates_.reset();
    pushed_along_.reset();
    turn_backs_.reset();
    companions_.reset();
    crossed_.clear();
    was_near_.clear();
    return events;
}

SceneSums FloorWatch::take_sums() {
    sums_.zones = zones_.sums();
    sums_.ways = zones_.ways();
    zones_.clear_sums();
    return std::exchange(sums_, {});
}

void FloorWatch::add_heat(std::span<const Track> tracks, milliseconds elapsed, Picture picture) {
    for (const Track& track : tracks) {
        if (!track.confirmed || !track.seen || track.masked) continue;
        const Point foot = foot_point(track.box);
        const auto row = cell_of(foot.y, picture.height, kHeatRows);
        const auto column = cell_of(foot.x, picture.width, kHeatColumns);
        sums_.heat[static_cast<std::size_t>(row * kHeatColumns + column)] += elapsed.count();
    }
}

std::ptrdiff_t FloorWatch::counting_place(const std::string& name) const {
    for (std::size_t i = 0; i < counting_size(scene_); ++i) {
        if (counting_name(scene_, i) == name) return static_cast<std::ptrdiff_t>(i);
    }
    return -1;
}

// Who was before a door and is gone now without having crossed it passed by. A way back counts as a
// crossing here: he did look in.
void FloorWatch::note_passers(std::span<const Track> tracks, const SceneEvents& events) {
    for (const LineCrossing& crossing : events.crossings)
        crossed_[crossing.track].insert(crossing.line);

    for (const Track& track : tracks) {
        for (std::size_t zone = 0; zone < scene_.zones.size(); ++zone) {
            const bool before = !scene_.zones[zone].before.empty() && track.confirmed;
            if (before && zones_.has_been_in(track.id, zone)) was_near_[track.id].insert(zone);
        }
    }
    const auto gone = [&](std::int64_t id) {
        return std::ranges::find(tracks, id, &Track::id) == tracks.end();
    };
    for (const auto& [id, zones] : was_near_) {
        if (!gone(id)) continue;
        for (const std::size_t zone : zones) {
            const auto place = counting_place(scene_.zones[zone].before);
            if (place < 0) continue;
            const auto door = static_cast<std::size_t>(place);
            if (!crossed_[id].contains(door)) ++sums_.passers[door];
        }
    }
    std::erase_if(was_near_, [&](const auto& each) { return gone(each.first); });
    std::erase_if(crossed_, [&](const auto& each) { return gone(each.first); });
}

}  // namespace aisle::tracking
