#include "drivers/tracking/companions.hpp"

#include <algorithm>
#include <cmath>

namespace aisle::tracking {
namespace {

constexpr double kWalkMetresS = 0.25;  // slower is standing
constexpr double kSameWayCosine = 0.5;
// Those who were together stay so while one of them is hidden or they are parted for a moment.
constexpr milliseconds kTogetherMax{10'000};

double speed(const Track& track) { return std::hypot(track.velocity_s.x, track.velocity_s.y); }

}  // namespace

void Companions::reset() {
    together_.clear();
    recent_.clear();
}

bool Companions::walk_alike(const Track& one, const Track& other) const {
    const double metre = (metre_at(scene_, one.box) + metre_at(scene_, other.box)) / 2;
    const double apart = distance(foot_point(one.box), foot_point(other.box));
    if (apart > kCompanyMetres * metre) return false;
    const double a = speed(one);
    const double b = speed(other);
    if (std::min(a, b) < kWalkMetresS * metre) return false;
    const double dot =
        one.velocity_s.x * other.velocity_s.x + one.velocity_s.y * other.velocity_s.y;
    return dot >= kSameWayCosine * a * b;
}

void Companions::update(std::span<const Track> tracks, milliseconds elapsed) {
    std::vector<const Track*> people;
    for (const Track& track : tracks) {
        const bool person = track.confirmed && track.seen && !track.masked;
        if (person && people.size() < kCompanionsMax) people.push_back(&track);
    }
    std::map<Pair, milliseconds> now;
    for (std::size_t i = 0; i < people.size(); ++i) {
        for (std::size_t j = i + 1; j < people.size(); ++j) {
            const Pair pair = std::minmax(people[i]->id, people[j]->id);
            const auto found = together_.find(pair);
            milliseconds so_far = found == together_.end() ? milliseconds{0} : found->second;
            so_far += walk_alike(*people[i], *people[j]) ? elapsed : -elapsed;
            if (so_far > milliseconds{0}) now[pair] = std::min(so_far, kTogetherMax);
        }
    }
    // Pairs of which one is hidden keep what they have.
    for (const auto& [pair, so_far] : together_) {
        const auto in_sight = [&](std::int64_t id) {
            return std::ranges::any_of(people, [&](const Track* each) { return each->id == id; });
        };
        const auto alive = [&](std::int64_t id) {
            return std::ranges::find(tracks, id, &Track::id) != tracks.end();
        };
        if (in_sight(pair.first) && in_sight(pair.second)) continue;
        if (alive(pair.first) && alive(pair.second)) now[pair] = so_far;
    }
    together_ = std::move(now);
}

bool Companions::together(std::int64_t one, std::int64_t other) const {
    const auto found = together_.find(std::minmax(one, other));
    return found != together_.end() && found->second >= kCompanyFor;
}

void Companions::mark(std::vector<LineCrossing>& crossings) {
    for (LineCrossing& crossing : crossings) {
        std::erase_if(recent_, [&](const LineCrossing& earlier) {
            return crossing.at - earlier.at > kCompanyCrossing;
        });
        crossing.begins_group = std::ranges::none_of(recent_, [&](const LineCrossing& earlier) {
            return earlier.line == crossing.line && earlier.direction == crossing.direction &&
                   earlier.track != crossing.track && together(earlier.track, crossing.track);
        });
        recent_.push_back(crossing);
    }
}

}  // namespace aisle::tracking
