#include "drivers/simulated/scene_cast.hpp"

#include <algorithm>

#include "drivers/simulated/fixed.hpp"
#include "drivers/simulated/overhead.hpp"
#include "drivers/simulated/people.hpp"

namespace aisle::simulated {
namespace {

constexpr milliseconds kFirst{1500};    // a camera has a moment for the empty floor
constexpr milliseconds kLast{74'500};   // everybody has gone
constexpr milliseconds kWayMost{7000};  // through the picture without a stop
constexpr int kTries = 80;              // draws for one person; then the scene has one fewer
constexpr int kApart = 1180;            // permille of two radii: strangers keep so far apart
constexpr int kTouching = 900;          // those who walk together

int pixels(std::int64_t count) { return static_cast<int>(count) * kSub; }

// How far before and behind the picture somebody begins: nothing of them or their trolley is in it.
int margin_of(int radius) { return pixels(radius * 3 + 8); }

}  // namespace

SceneCast::SceneCast(SceneScript& script)
    : script_{script},
      noise_{script.seed, 100 + static_cast<std::uint64_t>(script.kind)},
      floor_{floor_tone(script.picture_seed())},
      depth_{pixels(script.street_left ? kSceneWidth : kSceneHeight)},
      width_{pixels(script.street_left ? kSceneHeight : kSceneWidth)} {}

void SceneCast::fill() {
    switch (script_.kind) {
        case SceneKind::Pairs:
            add_couples(20, false);
            break;
        case SceneKind::Child:
            add_couples(16, true);
            add_stream(8);
            break;
        case SceneKind::Crowd:
            habits_.pause = habits_.pass = 0;
            add_crowds();
            break;
        case SceneKind::Uturn:
            habits_.turn = 450;
            add_stream(36);
            break;
        case SceneKind::Linger:
            habits_.linger = 600;
            add_stream(30);
            break;
        case SceneKind::Trolley:
            habits_.trolley = 650;
            add_stream(34);
            break;
        case SceneKind::Mannequin:
            add_figure();
            add_stream(38);
            break;
        default:
            add_stream(40);
    }
    std::ranges::stable_sort(script_.walkers, {},
                             [](const Walker& walker) { return walker.path.front().at; });
    int id = 0;
    for (Walker& walker : script_.walkers) walker.id = walker.walks ? ++id : 0;
}

void SceneCast::add_stream(int count) {
    const auto span = kLast - kWayMost - kFirst;
    for (int i = 0; i < count; ++i) {
        for (int draw = 0; draw < kTries; ++draw) {
            const Walk walk = draw_walk(kFirst + span * i / count);
            Walker walker = dressed(walk);
            if (noise_.chance(habits_.trolley)) walker.carries = Carries::Trolley;
            walker.path = draw_path(walk);
            if (take({std::move(walker)}, kApart)) break;
        }
    }
}

// The second of a couple walks beside the first one, all the way, on the side of the middle.
void SceneCast::add_couples(int count, bool child) {
    habits_.pass = 0;
    const auto span = kLast - kWayMost - kFirst;
    for (int i = 0; i < count; ++i) {
        for (int draw = 0; draw < kTries; ++draw) {
            const Walk walk = draw_walk(kFirst + span * i / count);
            Walk beside = walk;
            beside.radius =
                static_cast<int>(child ? noise_.between(8, 10) : noise_.between(13, 17));
            Walker first = dressed(walk);
            Walker second = dressed(beside);
            first.path = second.path = draw_path(walk);
            const auto apart = std::int64_t{pixels(walk.radius + beside.radius)} *
                               noise_.between(920, 1080) / 1000;
            const bool near_end = walk.lane + walk.drift / 2 > width_ / 2;
            const Spot by = spot_of({.inwards = pixels(noise_.between(-5, 5)),
                                     .across = static_cast<int>(near_end ? -apart : apart)});
            for (Waypoint& point : second.path) {
                point.spot = {point.spot.x + by.x, point.spot.y + by.y};
            }
            if (take({std::move(first), std::move(second)}, kTouching)) break;
        }
    }
}

// Eight at once, a quarter of them against the others.
void SceneCast::add_crowds() {
    constexpr int kCrowds = 5;
    for (int crowd = 0; crowd < kCrowds; ++crowd) {
        const milliseconds begins = milliseconds{3500} + milliseconds{13'500} * crowd;
        const bool mostly_in = noise_.chance(500);
        for (int i = 0; i < 8; ++i) {
            for (int draw = 0; draw < kTries; ++draw) {
                Walk walk = draw_walk(begins + milliseconds{noise_.below(1800)});
                walk.in = (i < 6) == mostly_in;
                Walker walker = dressed(walk);
                walker.path = draw_path(walk);
                if (take({std::move(walker)}, 1040)) break;
            }
        }
    }
}

// It stands near the line until half-time, then it stands elsewhere on the same side.
void SceneCast::add_figure() {
    Walk pose = draw_walk(milliseconds{0});
    const int across = width_ / 4 + static_cast<int>(noise_.below(width_ / 2));
    const int aside = across < width_ / 2 ? pixels(48) : -pixels(48);
    const int off = either_side(34, 44);
    const milliseconds moved = kLast / 2;
    const auto stand = [&](int where, milliseconds from, milliseconds to) {
        const Spot spot = spot_of({.inwards = line_at(where) + off, .across = where});
        Walker figure = dressed(pose);
        figure.walks = false;
        figure.carries = Carries::Nothing;
        figure.path = {{from, spot}, {to, spot}};
        return figure;
    };
    Walker before = stand(across, milliseconds{0}, moved - milliseconds{1});
    Walker after = stand(across + aside, moved, kLast * 2);
    after.clothes = before.clothes;
    after.hair = before.hair;
    script_.walkers.push_back(std::move(before));
    script_.walkers.push_back(std::move(after));
}

SceneCast::Walk SceneCast::draw_walk(milliseconds about) {
    Walk walk;
    walk.in = noise_.chance(500);
    walk.radius = static_cast<int>(noise_.between(13, 17));
    const bool slow = script_.kind == SceneKind::Trolley || script_.kind == SceneKind::Child;
    walk.speed = static_cast<int>(noise_.between(45, slow ? 70 : 95));
    const int edge = pixels(walk.radius + 12);
    walk.lane = edge + static_cast<int>(noise_.below(width_ - 2 * edge));
    const int ends = std::clamp(walk.lane + pixels(noise_.between(-40, 40)), edge, width_ - edge);
    walk.drift = ends - walk.lane;
    walk.begins = about + milliseconds{noise_.between(0, 900)};
    return walk;
}

std::vector<Waypoint> SceneCast::draw_path(const Walk& walk) {
    if (noise_.chance(habits_.pass)) return pass_by(walk);
    const int outside = -margin_of(walk.radius);
    const int inside = depth_ + margin_of(walk.radius);
    std::vector<Waypoint> path{{walk.begins, spot_of(on_way(walk, walk.in ? outside : inside))}};
    if (noise_.chance(habits_.turn)) {
        turn_back(path, walk);
        return path;
    }
    if (noise_.chance(habits_.linger)) {
        linger(path, walk);
        if (noise_.chance(200)) {
            go_to(path, on_way(walk, walk.in ? outside : inside), walk.speed);
            return path;
        }
    } else if (noise_.chance(habits_.pause)) {
        const int where = depth_ / 5 + static_cast<int>(noise_.below(depth_ * 3 / 5));
        go_to(path, on_way(walk, where), walk.speed);
        stay(path, milliseconds{noise_.between(1000, 3000)});
    }
    go_to(path, on_way(walk, walk.in ? inside : outside), walk.speed);
    return path;
}

// Two in five stop on the line itself, the others before it or behind it.
void SceneCast::linger(std::vector<Waypoint>& path, const Walk& walk) {
    const int line = line_at(walk.lane + walk.drift / 2);
    const int off = noise_.chance(400) ? pixels(noise_.between(-6, 6)) : either_side(26, 70);
    go_to(path, on_way(walk, line + off), walk.speed);
    stay(path, milliseconds{noise_.between(5000, 20'000)});
}

// So far from the line that nobody can say they stood on it.
void SceneCast::turn_back(std::vector<Waypoint>& path, const Walk& walk) {
    const Spot begun = path.front().spot;
    const bool behind = noise_.chance(500);
    const int off = pixels(noise_.between(28, 48)) * (behind == walk.in ? 1 : -1);
    const Place turn = on_way(walk, line_at(walk.lane + walk.drift / 2) + off);
    go_to(path, turn, walk.speed);
    stay(path, milliseconds{noise_.between(200, 900)});
    const Spot aside = spot_of({.inwards = 0, .across = pixels(noise_.between(-14, 14))});
    const auto way =
        root_of((std::int64_t{begun.x} - path.back().spot.x) * (begun.x - path.back().spot.x) +
                (std::int64_t{begun.y} - path.back().spot.y) * (begun.y - path.back().spot.y));
    path.push_back({path.back().at + milliseconds{way * 1000 / pixels(walk.speed)},
                    {begun.x + aside.x, begun.y + aside.y}});
}

std::vector<Waypoint> SceneCast::pass_by(const Walk& walk) {
    const int off = pixels(noise_.between(48, 75)) * (walk.in ? 1 : -1);
    const int inwards = line_at(width_ / 2) + off;
    const int beyond = margin_of(walk.radius);
    const bool forth = noise_.chance(500);
    std::vector<Waypoint> path{
        {walk.begins, spot_of({.inwards = inwards, .across = forth ? -beyond : width_ + beyond})}};
    go_to(path, {.inwards = inwards, .across = forth ? width_ + beyond : -beyond}, walk.speed);
    return path;
}

// So many pixels, before or behind. Two draws in one expression would come in the compiler's order.
int SceneCast::either_side(int least, int most) {
    const int off = pixels(noise_.between(least, most));
    return noise_.chance(500) ? off : -off;
}

Walker SceneCast::dressed(const Walk& walk) {
    return dress(noise_, {.radius = walk.radius, .floor = floor_});
}

void SceneCast::stay(std::vector<Waypoint>& path, milliseconds how_long) const {
    path.push_back({path.back().at + how_long, path.back().spot});
}

void SceneCast::go_to(std::vector<Waypoint>& path, Place place, int speed) const {
    const Spot to = spot_of(place);
    const std::int64_t x = to.x - path.back().spot.x;
    const std::int64_t y = to.y - path.back().spot.y;
    const auto takes = milliseconds{root_of(x * x + y * y) * 1000 / pixels(speed)};
    path.push_back({path.back().at + std::max(takes, milliseconds{1}), to});
}

SceneCast::Place SceneCast::on_way(const Walk& walk, int inwards) const {
    const std::int64_t gone = walk.in ? inwards : depth_ - inwards;
    const std::int64_t share = std::clamp<std::int64_t>(gone, 0, depth_);
    return {.inwards = inwards,
            .across = walk.lane + static_cast<int>(walk.drift * share / depth_)};
}

int SceneCast::line_at(int across) const {
    const SceneLine& line = script_.lines.front();
    const auto flat = [&](const Spot& spot) {
        return script_.street_left ? Place{.inwards = pixels(spot.x), .across = pixels(spot.y)}
                                   : Place{.inwards = pixels(spot.y), .across = pixels(spot.x)};
    };
    const Place a = flat(line.from);
    const Place b = flat(line.to);
    return a.inwards + static_cast<int>(std::int64_t{b.inwards - a.inwards} * (across - a.across) /
                                        (b.across - a.across));
}

Spot SceneCast::spot_of(Place place) const {
    return script_.street_left ? Spot{place.inwards, place.across}
                               : Spot{place.across, place.inwards};
}

bool SceneCast::is_free(const Walker& walker, int room_permille) const {
    const int room = std::max(room_permille, kApart - 140);
    return std::ranges::all_of(
        script_.walkers, [&](const Walker& other) { return keep_apart(walker, other, room); });
}

// All of those who come together, or none of them.
bool SceneCast::take(std::vector<Walker> together, int room_permille) {
    for (const Walker& walker : together) {
        if (walker.path.back().at > kLast || !is_free(walker, room_permille)) return false;
    }
    std::ranges::move(together, std::back_inserter(script_.walkers));
    return true;
}

}  // namespace aisle::simulated
