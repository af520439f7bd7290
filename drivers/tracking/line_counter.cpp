#include "drivers/tracking/line_counter.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace aisle::tracking {
namespace {

// Twice the area of (from, to, point): positive on the right-hand side as seen in the picture,
// where y grows downwards.
double side_of(const Line& line, Point point) {
    return (line.to.x - line.from.x) * (point.y - line.from.y) -
           (line.to.y - line.from.y) * (point.x - line.from.x);
}

// Where the step a-b meets the line's whole extension, as a share of the segment; 0..1 is on it.
double meets_at(const Line& line, Point a, Point b) {
    const double from = side_of(line, a);
    const double share = from / (from - side_of(line, b));
    const Point at{a.x + share * (b.x - a.x), a.y + share * (b.y - a.y)};
    const Point along{line.to.x - line.from.x, line.to.y - line.from.y};
    return ((at.x - line.from.x) * along.x + (at.y - line.from.y) * along.y) /
           (along.x * along.x + along.y * along.y);
}

Direction direction_to(const Line& line, int side) {
    return (side > 0) != line.swap ? Direction::In : Direction::Out;
}

}  // namespace

LineCounter::LineCounter(Scene scene, double band) : scene_{std::move(scene)}, band_{band} {}

void LineCounter::reset() { paths_.clear(); }

// True when the track is now known to be on another side than before.
bool LineCounter::turned_over(Place& place, int side, std::int64_t frame) const {
    if (side == 0) return false;
    if (place.side == 0 || place.side == side) {
        place.side = side;
        place.other_held = 0;
        return false;
    }
    if (place.other_held++ == 0) place.since = frame;
    if (place.other_held < kHoldFrames) return false;
    place.side = side;
    place.other_held = 0;
    return true;
}

void LineCounter::follow(Path& path, const Track& track, std::int64_t frame) {
    const Point foot = foot_point(track.box);
    const bool fresh = path.places.empty();
    if (fresh) path.places.resize(scene_.lines.size());
    const Point before = fresh ? foot : std::exchange(path.foot, foot);
    path.foot = foot;

    for (std::size_t i = 0; i < scene_.lines.size(); ++i) {
        const Line& line = scene_.lines[i];
        Place& place = path.places[i];
        const double now = side_of(line, foot);
        if ((side_of(line, before) > 0) != (now > 0)) {
            const double share = meets_at(line, before, foot);
            place.through = share >= 0 && share <= 1;
        }
        const double off = now / distance(line.from, line.to);
        const double band = band_ * track.box.h;
        const int side = off > band ? 1 : off < -band ? -1 : 0;
        const bool counts = turned_over(place, side, frame) && place.through;
        if (counts && path.waiting.size() < kWaitingMax) {
            path.waiting.push_back({.line = i,
                                    .direction = direction_to(line, side),
                                    .track = track.id,
                                    .frame = place.since});
        }
    }
}

std::vector<LineCrossing> LineCounter::update(std::span<const Track> tracks, std::int64_t frame) {
    std::vector<LineCrossing> crossings;
    std::map<std::int64_t, Path> living;
    for (const Track& track : tracks) {
        auto node = paths_.extract(track.id);
        Path& path = node ? living.insert(std::move(node)).position->second : living[track.id];
        if (track.seen) follow(path, track, frame);
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
