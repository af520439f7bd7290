#include "agent/records/floor_records.hpp"

#include <array>
#include <cmath>
#include <cstdio>

#include "agent/records/json_text.hpp"
#include "agent/records/object_reader.hpp"

namespace aisle::records {
namespace {

namespace json = boost::json;

struct Head {
    Stream stream;
    const char* kind;
};

Record record_of(Head head, const json::object& body, const Stamp& at) {
    return {.stream = head.stream, .kind = head.kind, .at = at, .body = json::serialize(body)};
}

std::int64_t micros(MonoTime time) { return time.time_since_epoch().count(); }

MonoTime mono_from(const ObjectReader& in, std::string_view key) {
    return MonoTime{microseconds{in.integer<std::int64_t>(key)}};
}

}  // namespace

std::string content_digest(std::string_view body) {
    std::uint64_t hash = 14695981039346656037ULL;
    for (const char c : body) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
    std::array<char, 17> text{};
    std::snprintf(text.data(), text.size(), "%016llx", static_cast<unsigned long long>(hash));
    return text.data();
}

namespace {

// Most minutes have none of these: what is as usual is left out, which the wire is glad of.
void put_more(json::object& out, const FootfallMinute& minute) {
    const auto put_some = [&](std::string_view key, std::int32_t n) {
        if (n != 0) put(out, key, n);
    };
    if (minute.revision != 1) put(out, "revision", minute.revision);
    put_some("staff_in", minute.staff_in);
    put_some("staff_out", minute.staff_out);
    put_some("groups", minute.groups);
    put_some("uturns", minute.uturns);
    put_some("passers", minute.passers);
    put_some("late_frames", minute.late_frames);
    put_some("light_s", minute.light_s);
    if (minute.confidence_permille != 1000)
        put(out, "confidence_permille", minute.confidence_permille);
}

}  // namespace

Record footfall_minute_record(const FootfallMinute& minute, const Stamp& at) {
    json::object out;
    put(out, "door", minute.door.value);
    put(out, "start", minute.start);
    put(out, "in", minute.in);
    put(out, "out", minute.out);
    put(out, "occupancy", minute.occupancy);
    put(out, "clamped", minute.clamped);
    put(out, "blind_s", minute.blind_s);
    put(out, "counts", minute.counts);
    put_more(out, minute);
    return record_of({Stream::Footfall, "footfall_minute"}, out, at);
}

Result<FootfallMinute> footfall_minute_from_json(std::string_view text) {
    const auto in = ObjectReader::parse(text);
    in.require({"door", "start", "in", "out"});
    return in.finish(FootfallMinute{
        .door = DoorId{in.text("door")},
        .start = in.time("start"),
        .in = in.integer<std::int32_t>("in"),
        .out = in.integer<std::int32_t>("out"),
        .occupancy = in.integer<std::int32_t>("occupancy"),
        .clamped = in.integer<std::int32_t>("clamped"),
        .blind_s = in.integer<std::int32_t>("blind_s"),
        .counts = in.flag("counts", true),
        .revision = in.integer<std::int32_t>("revision", 1),
        .staff_in = in.integer<std::int32_t>("staff_in"),
        .staff_out = in.integer<std::int32_t>("staff_out"),
        .groups = in.integer<std::int32_t>("groups"),
        .uturns = in.integer<std::int32_t>("uturns"),
        .passers = in.integer<std::int32_t>("passers"),
        .late_frames = in.integer<std::int32_t>("late_frames"),
        .light_s = in.integer<std::int32_t>("light_s"),
        .confidence_permille = in.integer<std::int32_t>("confidence_permille", 1000)});
}

Record zone_visit_record(const ZoneVisit& visit, const Stamp& at) {
    json::object out;
    put(out, "tag", visit.tag.value);
    put(out, "bearer", to_text(visit.bearer));
    put(out, "label", visit.label);
    put(out, "member", visit.member.value);
    put(out, "zone", visit.zone.value);
    put(out, "entered", visit.entered);
    put(out, "left", visit.left);
    put(out, "entered_mono", micros(visit.entered_mono));
    put(out, "left_mono", micros(visit.left_mono));
    put(out, "open", visit.open);
    put(out, "confidence_permille", visit.confidence_permille);
    return record_of({Stream::Footfall, "zone_visit"}, out, at);
}

Result<ZoneVisit> zone_visit_from_json(std::string_view text) {
    const auto in = ObjectReader::parse(text);
    in.require({"tag", "zone", "entered"});
    return in.finish(
        ZoneVisit{.tag = TagKey{in.text("tag")},
                  .bearer = in.word<TagBearer>("bearer"),
                  .label = in.text("label"),
                  .member = MemberKey{in.text("member")},
                  .zone = ZoneId{in.text("zone")},
                  .entered = in.time("entered"),
                  .left = in.time("left"),
                  .entered_mono = mono_from(in, "entered_mono"),
                  .left_mono = mono_from(in, "left_mono"),
                  .open = in.flag("open"),
                  .confidence_permille = in.integer<std::int32_t>("confidence_permille")});
}

// Whole numbers are written as such; what is not finite has no JSON and is left out.
Record health_record(const HealthNumbers& numbers, const Stamp& at) {
    constexpr double kWholeMax = 9e15;
    json::object out;
    for (const auto& [name, number] : numbers) {
        if (!std::isfinite(number)) continue;
        const bool whole = std::abs(number) < kWholeMax && std::trunc(number) == number;
        put(out, name,
            whole ? json::value(static_cast<std::int64_t>(number)) : json::value(number));
    }
    return record_of({Stream::Health, "health"}, out, at);
}

Result<HealthNumbers> health_from_json(std::string_view text) {
    const auto in = ObjectReader::parse(text);
    HealthNumbers numbers;
    for (const auto& [key, value] : in.raw()) {
        const std::string name{key.data(), key.size()};
        numbers[name] = in.number(name);
    }
    return in.finish(std::move(numbers));
}

Record crossing_record(const Crossing& crossing, const Stamp& at) {
    json::object out;
    put(out, "door", crossing.door.value);
    put(out, "direction", to_text(crossing.direction));
    put(out, "n", crossing.n);
    put(out, "at", crossing.at);
    put(out, "mono", micros(crossing.mono));
    if (!crossing.begins_group) put(out, "begins_group", false);
    if (crossing.staff) put(out, "staff", true);
    return record_of({Stream::Local, "crossing"}, out, at);
}

Result<Crossing> crossing_from_json(std::string_view text) {
    const auto in = ObjectReader::parse(text);
    in.require({"door", "direction", "n", "at"});
    return in.finish(Crossing{.door = DoorId{in.text("door")},
                              .direction = in.word<Direction>("direction"),
                              .n = in.integer<std::int32_t>("n"),
                              .at = in.time("at"),
                              .mono = mono_from(in, "mono"),
                              .begins_group = in.flag("begins_group", true),
                              .staff = in.flag("staff")});
}

Record blindness_record(const Blindness& blindness, const Stamp& at) {
    json::object out;
    put(out, "door", blindness.door.value);
    put(out, "from", blindness.from);
    put(out, "to", blindness.to);
    put(out, "reason", blindness.reason);
    return record_of({Stream::Local, "blindness"}, out, at);
}

Result<Blindness> blindness_from_json(std::string_view text) {
    const auto in = ObjectReader::parse(text);
    in.require({"door", "from", "to"});
    return in.finish(Blindness{.door = DoorId{in.text("door")},
                               .from = in.time("from"),
                               .to = in.time("to"),
                               .reason = in.text("reason")});
}

Record count_record(const CountReading& count, const Stamp& at) {
    json::object out;
    put(out, "source", count.source);
    put(out, "id", count.id);
    put(out, "door", count.door.value);
    put(out, "from", count.from);
    put(out, "to", count.to);
    put(out, "in", count.in);
    put(out, "out", count.out);
    Record record = record_of({Stream::Local, "count"}, out, at);
    if (count.id.empty()) return record;
    record.event_id = count.source + '|' + count.id;
    record.revision = 1;
    record.digest = content_digest(record.body);
    return record;
}

Result<CountReading> count_from_json(std::string_view text) {
    const auto in = ObjectReader::parse(text);
    in.require({"source", "door", "from", "to", "in", "out"});
    return in.finish(CountReading{.source = in.text("source"),
                                  .id = in.text("id"),
                                  .door = DoorId{in.text("door")},
                                  .from = in.time("from"),
                                  .to = in.time("to"),
                                  .in = in.integer<std::int32_t>("in"),
                                  .out = in.integer<std::int32_t>("out")});
}

}  // namespace aisle::records
