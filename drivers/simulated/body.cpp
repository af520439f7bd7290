#include "drivers/simulated/body.hpp"

#include <algorithm>

#include "drivers/simulated/fixed.hpp"

namespace aisle::simulated {
namespace {

constexpr milliseconds kStride{1100};  // two steps
constexpr milliseconds kRest{3400};    // of those who stand: from one leg to the other
constexpr Colour kShoes{38, 36, 40};

// Before the first waypoint: 0; else the last one that is not after `at`.
std::size_t leg_of(const std::vector<Waypoint>& path, milliseconds at) {
    const auto next = std::ranges::upper_bound(path, at, {}, &Waypoint::at);
    return next == path.begin() ? 0 : static_cast<std::size_t>(next - path.begin()) - 1;
}

int between(int from, int to, std::int64_t part, std::int64_t whole) {
    return from + static_cast<int>((to - from) * part / whole);
}

bool stands(const std::vector<Waypoint>& path, std::size_t leg) {
    return leg + 1 >= path.size() || path[leg].spot == path[leg + 1].spot;
}

// Where in a movement of this length they are.
int angle_in(const Walker& walker, milliseconds at, milliseconds length) {
    return static_cast<int>(at.count() * kTurn / length.count()) + walker.phase_turns;
}

// Forwards and to the right of a heading, sub-pixels.
Spot ahead(Spot spot, int heading, Spot by) {
    const int cos = cosine(heading);
    const int sin = sine(heading);
    return {spot.x + ((by.x * cos - by.y * sin) >> 14), spot.y + ((by.x * sin + by.y * cos) >> 14)};
}

// Higher things lie farther from the picture's middle: permille of the way to it.
Spot leaning(Spot spot, int permille) {
    const int x = spot.x - kSceneWidth * kSub / 2;
    const int y = spot.y - kSceneHeight * kSub / 2;
    return {spot.x + x * permille / 1000, spot.y + y * permille / 1000};
}

Colour darker(Colour colour, int permille) {
    const auto part = [permille](std::uint8_t value) {
        return static_cast<std::uint8_t>(value * permille / 1000);
    };
    return {part(colour.blue), part(colour.green), part(colour.red)};
}

// -kUnit..kUnit: how far the right foot is before the left one.
int step_of(const Walker& walker, milliseconds at) {
    const bool still = !walker.walks || stands(walker.path, leg_of(walker.path, at));
    return still ? 0 : sine(angle_in(walker, at, kStride));
}

}  // namespace

int heading_of(const Walker& walker, milliseconds at) {
    const auto& path = walker.path;
    const std::size_t leg = leg_of(path, at);
    for (std::size_t back = 0; back <= leg; ++back) {
        const std::size_t i = leg - back;
        if (stands(path, i)) continue;
        return angle_of(path[i + 1].spot.x - path[i].spot.x, path[i + 1].spot.y - path[i].spot.y);
    }
    return walker.phase_turns & (kTurn - 1);
}

std::optional<Spot> place_of(const Walker& walker, milliseconds at) {
    const auto& path = walker.path;
    if (path.empty() || at < path.front().at || at > path.back().at) return std::nullopt;
    const std::size_t leg = leg_of(path, at);
    const Spot here = path[leg].spot;
    if (!walker.walks) return here;
    if (stands(path, leg)) {
        const int angle = angle_in(walker, at, kRest);
        return Spot{here.x + (cosine(angle) * kSub >> 14), here.y + (sine(angle) * kSub >> 14)};
    }
    const Waypoint& next = path[leg + 1];
    const std::int64_t part = (at - path[leg].at).count();
    const std::int64_t whole = (next.at - path[leg].at).count();
    const Spot straight{between(here.x, next.spot.x, part, whole),
                        between(here.y, next.spot.y, part, whole)};
    const int sway = sine(angle_in(walker, at, kStride)) * walker.radius * kSub / 12 / kUnit;
    return ahead(straight, heading_of(walker, at), {0, sway});
}

std::array<BodyPart, 6> body_of(const Walker& walker, Spot spot, milliseconds at) {
    const int r = walker.radius * kSub;
    const int heading = heading_of(walker, at);
    const int swing = step_of(walker, at) * (r / 2) / kUnit;
    const Spot ground = leaning(spot, -110);
    const Spot hips = leaning(spot, -40);
    const Spot crown = leaning(spot, 40);
    const Colour sleeves = darker(walker.clothes, 880);
    const auto part = [heading](Spot middle, int along, int across, Colour colour) {
        return BodyPart{{.middle = middle, .across = across, .along = along, .heading = heading},
                        colour};
    };
    return {part(ahead(ground, heading, {swing, r * 3 / 10}), r * 9 / 20, r / 5, kShoes),
            part(ahead(ground, heading, {-swing, -r * 3 / 10}), r * 9 / 20, r / 5, kShoes),
            part(ahead(hips, heading, {-swing, r * 17 / 20}), r * 2 / 5, r / 4, sleeves),
            part(ahead(hips, heading, {swing, -r * 17 / 20}), r * 2 / 5, r / 4, sleeves),
            part(spot, r * 3 / 5, r, walker.clothes),
            part(ahead(crown, heading, {r / 10, 0}), r * 9 / 20, r * 2 / 5, walker.hair)};
}

Shape trolley_of(const Walker& walker, Spot spot, milliseconds at) {
    const int heading = heading_of(walker, at);
    const int r = walker.radius * kSub;
    return {.middle = ahead(leaning(spot, -60), heading, {r * 19 / 10, 0}),
            .across = r * 3 / 4,
            .along = r * 21 / 20,
            .heading = heading};
}

Shape bag_of(const Walker& walker, Spot spot, milliseconds at) {
    const int heading = heading_of(walker, at);
    const int r = walker.radius * kSub;
    const int side = walker.phase_turns % 2 == 0 ? r * 23 / 20 : -r * 23 / 20;
    return {.middle = ahead(leaning(spot, -70), heading, {0, side}),
            .across = r / 4,
            .along = r / 2,
            .heading = heading};
}

std::optional<Extent> extent_of(const Walker& walker, milliseconds at) {
    const auto spot = place_of(walker, at);
    if (!spot) return std::nullopt;
    Spot low = *spot;
    Spot high = *spot;
    for (const BodyPart& part : body_of(walker, *spot, at)) {
        const Spot half = half_box(part.shape);
        const Spot middle = part.shape.middle;
        low = {std::min(low.x, middle.x - half.x), std::min(low.y, middle.y - half.y)};
        high = {std::max(high.x, middle.x + half.x), std::max(high.y, middle.y + half.y)};
    }
    const auto pixel = [](int sub) { return sub >> 4; };
    const Extent box{.x = pixel(low.x), .y = pixel(low.y)};
    return Extent{.x = box.x,
                  .y = box.y,
                  .w = pixel(high.x + kSub - 1) - box.x,
                  .h = pixel(high.y + kSub - 1) - box.y};
}

}  // namespace aisle::simulated
