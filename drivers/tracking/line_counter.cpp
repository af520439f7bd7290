#include "drivers/tracking/line_counter.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace aisle::tracking {
namespace {

Direction direction_to(const Line& line, int side) {
    return (side > 0) != line.swap ? Direction::In : Direction::Out;
}

}  // namespace

LineCounter::LineCounter(Scene scene, double band) : scene_{std::move(scene)}, band_{band} {
    for (const Line& line : scene_.lines) shapes_.emplace_back(line);
}

void LineCounter::reset() { paths_.clear(); }

// True when the track is now known to be on another side than before.
bool LineCounter::turned_over(Place& place, int side, Now now) const {
    if (side == 0) return false;
    if (place.side == 0 || place.side == side) {
        place.side = side;
        place.other_held = 0;
        return false;
    }
    if (place.other_held++ == 0) place.since = now;
    if (place.other_held < kHoldFrames) return false;
    place.side = side;
    place.other_held = 0;
    return true;
}

void LineCounter::follow(Path& path, const Track& track, Now now) {
    const Point foot = foot_point(track.box);
    const bool fresh = path.places.empty();
    if (fresh) path.places.resize(scene_.lines.size());
    const Point before = fresh ? foot : std::exchange(path.foot, foot);
    path.foot = foot;

    for (std::size_t i = 0; i < scene_.lines.size(); ++i) {
        const Line& line = scene_.lines[i];
        Place& place = path.places[i];
        const Polyline& shape = shapes_[i];
        const double off = shape.offset(foot);
        if ((shape.offset(before) > 0) != (off > 0)) place.through = shape.crossed_by(before, foot);
        const double band = band_ * track.box.h;
        const int side = off > band ? 1 : off < -band ? -1 : 0;
        const bool counts = turned_over(place, side, now) && place.through;
        if (counts && path.waiting.size() < kWaitingMax) {
            path.waiting.push_back({.line = i,
                                    .direction = direction_to(line, side),
                                    .track = track.id,
                                    .frame = place.since.frame,
                                    .at = place.since.at});
        }
    }
}

std::vector<LineCrossing> LineCounter::update(std::span<const Track> tracks, std::int64_t frame,
                                              milliseconds at) {
    std::vector<LineCrossing> crossings;
    std::map<std::int64_t, Path> living;
    for (const Track& track : tracks) {
        auto node = paths_.extract(track.id);
        Path& path = node ? living.insert(std::move(node)).position->second : living[track.id];
        if (track.seen) follow(path, track, {frame, at});
        if (!track.confirmed) continue;
        std::ranges::move(path.waiting, std::back_inserter(crossings));
        path.waiting.clear();
    }
    paths_ = std::move(living);
    std::ranges::sort(crossings, {}, [](const LineCrossing& crossing) {
        return std::tuple{crossing.frame, crossing.line, crossing.track};
    });
    return crossings;
}

}  // namespace aisle::tracking
