#include "drivers/counter/smart_formats.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "drivers/counter/json_value.hpp"

namespace aisle::counter {
namespace {

namespace json = boost::json;

constexpr std::size_t kNameBytesMax = 120;

const json::value* member(const json::value& of, std::string_view name) {
    const auto* object = of.if_object();
    return object == nullptr ? nullptr : object->if_contains({name.data(), name.size()});
}

// A path of names; null where it breaks off.
template <typename... Names>
const json::value* member(const json::value& of, std::string_view first, Names... rest) {
    const auto* inner = member(of, first);
    return inner == nullptr ? nullptr : member(*inner, rest...);
}

std::optional<std::string> name_in(const json::value* value) {
    auto text = value == nullptr ? std::nullopt : text_of(*value);
    if (text && (text->empty() || text->size() > kNameBytesMax)) return std::nullopt;
    return text;
}

std::optional<std::int64_t> count_in(const json::value* value) {
    const auto number = value == nullptr ? std::nullopt : integer_of(*value);
    return number && *number >= 0 ? number : std::nullopt;
}

std::optional<WallTime> time_in(const json::value* value) {
    return value == nullptr ? std::nullopt : time_of(*value);
}

// Collects what a package holds. Records have the numbers in which they were met.
class Harvest {
public:
    explicit Harvest(const CounterSource& source) : source_{source} {}

    void leave_out() { ++index_, ++package_.left_out; }
    void refuse(std::string detail) {
        const bool room = package_.problems.size() < kRecordsMax;
        if (room) {
            package_.problems.push_back(
                {.record = index_, .reason = "schema", .detail = std::move(detail)});
        }
        ++index_;
    }
    // False when the package holds more than anybody believes.
    [[nodiscard]] bool has_room() const { return index_ < kRecordsMax; }

    // A count for this line: where lines are configured, of one of them; else of the source's door.
    MappedCount* count_for(const std::string& line) {
        const auto door = source_.doors.find(line);
        const bool known = door != source_.doors.end();
        if (!known && (!source_.doors.empty() || source_.door.empty())) {
            refuse("a line that is not configured");
            return nullptr;
        }
        ++index_;
        package_.counts.push_back({.door = known ? door->second : source_.door,
                                   .channel = known ? line : source_.door.value,
                                   .timed = true});
        return &package_.counts.back();
    }
    // Of `forward` or `backward`: which of the two is in.
    [[nodiscard]] bool is_in(const std::string& line, bool forward) const {
        const auto& swapped = source_.swapped;
        return forward != (std::ranges::find(swapped, line) != swapped.end());
    }
    [[nodiscard]] bool wants(const std::string& object) const {
        static const std::vector<std::string> kPersons{"PERSON"};
        const auto& wanted = source_.object_is.empty() ? kPersons : source_.object_is;
        return std::ranges::find(wanted, object) != wanted.end();
    }
    MappedPackage take() { return std::move(package_); }

private:
    const CounterSource& source_;
    MappedPackage package_;
    std::size_t index_ = 0;
};

const json::array* array_in(const json::value* value) {
    return value == nullptr ? nullptr : value->if_array();
}

// What each track of a frame is. Without a list, the sensor was told not to send it, and then it
// cannot say what crossed.
std::optional<std::map<std::int64_t, std::string>> objects_of(const json::value& frame) {
    const auto* list = array_in(member(frame, "tracked_objects"));
    if (list == nullptr) return std::nullopt;
    std::map<std::int64_t, std::string> objects;
    for (const json::value& object : *list) {
        const auto track = count_in(member(object, "track_id"));
        const auto type = name_in(member(object, "type"));
        if (track && type) objects[*track] = *type;
    }
    return objects;
}

struct LiveFrame {
    std::string serial;
    std::optional<WallTime> at;
    std::optional<std::map<std::int64_t, std::string>> objects;
};

// Its name in the world: sensor, instant, track, line and the crossing's number on that track.
std::string identity(const LiveFrame& frame, std::int64_t track, const json::value& attributes) {
    const auto sequence = count_in(member(attributes, "sequence_number")).value_or(0);
    const auto geometry = count_in(member(attributes, "geometry_id")).value_or(0);
    return frame.serial + "/" + std::to_string(frame.at->time_since_epoch().count()) + "/" +
           std::to_string(track) + "/" + std::to_string(geometry) + "/" + std::to_string(sequence);
}

void harvest_event(const LiveFrame& frame, const json::value& event, Harvest& harvest) {
    const auto type = name_in(member(event, "type"));
    const bool forward = type == "LINE_CROSS_FORWARD";
    if (!forward && type != "LINE_CROSS_BACKWARD") return harvest.leave_out();
    const auto* const attributes = member(event, "attributes");
    if (attributes == nullptr) return harvest.refuse("a crossing without attributes");
    const auto track = count_in(member(*attributes, "track_id"));
    const auto line = name_in(member(*attributes, "geometry_name"));
    if (!track || !line || !frame.at)
        return harvest.refuse("a crossing without track, line or time");
    if (frame.objects) {
        const auto object = frame.objects->find(*track);
        if (object == frame.objects->end()) return harvest.refuse("a crossing of an unknown track");
        if (!harvest.wants(object->second)) return harvest.leave_out();
    }
    MappedCount* const count = harvest.count_for(*line);
    if (count == nullptr) return;
    count->id = identity(frame, *track, *attributes);
    count->from = count->to = *frame.at;
    (harvest.is_in(*line, forward) ? count->in : count->out) = 1;
}

// fw and bw of a line's record; nothing when it has neither or one is no count.
struct BothWays {
    std::int64_t forward = 0;
    std::int64_t backward = 0;
};
std::optional<BothWays> both_ways(const json::value& record) {
    const auto* const counts = array_in(member(record, "counts"));
    if (counts == nullptr) return std::nullopt;
    BothWays ways;
    bool any = false;
    for (const json::value& count : *counts) {
        const auto name = name_in(member(count, "name"));
        if (name != "fw" && name != "bw") continue;
        const auto value = count_in(member(count, "value"));
        if (!value || *value > kCountMax) return std::nullopt;
        (name == "fw" ? ways.forward : ways.backward) = *value;
        any = true;
    }
    return any ? std::optional{ways} : std::nullopt;
}

void harvest_interval(const std::string& serial, const std::string& line, const json::value& record,
                      Harvest& harvest) {
    const auto from = time_in(member(record, "from"));
    const auto to = time_in(member(record, "to"));
    if (!from || !to || *to <= *from || *to - *from > std::chrono::days{1}) {
        return harvest.refuse("no interval of at most a day");
    }
    const auto ways = both_ways(record);
    if (!ways) return harvest.refuse("no counts of both ways");
    MappedCount* const count = harvest.count_for(line);
    if (count == nullptr) return;
    count->from = *from;
    count->to = *to;
    count->id = serial + "/" + line + "/" + std::to_string(from->time_since_epoch().count()) + "-" +
                std::to_string(to->time_since_epoch().count());
    const bool forward_in = harvest.is_in(line, true);
    count->in = forward_in ? ways->forward : ways->backward;
    count->out = forward_in ? ways->backward : ways->forward;
}

// The array of logics, wherever the sensor's firmware wraps it.
struct Logics {
    const json::array* list = nullptr;
    const json::value* wrapper = nullptr;
};
Logics logics_of(const json::value& root) {
    if (const auto* list = array_in(member(root, "logics"))) return {list, &root};
    const auto* const object = root.if_object();
    if (object == nullptr) return {};
    for (const auto& entry : *object) {
        if (const auto* list = array_in(member(entry.value(), "logics"))) {
            return {list, &entry.value()};
        }
    }
    return {};
}

// YYYYMMDDhhmmss of a clock without a zone, read as if it were UTC.
std::optional<WallTime> compact_time(const json::value* value) {
    const auto text = name_in(value);
    if (!text || text->size() != 14) return std::nullopt;
    if (!std::ranges::all_of(*text, [](char c) { return c >= '0' && c <= '9'; })) {
        return std::nullopt;
    }
    const auto part = [&](std::size_t at, std::size_t n) { return text->substr(at, n); };
    return parse_rfc3339(part(0, 4) + "-" + part(4, 2) + "-" + part(6, 2) + "T" + part(8, 2) + ":" +
                         part(10, 2) + ":" + part(12, 2) + "Z");
}

}  // namespace

Result<MappedPackage> map_xovis_live(const CounterSource& source, const json::value& root) {
    const auto* const frames = array_in(member(root, "live_data", "frames"));
    if (frames == nullptr) return malformed("no live_data of a Xovis sensor");
    LiveFrame frame;
    frame.serial = name_in(member(root, "live_data", "sensor_info", "serial_number")).value_or("");
    Harvest harvest{source};
    for (const json::value& told : *frames) {
        const auto* const events = array_in(member(told, "events"));
        if (events == nullptr) continue;
        frame.at = time_in(member(told, "time"));
        frame.objects = objects_of(told);
        for (const json::value& event : *events) {
            if (!harvest.has_room()) return malformed("more than 1000 records");
            harvest_event(frame, event, harvest);
        }
    }
    return harvest.take();
}

Result<MappedPackage> map_xovis_logics(const CounterSource& source, const json::value& root) {
    const Logics logics = logics_of(root);
    if (logics.list == nullptr) return malformed("no logics of a Xovis sensor");
    const std::string serial =
        name_in(member(*logics.wrapper, "sensor_info", "serial_number")).value_or("");
    Harvest harvest{source};
    for (const json::value& logic : *logics.list) {
        const auto line = name_in(member(logic, "name"));
        const auto info = name_in(member(logic, "info")).value_or("");
        const auto* const records = array_in(member(logic, "records"));
        if (!line || records == nullptr || info.find("LINE") == std::string::npos) {
            harvest.leave_out();
            continue;
        }
        for (const json::value& record : *records) {
            if (!harvest.has_room()) return malformed("more than 1000 records");
            harvest_interval(serial, *line, record, harvest);
        }
    }
    return harvest.take();
}

Result<MappedPackage> map_axis_analytics(const CounterSource& source, const json::value& root) {
    const auto topic = name_in(member(root, "topic"));
    const auto* const fields = member(root, "message", "data");
    if (!topic || fields == nullptr) return malformed("no event of Axis Object Analytics");
    Harvest harvest{source};
    if (name_in(member(*fields, "scenario")) != "passageCounts") {
        harvest.leave_out();
        return harvest.take();
    }
    const auto at = time_in(member(root, "timestamp"));
    const auto* const humans = member(*fields, "totalHuman");
    const auto total = count_in(humans != nullptr ? humans : member(*fields, "total"));
    if (!at || !total || *total > kTotalMax) {
        harvest.refuse("no time or total");
        return harvest.take();
    }
    const std::string scenario = topic->substr(topic->rfind('/') + 1);
    // Two scenarios' totals in one would be a row of resets.
    if (!source.doors.contains(scenario)) {
        harvest.refuse("a scenario that is not configured");
        return harvest.take();
    }
    if (MappedCount* const count = harvest.count_for(scenario)) {
        count->from = count->to = *at;
        (harvest.is_in(scenario, true) ? count->in : count->out) = *total;
    }
    return harvest.take();
}

Result<MappedPackage> map_axis_people(const CounterSource& source, const json::value& root,
                                      WallTime arrived) {
    const auto in = count_in(member(root, "in"));
    const auto out = count_in(member(root, "out"));
    if (!in || !out) return malformed("no live sum of an Axis People Counter");
    if (*in > kTotalMax || *out > kTotalMax) return malformed("a sum beyond belief");
    Harvest harvest{source};
    const std::string name =
        name_in(member(root, "serial")).value_or(name_in(member(root, "name")).value_or("camera"));
    if (MappedCount* const count = harvest.count_for(name)) {
        count->from = count->to = arrived;
        count->sensor_clock = compact_time(member(root, "timestamp"));
        count->timed = false;
        const bool forward_in = harvest.is_in(name, true);
        count->in = forward_in ? *in : *out;
        count->out = forward_in ? *out : *in;
    }
    return harvest.take();
}

}  // namespace aisle::counter
