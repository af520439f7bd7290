#include "agent/records/floor_hour_records.hpp"

#include "agent/records/floor_records.hpp"
#include "agent/records/json_text.hpp"
#include "agent/records/object_reader.hpp"

namespace aisle::records {
namespace {

namespace json = boost::json;

struct Identity {
    const char* kind;
    std::string event_id;
    std::int32_t revision = 1;
};

Record footfall_record(Identity identity, const json::object& body, const Stamp& at) {
    Record record{.stream = Stream::Footfall,
                  .kind = identity.kind,
                  .event_id = std::move(identity.event_id),
                  .revision = identity.revision,
                  .at = at,
                  .body = json::serialize(body)};
    record.digest = content_digest(record.body);
    return record;
}

json::value zone_json(const ZoneHour& zone) {
    json::object out;
    put(out, "zone", zone.zone.value);
    put(out, "use", to_text(zone.use));
    put(out, "stays", zone.stays);
    if (zone.use == ZoneUse::Queue) put(out, "given_up", zone.given_up);
    put(out, "p50_s", zone.p50.count());
    put(out, "p90_s", zone.p90.count());
    put(out, "p95_s", zone.p95.count());
    put(out, "person_ms", zone.person_ms);
    put(out, "peak", zone.peak);
    return out;
}

json::value step_json(const ZoneStep& step) {
    json::object out;
    put(out, "from", step.from.value);
    put(out, "to", step.to.value);
    put(out, "n", step.n);
    return out;
}

seconds seconds_from(const ObjectReader& in, std::string_view key) {
    return seconds{in.integer<std::int64_t>(key)};
}

}  // namespace

Record floor_hour_record(const FloorHour& hour, const Stamp& at) {
    json::object out;
    put(out, "start", hour.start);
    put(out, "revision", hour.revision);
    json::array zones;
    for (const ZoneHour& zone : hour.zones) zones.push_back(zone_json(zone));
    put(out, "zones", std::move(zones));
    json::array steps;
    for (const ZoneStep& step : hour.steps) steps.push_back(step_json(step));
    put(out, "steps", std::move(steps));
    return footfall_record({"floor_hour", to_rfc3339(hour.start), hour.revision}, out, at);
}

Result<FloorHour> floor_hour_from_json(std::string_view text) {
    const auto in = ObjectReader::parse(text);
    in.require({"start", "zones"});
    FloorHour hour{.start = in.time("start"), .revision = in.integer<std::int32_t>("revision", 1)};
    in.objects("zones", [&](const ObjectReader& each) {
        hour.zones.push_back({.zone = ZoneId{each.text("zone")},
                              .use = each.word<ZoneUse>("use"),
                              .stays = each.integer<std::int64_t>("stays"),
                              .given_up = each.integer<std::int64_t>("given_up"),
                              .p50 = seconds_from(each, "p50_s"),
                              .p90 = seconds_from(each, "p90_s"),
                              .p95 = seconds_from(each, "p95_s"),
                              .person_ms = each.integer<std::int64_t>("person_ms"),
                              .peak = each.integer<std::int32_t>("peak")});
    });
    in.objects("steps", [&](const ObjectReader& each) {
        hour.steps.push_back({.from = ZoneId{each.text("from")},
                              .to = ZoneId{each.text("to")},
                              .n = each.integer<std::int32_t>("n")});
    });
    return in.finish(std::move(hour));
}

Record footfall_day_record(const FootfallDay& day, const Stamp& at) {
    json::object out;
    put(out, "date", to_text(day.date));
    put(out, "in", day.in);
    put(out, "out", day.out);
    put(out, "staff_in", day.staff_in);
    put(out, "staff_out", day.staff_out);
    put(out, "groups", day.groups);
    put(out, "uturns", day.uturns);
    put(out, "drift", day.drift);
    put(out, "clamped", day.clamped);
    put(out, "raised", day.raised);
    put(out, "blind_s", day.blind_s);
    return footfall_record({"footfall_day", to_text(day.date)}, out, at);
}

Result<FootfallDay> footfall_day_from_json(std::string_view text) {
    const auto in = ObjectReader::parse(text);
    in.require({"date", "in", "out"});
    const auto date = parse_date(in.text("date"));
    if (!date) in.fail("date", "not a date");
    return in.finish(FootfallDay{.date = date.value_or(Date{}),
                                 .in = in.integer<std::int64_t>("in"),
                                 .out = in.integer<std::int64_t>("out"),
                                 .staff_in = in.integer<std::int64_t>("staff_in"),
                                 .staff_out = in.integer<std::int64_t>("staff_out"),
                                 .groups = in.integer<std::int64_t>("groups"),
                                 .uturns = in.integer<std::int64_t>("uturns"),
                                 .drift = in.integer<std::int64_t>("drift"),
                                 .clamped = in.integer<std::int64_t>("clamped"),
                                 .raised = in.integer<std::int64_t>("raised"),
                                 .blind_s = in.integer<std::int64_t>("blind_s")});
}

}  // namespace aisle::records
