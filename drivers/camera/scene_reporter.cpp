#include "drivers/camera/scene_reporter.hpp"

#include <algorithm>
#include <utility>

namespace aisle::camera {
namespace {

WallTime minute_of(WallTime time) { return std::chrono::floor<minutes>(time); }

}  // namespace

SceneReporter::SceneReporter(const VideoSettings& settings, const tracking::Scene& scene,
                             std::function<void(ReadingBody)> report)
    : camera_{settings.name}, scene_{scene}, report_{std::move(report)} {
    for (std::size_t i = 0; i < tracking::counting_size(scene_); ++i) {
        const std::string& name = tracking::counting_name(scene_, i);
        const auto found = settings.doors.find(name);
        door_by_line_.push_back(found == settings.doors.end() ? DoorId{name} : found->second);
        const bool counts = i >= scene_.lines.size() || tracking::counts_alone(scene_, i);
        const bool known = std::ranges::find(doors_, door_by_line_.back()) != doors_.end();
        if (counts && !known) doors_.push_back(door_by_line_.back());
    }
}

DoorId SceneReporter::door_of(std::size_t line) const { return door_by_line_[line]; }

void SceneReporter::tell(const tracking::SceneEvents& events, const Stamp& now, milliseconds at) {
    for (const tracking::LineCrossing& crossing : events.crossings) {
        const milliseconds ago = at - crossing.at;
        report_(Crossing{.door = door_of(crossing.line),
                         .direction = crossing.direction,
                         .at = now.wall - ago,
                         .mono = now.mono - ago,
                         .begins_group = crossing.begins_group});
        told_.push_back({crossing.line, crossing.track, crossing.at, now.wall - ago});
        if (told_.size() > kToldMax) told_.pop_front();
    }
    for (const tracking::TurnBack& back : events.turn_backs) {
        report_(UTurn{.door = door_of(back.line),
                      .first = back.first,
                      .first_at = told_at(back, now.wall - (at - back.first_at)),
                      .at = now.wall - (at - back.at),
                      .begins_group = back.begins_group});
    }
    for (const tracking::Stay& stay : events.stays) {
        const tracking::Zone& zone = scene_.zones[stay.zone];
        report_(ZoneStay{.zone = ZoneId{zone.name},
                         .use = zone.queue ? ZoneUse::Queue : ZoneUse::Area,
                         .entered = now.wall - (at - stay.entered),
                         .left = now.wall - (at - stay.left),
                         .served = stay.served});
    }
}

// The time that was told counts, not the one that the scene's clock would give now: the minute that
// the crossing stands in is the one to be put right.
WallTime SceneReporter::told_at(const tracking::TurnBack& back, WallTime otherwise) const {
    const auto found = std::ranges::find_if(told_, [&](const Told& told) {
        return told.line == back.line && told.track == back.track && told.at == back.first_at;
    });
    return found == told_.end() ? otherwise : found->wall;
}

void SceneReporter::note(const Quality& frame, const Stamp& now) {
    if (minute_.frames == 0 && minute_.late_frames == 0) minute_.from = now.wall;
    minute_.frames += 1 + frame.unseen;  // the share of late ones is of all that came
    minute_.late_frames += frame.late;
    if (frame.light) minute_.light += frame.elapsed;
}

bool SceneReporter::minute_over(const Stamp& now) const {
    return minute_.frames > 0 && minute_of(now.wall) != minute_of(minute_.from);
}

void SceneReporter::close_minute(const tracking::SceneSums& sums, const Stamp& now) {
    SceneMinute minute = std::exchange(minute_, {});
    minute.camera = camera_;
    minute.doors = doors_;
    // A clock that was put back ends the minute where it ends anyway.
    const WallTime end = minute_of(minute.from) + minutes{1};
    minute.to = now.wall > minute.from ? std::min<WallTime>(end, now.wall) : end;
    minute.light = std::min<milliseconds>(minute.light, minute.to - minute.from);
    fill(minute, sums);
    report_(std::move(minute));
}

void SceneReporter::fill(SceneMinute& minute, const tracking::SceneSums& sums) const {
    for (std::size_t i = 0; i < sums.zones.size(); ++i) {
        const tracking::Zone& zone = scene_.zones[i];
        minute.loads.push_back({.zone = ZoneId{zone.name},
                                .use = zone.queue ? ZoneUse::Queue : ZoneUse::Area,
                                .person_ms = sums.zones[i].person_ms,
                                .peak = sums.zones[i].peak});
    }
    for (const auto& [way, n] : sums.ways) {
        minute.steps.push_back({.from = ZoneId{scene_.zones[way.first].name},
                                .to = ZoneId{scene_.zones[way.second].name},
                                .n = n});
    }
    for (const auto& [line, n] : sums.passers)
        minute.passers.push_back({.door = door_of(line), .n = n});
    for (std::size_t cell = 0; cell < sums.heat.size(); ++cell) {
        if (sums.heat[cell] == 0) continue;
        minute.heat.push_back(
            {.cell = static_cast<std::int32_t>(cell), .person_ms = sums.heat[cell]});
    }
}

}  // namespace aisle::camera
