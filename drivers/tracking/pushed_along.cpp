#include "drivers/tracking/pushed_along.hpp"

#include <algorithm>
#include <cmath>

namespace aisle::tracking {
namespace {

// Tracks from above are three shoulders high (PeopleCounter).
constexpr double kWidthOfHeight = 1.0 / 3;

// Between the middles, in widths. Arms hold a handle at half a width, and a trolley reaches as far
// again; strangers in file keep a step between them.
constexpr double kReach = 1.05;
constexpr double kAside = 0.35;
// Of the pair's own speed: what moves as one has one speed. Slower than this many widths a second
// is standing, and says nothing.
constexpr double kSpeedApart = 0.4;
constexpr double kWalks = 0.5;

// So long are they remembered while one of them is hidden; and a crossing waits so long for the
// other half's.
constexpr milliseconds kInFileMax{1500};
constexpr milliseconds kOtherHalfWithin{3000};

bool one_behind_the_other(const Track& a, const Track& b) {
    const double width = kWidthOfHeight * (a.box.h + b.box.h) / 2;
    const Point way{(a.velocity_s.x + b.velocity_s.x) / 2, (a.velocity_s.y + b.velocity_s.y) / 2};
    const double speed = std::hypot(way.x, way.y);
    if (speed < kWalks * width) return false;
    const Point from = foot_point(a.box);
    const Point to = foot_point(b.box);
    const double along = ((to.x - from.x) * way.x + (to.y - from.y) * way.y) / speed;
    const double aside = ((to.x - from.x) * way.y - (to.y - from.y) * way.x) / speed;
    const double apart = distance(a.velocity_s, b.velocity_s);
    return std::abs(along) < kReach * width && std::abs(aside) < kAside * width &&
           apart < kSpeedApart * speed;
}

}  // namespace

void PushedAlong::reset() {
    in_file_.clear();
    counted_.clear();
}

void PushedAlong::update(std::span<const Track> tracks, milliseconds elapsed) {
    const auto alive = [&](std::int64_t id) {
        return std::ranges::find(tracks, id, &Track::id) != tracks.end();
    };
    for (auto& [pair, so_far] : in_file_) so_far -= elapsed;
    for (std::size_t i = 0; i < tracks.size(); ++i) {
        for (std::size_t j = i + 1; j < tracks.size(); ++j) {
            const Track& a = tracks[i];
            const Track& b = tracks[j];
            if (!a.seen || !b.seen || !one_behind_the_other(a, b)) continue;
            milliseconds& so_far = in_file_[std::minmax(a.id, b.id)];
            so_far = std::min(std::max(so_far, milliseconds{0}) + 2 * elapsed, kInFileMax);
        }
    }
    std::erase_if(in_file_, [&](const auto& each) {
        const auto& [pair, so_far] = each;
        return so_far <= milliseconds{0} || !alive(pair.first) || !alive(pair.second);
    });
    std::erase_if(counted_, [&](const auto& each) { return !alive(each.first.second); });
}

bool PushedAlong::other_half_has(const LineCrossing& crossing) const {
    return std::ranges::any_of(in_file_, [&](const auto& each) {
        const auto& [pair, so_far] = each;
        if (so_far < kPushedFor) return false;
        if (pair.first != crossing.track && pair.second != crossing.track) return false;
        const auto other = pair.first == crossing.track ? pair.second : pair.first;
        const auto found = counted_.find({crossing.line, other});
        return found != counted_.end() && found->second.direction == crossing.direction &&
               crossing.at - found->second.at <= kOtherHalfWithin;
    });
}

void PushedAlong::take_from(std::vector<LineCrossing>& crossings) {
    std::erase_if(crossings, [&](const LineCrossing& crossing) {
        const bool again = other_half_has(crossing);
        if (!again) {
            counted_[{crossing.line, crossing.track}] = {.direction = crossing.direction,
                                                         .at = crossing.at};
        }
        return again;
    });
}

}  // namespace aisle::tracking
