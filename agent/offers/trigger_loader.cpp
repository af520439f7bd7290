#include <algorithm>
#include <array>
#include <cmath>

#include <boost/json.hpp>

#include "agent/offers/loader.hpp"
#include "agent/offers/texts.hpp"

// The field `trigger`: each kind has its own parameters, and no others.
namespace aisle::offers {
namespace {

namespace json = boost::json;

constexpr std::int64_t kSecondsMax = 7 * 86'400;
constexpr std::int64_t kMinutesOfDay = 24 * 60;
constexpr double kFigureMax = 1e12;
constexpr std::size_t kTimesMax = 48;
constexpr std::size_t kValuesMax = 50;
// Who comes and goes at the edge of a zone is not prompted each time, whatever the file leaves out.
constexpr std::int64_t kEnterRearmS = 1'800;

std::optional<TriggerKind> kind_of(Reader& reader) {
    if (!reader.take("type")) return reader.missing("type"), std::nullopt;
    const auto text = reader.text("type");
    const auto kind = text ? trigger_from(*text) : std::nullopt;
    if (text && !kind) {
        std::string known;
        for (std::size_t i = 0; i < kTriggerKinds; ++i)
            known += (i == 0 ? "" : ", ") + std::string{to_text(static_cast<TriggerKind>(i))};
        reader.fault("type", "must be one of " + known);
    }
    return kind;
}

std::optional<double> figure(Reader& reader, std::string_view key, double least) {
    const auto number = reader.number(key);
    if (!number) return std::nullopt;
    if (std::isfinite(*number) && *number >= least && *number <= kFigureMax) return number;
    reader.fault(key, "is out of range");
    return std::nullopt;
}

struct LevelRules {
    Level::Way way = Level::Way::Above;  // where nothing is said
    double least = 0;
    double back_share = 0;  // of the level, rounded up, where no hysteresis is said
};

std::optional<Level> read_level(Reader& reader, const LevelRules& rules) {
    const auto at = figure(reader, "level", rules.least);
    const auto back = figure(reader, "hysteresis", 0);
    Level level{.at = at.value_or(0), .way = rules.way};
    level.back = back.value_or(std::ceil(std::abs(level.at) * rules.back_share));
    if (const auto way = reader.text("direction")) {
        level.way = *way == "above" ? Level::Way::Above : Level::Way::Below;
        if (*way != "above" && *way != "below") reader.fault("direction", "must be above or below");
    }
    if (!at) return std::nullopt;
    return level;
}

void need_level(Reader& reader, const LevelRules& rules, Trigger& trigger) {
    trigger.level = read_level(reader, rules);
    if (!trigger.level && !reader.take("level")) reader.missing("level");
}

void read_visit(Reader& reader, Trigger& trigger) {
    if (trigger.zone.empty() && !reader.take("zone")) reader.missing("zone");
    if (trigger.kind == TriggerKind::ZoneDwell)
        trigger.min = seconds{reader.integer("min_s", {.min = 0, .max = kSecondsMax}).value_or(0)};
}

void read_occupancy(Reader& reader, Trigger& trigger) {
    need_level(reader, {.least = 1, .back_share = 0.1}, trigger);
    trigger.fact =
        trigger.zone.empty() ? "ctx.occupancy" : std::string{kZonePeople} + trigger.zone.value;
}

void read_footfall(Reader& reader, Trigger& trigger) {
    need_level(reader, {.least = 1, .back_share = 0.1}, trigger);
    trigger.window =
        minutes{reader.integer("window_min", {.min = 1, .max = kMinutesOfDay}).value_or(15)};
    trigger.door = DoorId{reader.text("door").value_or("")};
}

void read_stock(Reader& reader, Trigger& trigger) {
    const auto sku = reader.text("sku");
    if (!sku && !reader.take("sku")) reader.missing("sku");
    trigger.fact = std::string{kStockFact} + sku.value_or("");
    need_level(reader, {.way = Level::Way::Below}, trigger);
}

void read_values(Reader& reader, Trigger& trigger) {
    const json::value* const is = reader.take("is");
    if (!is) return;
    const auto add = [&](const json::value& one) {
        if (one.is_string())
            trigger.is.emplace_back(std::string{one.get_string()});
        else if (one.is_bool())
            trigger.is.emplace_back(one.get_bool());
        else if (one.is_int64())
            trigger.is.emplace_back(one.get_int64());
        else
            reader.fault("is", "must be a text, a whole number, true, false, or a list of these");
    };
    const json::array* const list = is->if_array();
    if (!list) return add(*is);
    if (list->empty() || list->size() > kValuesMax)
        return reader.fault("is", "must name between 1 and " + std::to_string(kValuesMax));
    for (const json::value& one : *list) add(one);
}

void read_weather(Reader& reader, Trigger& trigger) {
    trigger.fact = reader.text("fact").value_or("ctx.weather");
    read_values(reader, trigger);
    trigger.level = read_level(reader, {.least = -kFigureMax});
    if (trigger.level && !trigger.is.empty())
        reader.fault("is", "and `level` are two different questions");
}

void read_time(Reader& reader, Trigger& trigger) {
    Timetable& table = trigger.timetable;
    const auto every = reader.integer("every_min", {.min = 1, .max = kMinutesOfDay});
    table.every = minutes{every.value_or(0)};
    const json::array* const times = reader.array("at");
    for (std::size_t i = 0; times && i < times->size(); ++i) {
        const json::string* const text = (*times)[i].if_string();
        const auto minute = text ? parse_minute(*text) : std::nullopt;
        if (minute && *minute < kMinutesOfDay)
            table.at.push_back(*minute);
        else
            reader.fault("at[" + std::to_string(i) + "]", "must be a time \"HH:MM\" of the day");
    }
    if (table.at.size() > kTimesMax) reader.fault("at", "are too many");
    std::ranges::sort(table.at);
    table.at.erase(std::ranges::unique(table.at).begin(), table.at.end());
    const bool either = (times != nullptr) != every.has_value();
    if (!either || (times && times->empty()))
        reader.fault("", "needs either `at` (times of the day) or `every_min`");
}

struct ScalarText {
    std::string operator()(const std::string& text) const {
        return json::serialize(json::string(text));
    }
    std::string operator()(bool value) const { return value ? "true" : "false"; }
    std::string operator()(auto number) const { return json::serialize(json::value(number)); }
};

// The parameters that decide when it happens, in one order: triggers with the same text are one
// edge. What each campaign may have of its own (rearm) is not in it.
std::string edge_of(const Trigger& trigger, const std::string& zone_name) {
    std::string edge = trigger.fact;
    for (const auto& value : trigger.is) edge += "=" + std::visit(ScalarText{}, value);
    if (!trigger.zone.empty()) edge += "@" + trigger.zone.value;
    if (trigger.kind == TriggerKind::Footfall)
        edge += trigger.door.value + "/" + std::to_string(trigger.window.count()) + "min";
    if (trigger.level) {
        edge += trigger.level->way == Level::Way::Above ? ">=" : "<=";
        edge += ScalarText{}(trigger.level->at) + "~" + ScalarText{}(trigger.level->back);
    }
    if (trigger.kind != TriggerKind::Time) return edge;
    if (trigger.timetable.every.count() > 0)
        edge += "every " + std::to_string(trigger.timetable.every.count());
    for (const int minute : trigger.timetable.at) edge += " " + std::to_string(minute);
    return edge + " " + zone_name;
}

void read_parameters(Reader& reader, Trigger& trigger) {
    switch (trigger.kind) {
        case TriggerKind::ZoneEnter:
        case TriggerKind::ZoneDwell:
            return read_visit(reader, trigger);
        case TriggerKind::Occupancy:
            return read_occupancy(reader, trigger);
        case TriggerKind::Footfall:
            return read_footfall(reader, trigger);
        case TriggerKind::Time:
            return read_time(reader, trigger);
        case TriggerKind::Weather:
            return read_weather(reader, trigger);
        case TriggerKind::Stock:
            return read_stock(reader, trigger);
        case TriggerKind::MemberSeen:
        case TriggerKind::Basket:
        case TriggerKind::Sale:
            return;
    }
}

}  // namespace

Trigger read_trigger(const json::object* object, const std::string& zone_name,
                     FieldFaults& faults) {
    Trigger trigger;
    if (!object) return faults.push_back({"trigger", "is missing"}), trigger;
    Reader reader{*object, "trigger", faults};
    const auto kind = kind_of(reader);
    if (!kind) return trigger;
    trigger.kind = *kind;
    const bool priced = *kind == TriggerKind::Basket || *kind == TriggerKind::Sale;
    if (!priced && *kind != TriggerKind::MemberSeen)
        trigger.zone = ZoneId{reader.text("zone").value_or("")};
    if (!priced)
        trigger.rearm = seconds{reader.integer("rearm_s", {.min = 0, .max = kSecondsMax})
                                    .value_or(*kind == TriggerKind::ZoneEnter ? kEnterRearmS : 0)};
    read_parameters(reader, trigger);
    reader.finish();
    if (trigger.on_edge()) trigger.edge = edge_of(trigger, zone_name);
    // It names rows and stands in every decision.
    if (trigger.edge.size() > kTextBytesMax) reader.fault("", "is too long");
    return trigger;
}

}  // namespace aisle::offers
