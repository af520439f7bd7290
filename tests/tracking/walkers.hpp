#pragma once

#include <vector>

#include "drivers/tracking/floor_watch.hpp"

// People who walk where a test says, without a tracker.
namespace aisle::tracking {

inline constexpr double kTall = 170;  // pixels, so that a metre is 100
inline constexpr milliseconds kFrame{100};

// Upright in the middle of the picture, with *in* to the left.
inline const Line kDoor{.name = "door", .from = {300, 0}, .to = {300, 400}};

inline Track person_at(Point foot, std::int64_t id = 1) {
    return {.id = id,
            .box = {.x = foot.x - 25, .y = foot.y - kFootHeight * kTall, .w = 50, .h = kTall},
            .confirmed = true};
}

// Lets tracks go by frame by frame and keeps what was told.
class Walkers {
public:
    explicit Walkers(Scene scene) : watch_{std::move(scene)} {}

    void frame(std::vector<Track> tracks) {
        now_ += kFrame;
        keep(watch_.update(tracks, {.frame = ++frames_, .at = now_, .elapsed = kFrame},
                           {.width = 640, .height = 360}));
    }
    void wait(int frames) {
        for (int i = 0; i < frames; ++i) frame({});
    }
    // One person in steps of `step` pixels; his speed is told too.
    void walk(Point from, Point to, std::int64_t id = 1, double step = 20) {
        const double way = distance(from, to);
        const int steps = static_cast<int>(way / step);
        for (int i = 0; i <= steps; ++i) {
            const double share = steps == 0 ? 0 : static_cast<double>(i) / steps;
            frame({person_at({from.x + share * (to.x - from.x), from.y + share * (to.y - from.y)},
                             id)});
        }
    }
    void reset() { keep(watch_.reset()); }

    FloorWatch& watch() { return watch_; }
    [[nodiscard]] milliseconds now() const { return now_; }

    std::vector<LineCrossing> crossings;
    std::vector<TurnBack> turn_backs;
    std::vector<Stay> stays;

private:
    void keep(const SceneEvents& events) {
        crossings.insert(crossings.end(), events.crossings.begin(), events.crossings.end());
        turn_backs.insert(turn_backs.end(), events.turn_backs.begin(), events.turn_backs.end());
        stays.insert(stays.end(), events.stays.begin(), events.stays.end());
    }

    FloorWatch watch_;
    std::int64_t frames_ = 0;
    milliseconds now_{};
};

}  // namespace aisle::tracking
