#pragma once

#include <deque>
#include <functional>

#include "agent/core/sink.hpp"
#include "drivers/camera/module_api.hpp"
#include "drivers/tracking/floor_watch.hpp"

namespace aisle::camera {

// Crossings whose time is remembered, in case somebody comes back; older ones are taken to have
// been told at the time that their track says.
inline constexpr std::size_t kToldMax = 1024;

// What a scene saw, as readings on the shop's clock: crossings, ways back and stays at once, all
// that adds up once a minute. One thread; no clock of its own.
class SceneReporter {
public:
    SceneReporter(const VideoSettings& settings, const tracking::Scene& scene,
                  std::function<void(ReadingBody)> report);

    // What one frame brought. `at` is the scene's own time, `now` the wall's at the same moment.
    void tell(const tracking::SceneEvents& events, const Stamp& now, milliseconds at);

    // Of the minute under way.
    struct Quality {
        std::int32_t late = 0;    // it or pictures before it
        std::int32_t unseen = 0;  // of these, let go without a look
        bool light = false;       // the frame could not be judged
        milliseconds elapsed{};
    };
    void note(const Quality& frame, const Stamp& now);
    // True when `now` lies in another minute than the frames so far: fetch the sums and close it.
    [[nodiscard]] bool minute_over(const Stamp& now) const;
    [[nodiscard]] bool minute_begun() const { return minute_.frames > 0; }
    void close_minute(const tracking::SceneSums& sums, const Stamp& now);

    // The doors of all lines that count by themselves, and of the gates.
    [[nodiscard]] const std::vector<DoorId>& doors() const { return doors_; }

private:
    struct Told {
        std::size_t line = 0;
        std::int64_t track = 0;
        milliseconds at{};
        WallTime wall{};
    };
    [[nodiscard]] DoorId door_of(std::size_t line) const;
    [[nodiscard]] WallTime told_at(const tracking::TurnBack& back, WallTime otherwise) const;
    void fill(SceneMinute& minute, const tracking::SceneSums& sums) const;

    std::string camera_;
    tracking::Scene scene_;
    std::vector<DoorId> door_by_line_;
    std::vector<DoorId> doors_;
    std::function<void(ReadingBody)> report_;
    std::deque<Told> told_;
    SceneMinute minute_;
};

}  // namespace aisle::camera
