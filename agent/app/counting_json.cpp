#include "agent/app/counting_json.hpp"

#include <algorithm>
#include <cmath>

#include "agent/records/json_text.hpp"

namespace aisle::app {
namespace {

namespace json = boost::json;
using footfall::DirectionScore;
using footfall::Measurement;
using records::put;

json::object score_json(const DirectionScore& score) {
    json::object out;
    put(out, "tapped", score.tapped);
    put(out, "counted", score.right + score.phantom);
    put(out, "right", score.right);
    put(out, "missed", score.missed);
    put(out, "phantom", score.phantom);
    return out;
}

// What the day's sum is off by, in thousandths of the people who were tapped.
json::value net_json(const Measurement& measurement) {
    const auto tapped = static_cast<double>(measurement.in.tapped + measurement.out.tapped);
    if (tapped == 0) return nullptr;
    const auto [extra, missed] = measurement.wrong();
    const auto range = footfall::net_range({extra, missed});
    const auto permille = [&](double people) { return std::llround(people * 1000 / tapped); };
    json::object out;
    put(out, "permille", permille(static_cast<double>(extra - missed)));
    put(out, "low_permille", permille(range.low));
    put(out, "high_permille", permille(range.high));
    return out;
}

json::object door_json(const CountingView& view, const footfall::DoorFigures& door,
                       const footfall::DoorTrust& trust) {
    json::object why;
    put(why, "blind_s", trust.blind_s);
    put(why, "light_s", trust.light_s);
    put(why, "late_frames", trust.late_frames);
    put(why, "accuracy_permille", trust.accuracy_permille);
    json::object out;
    put(out, "door", door.door.value);
    put(out, "counts", door.counts);
    put(out, "in", door.entries);
    put(out, "out", door.exits);
    put(out, "staff_in", door.staff_entries);
    put(out, "staff_out", door.staff_exits);
    put(out, "uturns", door.uturns);
    put(out, "passers", door.passers);
    put(out, "blind_s", door.blind_s);
    put(out, "confidence_permille", trust.confidence_permille);
    put(out, "why", std::move(why));
    const auto& measured = view.commissioning.measured();
    const auto found = measured.find(door.door);
    put(out, "measured",
        found == measured.end() ? json::value(nullptr) : measurement_json(found->second));
    return out;
}

json::array doors_json(const CountingView& view, const footfall::Today& today, const Stamp& now) {
    json::array out;
    const auto trust = view.footfall.trust(now.wall);
    for (std::size_t i = 0; i < today.doors.size() && i < trust.size(); ++i)
        out.emplace_back(door_json(view, today.doors[i], trust[i]));
    return out;
}

json::object zone_json(const footfall::ZoneFigures& zone) {
    json::object out;
    put(out, "zone", zone.zone.value);
    put(out, "use", zone.use == ZoneUse::Queue ? "queue" : "area");
    put(out, "hour", zone.hour);
    put(out, "stays", zone.stays);
    put(out, "given_up", zone.given_up);
    put(out, "p50_s", zone.p50_s);
    put(out, "p95_s", zone.p95_s);
    put(out, "mean_milli", zone.mean_milli);
    put(out, "peak", zone.peak);
    return out;
}

json::array zones_now_json(const footfall::ZonesNow& zones, WallTime now) {
    json::array out;
    for (const footfall::ZonePresent& present : zones.at(now)) {
        json::object each;
        put(each, "zone", present.zone.value);
        put(each, "at", present.at);
        put(each, "mean_milli", present.mean_milli);
        put(each, "peak", present.peak);
        out.emplace_back(std::move(each));
    }
    return out;
}

json::array heat_json(const CountingView& view, WallTime now) {
    json::array out;
    for (const SeenCamera& camera : view.cameras.all()) {
        json::array cells;
        for (const auto& [cell, person_ms] : view.footfall.heat(camera.name, now)) {
            json::array pair;
            pair.emplace_back(cell);
            pair.emplace_back(person_ms);
            cells.emplace_back(std::move(pair));
        }
        json::object each;
        put(each, "camera", camera.name);
        put(each, "columns", kHeatColumns);
        put(each, "rows", kHeatRows);
        put(each, "cells", std::move(cells));
        out.emplace_back(std::move(each));
    }
    return out;
}

json::array steps_json(const std::vector<ZoneStep>& steps) {
    json::array out;
    for (const ZoneStep& step : steps) {
        if (step.n < kStepsMin) continue;  // fewer might be somebody
        json::object each;
        put(each, "from", step.from.value);
        put(each, "to", step.to.value);
        put(each, "n", step.n);
        out.emplace_back(std::move(each));
    }
    return out;
}

}  // namespace

json::object session_json(const footfall::SessionView& session) {
    json::object out;
    put(out, "id", session.id);
    put(out, "door", session.door.value);
    put(out, "by", session.by);
    put(out, "state", session.state == footfall::SessionState::Counting ? "counting" : "settling");
    put(out, "from", session.from);
    put(out, "taps", session.taps_told);
    put(out, "in", session.in);
    put(out, "out", session.out);
    return out;
}

json::object measurement_json(const Measurement& measurement) {
    const auto range = footfall::wilson_range(measurement.tries());
    json::object out;
    put(out, "door", measurement.door.value);
    put(out, "by", measurement.by);
    put(out, "from", measurement.span.from);
    put(out, "to", measurement.span.to);
    put(out, "people", measurement.tries().of);
    put(out, "accuracy_permille", footfall::permille_of(measurement.tries()));
    put(out, "low_permille", range.low);
    put(out, "high_permille", range.high);
    put(out, "net", net_json(measurement));
    put(out, "in", score_json(measurement.in));
    put(out, "out", score_json(measurement.out));
    put(out, "unjudged", measurement.unjudged);
    put(out, "blind_ms", measurement.blind_ms);
    put(out, "sums", measurement.sums);
    put(out, "stale", measurement.stale);
    put(out, "kept", measurement.enough());
    return out;
}

json::object counting_json(const CountingView& view, const Stamp& now) {
    const footfall::Today today = view.footfall.today(now.wall);
    json::object out;
    put(out, "business_date", to_text(today.date));
    put(out, "at", now.wall);
    put(out, "inside", today.inside);
    put(out, "raised", today.raised);
    put(out, "clamped", today.clamped);
    put(out, "doors", doors_json(view, today, now));
    json::array zones;
    for (const auto& zone : today.scenes) zones.emplace_back(zone_json(zone));
    put(out, "zones", std::move(zones));
    put(out, "zones_now", zones_now_json(view.zones_now, now.wall));
    put(out, "steps", steps_json(today.steps));
    put(out, "heat", heat_json(view, now.wall));
    json::array sessions;
    for (const auto& session : view.commissioning.sessions())
        sessions.emplace_back(session_json(session));
    put(out, "calibrations", std::move(sessions));
    json::array doors;
    for (const DoorId& door : doors_of(view, now.wall))
        doors.emplace_back(json::string{door.value});
    put(out, "can_calibrate", std::move(doors));
    return out;
}

std::vector<DoorId> doors_of(const CountingView& view, WallTime now) {
    std::vector<DoorId> doors;
    const auto add = [&](const DoorId& door) {
        if (std::ranges::find(doors, door) == doors.end()) doors.push_back(door);
    };
    for (const auto& door : view.footfall.today(now).doors) add(door.door);
    for (const SeenCamera& camera : view.cameras.all()) {
        for (const auto& [line, door] : camera.doors) add(door);
    }
    return doors;
}

}  // namespace aisle::app
