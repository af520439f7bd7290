#include "agent/records/scene_records.hpp"

#include "agent/records/json_text.hpp"
#include "agent/records/object_reader.hpp"

namespace aisle::records {
namespace {

namespace json = boost::json;

Record local_record(const char* kind, const json::object& body, const Stamp& at) {
    return {.stream = Stream::Local, .kind = kind, .at = at, .body = json::serialize(body)};
}

template <typename Each, typename Write>
json::array array_of(const std::vector<Each>& all, Write write) {
    json::array out;
    out.reserve(all.size());
    for (const Each& each : all) out.push_back(write(each));
    return out;
}

json::value load_json(const ZoneLoad& load) {
    json::object out;
    put(out, "zone", load.zone.value);
    put(out, "use", to_text(load.use));
    put(out, "person_ms", load.person_ms);
    put(out, "peak", load.peak);
    return out;
}

json::value step_json(const ZoneStep& step) {
    json::object out;
    put(out, "from", step.from.value);
    put(out, "to", step.to.value);
    put(out, "n", step.n);
    return out;
}

json::value passers_json(const PassersBy& passers) {
    json::object out;
    put(out, "door", passers.door.value);
    put(out, "n", passers.n);
    return out;
}

// A cell is a pair, since there may be hundreds of them.
json::value heat_json(const HeatCell& heat) {
    json::array pair;
    pair.push_back(heat.cell);
    pair.push_back(heat.person_ms);
    return pair;
}

// An odd pair is left out: its cells are figures for a picture, not for a sum.
std::vector<HeatCell> heat_from(const ObjectReader& in) {
    std::vector<HeatCell> cells;
    const json::value* found = in.raw().if_contains("heat");
    const json::array* pairs = found != nullptr ? found->if_array() : nullptr;
    if (pairs == nullptr) return cells;
    for (const json::value& pair : *pairs) {
        const json::array* both = pair.if_array();
        if (both == nullptr || both->size() != 2) continue;
        const auto* cell = (*both)[0].if_int64();
        const auto* person_ms = (*both)[1].if_int64();
        if (cell == nullptr || person_ms == nullptr || *cell < 0 ||
            *cell >= kHeatColumns * kHeatRows) {
            continue;
        }
        cells.push_back({.cell = static_cast<std::int32_t>(*cell), .person_ms = *person_ms});
    }
    return cells;
}

void read_lists(const ObjectReader& in, SceneMinute& minute) {
    in.texts("doors", [&](std::string door) { minute.doors.emplace_back(std::move(door)); });
    in.objects("loads", [&](const ObjectReader& each) {
        minute.loads.push_back({.zone = ZoneId{each.text("zone")},
                                .use = each.word<ZoneUse>("use"),
                                .person_ms = each.integer<std::int64_t>("person_ms"),
                                .peak = each.integer<std::int32_t>("peak")});
    });
    in.objects("steps", [&](const ObjectReader& each) {
        minute.steps.push_back({.from = ZoneId{each.text("from")},
                                .to = ZoneId{each.text("to")},
                                .n = each.integer<std::int32_t>("n")});
    });
    in.objects("passers", [&](const ObjectReader& each) {
        minute.passers.push_back(
            {.door = DoorId{each.text("door")}, .n = each.integer<std::int32_t>("n")});
    });
    minute.heat = heat_from(in);
}

}  // namespace

Record u_turn_record(const UTurn& turn, const Stamp& at) {
    json::object out;
    put(out, "door", turn.door.value);
    put(out, "first", to_text(turn.first));
    put(out, "first_at", turn.first_at);
    put(out, "at", turn.at);
    put(out, "begins_group", turn.begins_group);
    put(out, "staff", turn.staff);
    return local_record("u_turn", out, at);
}

Result<UTurn> u_turn_from_json(std::string_view text) {
    const auto in = ObjectReader::parse(text);
    in.require({"door", "first", "first_at", "at"});
    return in.finish(UTurn{.door = DoorId{in.text("door")},
                           .first = in.word<Direction>("first"),
                           .first_at = in.time("first_at"),
                           .at = in.time("at"),
                           .begins_group = in.flag("begins_group", true),
                           .staff = in.flag("staff")});
}

Record zone_stay_record(const ZoneStay& stay, const Stamp& at) {
    json::object out;
    put(out, "zone", stay.zone.value);
    put(out, "use", to_text(stay.use));
    put(out, "entered", stay.entered);
    put(out, "left", stay.left);
    put(out, "served", stay.served);
    return local_record("zone_stay", out, at);
}

Result<ZoneStay> zone_stay_from_json(std::string_view text) {
    const auto in = ObjectReader::parse(text);
    in.require({"zone", "use", "entered", "left"});
    return in.finish(ZoneStay{.zone = ZoneId{in.text("zone")},
                              .use = in.word<ZoneUse>("use"),
                              .entered = in.time("entered"),
                              .left = in.time("left"),
                              .served = in.flag("served", true)});
}

Record scene_minute_record(const SceneMinute& minute, const Stamp& at) {
    json::object out;
    put(out, "camera", minute.camera);
    put(out, "from", minute.from);
    put(out, "to", minute.to);
    put(out, "doors",
        array_of(minute.doors, [](const DoorId& door) { return as_text(door.value); }));
    put(out, "frames", minute.frames);
    put(out, "late_frames", minute.late_frames);
    put(out, "light_ms", minute.light.count());
    if (!minute.loads.empty()) put(out, "loads", array_of(minute.loads, load_json));
    if (!minute.steps.empty()) put(out, "steps", array_of(minute.steps, step_json));
    if (!minute.passers.empty()) put(out, "passers", array_of(minute.passers, passers_json));
    if (!minute.heat.empty()) put(out, "heat", array_of(minute.heat, heat_json));
    return local_record("scene_minute", out, at);
}

Result<SceneMinute> scene_minute_from_json(std::string_view text) {
    const auto in = ObjectReader::parse(text);
    in.require({"camera", "from", "to"});
    SceneMinute minute{.camera = in.text("camera"),
                       .from = in.time("from"),
                       .to = in.time("to"),
                       .frames = in.integer<std::int32_t>("frames"),
                       .late_frames = in.integer<std::int32_t>("late_frames"),
                       .light = milliseconds{in.integer<std::int64_t>("light_ms")}};
    read_lists(in, minute);
    return in.finish(std::move(minute));
}

}  // namespace aisle::records
