#include "drivers/tracking/sensor_tracks.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace aisle::tracking {
namespace {

bool usable(const SensorPosition& position) {
    return std::isfinite(position.place_m.x) && std::isfinite(position.place_m.y);
}

}  // namespace

void SensorTracks::reset() {
    objects_.clear();
    tracks_.clear();
}

// A box whose foot point is the position.
Box SensorTracks::box_at(Point place_m) const {
    const double scale = settings_.units_per_metre;
    const double w = settings_.width_m * scale;
    const double h = settings_.person_m * scale;
    return {
        .x = place_m.x * scale - w / 2, .y = -place_m.y * scale - kFootHeight * h, .w = w, .h = h};
}

std::span<const Track> SensorTracks::update(std::span<const SensorPosition> positions,
                                            milliseconds elapsed) {
    for (auto& [id, object] : objects_) {
        object.track.age += elapsed;
        object.track.unseen += elapsed;
        object.track.standing += elapsed;
    }
    for (const SensorPosition& position : positions) {
        if (usable(position)) see(position);
    }
    std::erase_if(objects_,
                  [&](const auto& entry) { return entry.second.track.unseen > settings_.coast; });

    tracks_.clear();
    for (auto& [id, object] : objects_) {
        object.track.seen = object.track.unseen == milliseconds{0};
        tracks_.push_back(object.track);
    }
    std::ranges::sort(tracks_, {}, &Track::id);
    return tracks_;
}

void SensorTracks::see(const SensorPosition& position) {
    auto found = objects_.find(position.object);
    if (found != objects_.end() &&
        distance(position.place_m, found->second.place_m) > settings_.jump_m) {
        objects_.erase(found);  // the sensor has given the id to somebody else
        found = objects_.end();
    }
    if (found == objects_.end()) {
        begin(position);
        return;
    }
    Object& object = found->second;
    if (object.track.unseen == milliseconds{0}) return;  // twice in one frame
    const double seconds = std::chrono::duration<double>(object.track.unseen).count();
    const Box box = box_at(position.place_m);
    object.track.velocity_s = {(box.x - object.track.box.x) / seconds,
                               (box.y - object.track.box.y) / seconds};
    object.track.box = box;
    object.track.unseen = milliseconds{0};
    object.place_m = position.place_m;
    ++object.hits;
    const double stand_m = kStandRadius * settings_.person_m;
    if (distance(object.place_m, object.stand_m) > stand_m) {
        object.stand_m = object.place_m;
        object.track.standing = milliseconds{0};
    }
    const double travel_m = distance(object.place_m, object.origin_m);
    object.track.confirmed |=
        object.hits >= settings_.confirm_hits && travel_m >= settings_.confirm_travel_m;
}

void SensorTracks::begin(const SensorPosition& position) {
    if (objects_.size() >= kSensorObjectsMax) {
        ++positions_dropped_;
        return;
    }
    objects_[position.object] = {.track = {.id = ++ids_given_, .box = box_at(position.place_m)},
                                 .place_m = position.place_m,
                                 .origin_m = position.place_m,
                                 .stand_m = position.place_m};
}

}  // namespace aisle::tracking
