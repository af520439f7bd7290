#include "agent/records/quarter_records.hpp"

#include "agent/records/json_text.hpp"
#include "agent/records/object_reader.hpp"

namespace aisle::records {
namespace {

namespace json = boost::json;

Record footfall_record(const char* kind, const json::object& body, const Stamp& at) {
    return {.stream = Stream::Footfall, .kind = kind, .at = at, .body = json::serialize(body)};
}

}  // namespace

Record footfall_quarter_record(const FootfallQuarter& quarter, const Stamp& at) {
    json::object out;
    put(out, "door", quarter.door.value);
    put(out, "start", quarter.start);
    put(out, "end", quarter.end);
    put(out, "in", quarter.in);
    put(out, "out", quarter.out);
    put(out, "occupancy", quarter.occupancy);
    put(out, "clamped", quarter.clamped);
    put(out, "blind_s", quarter.blind_s);
    put(out, "counts", quarter.counts);
    put(out, "minutes", quarter.minutes);
    return footfall_record("footfall_quarter", out, at);
}

Result<FootfallQuarter> footfall_quarter_from_json(std::string_view text) {
    const auto in = ObjectReader::parse(text);
    in.require({"door", "start", "end", "in", "out"});
    return in.finish(FootfallQuarter{.door = DoorId{in.text("door")},
                                     .start = in.time("start"),
                                     .end = in.time("end"),
                                     .in = in.integer<std::int32_t>("in"),
                                     .out = in.integer<std::int32_t>("out"),
                                     .occupancy = in.integer<std::int32_t>("occupancy"),
                                     .clamped = in.integer<std::int32_t>("clamped"),
                                     .blind_s = in.integer<std::int32_t>("blind_s"),
                                     .counts = in.flag("counts", true),
                                     .minutes = in.integer<std::int32_t>("minutes")});
}

Record zone_quarter_record(const ZoneQuarter& quarter, const Stamp& at) {
    json::object out;
    put(out, "zone", quarter.zone.value);
    put(out, "bearer", to_text(quarter.bearer));
    put(out, "start", quarter.start);
    put(out, "end", quarter.end);
    put(out, "visits", quarter.visits);
    put(out, "dwell_ms", quarter.dwell_ms);
    return footfall_record("zone_quarter", out, at);
}

Result<ZoneQuarter> zone_quarter_from_json(std::string_view text) {
    const auto in = ObjectReader::parse(text);
    in.require({"zone", "start", "end", "visits"});
    return in.finish(ZoneQuarter{.zone = ZoneId{in.text("zone")},
                                 .bearer = in.word<TagBearer>("bearer"),
                                 .start = in.time("start"),
                                 .end = in.time("end"),
                                 .visits = in.integer<std::int32_t>("visits"),
                                 .dwell_ms = in.integer<std::int64_t>("dwell_ms")});
}

}  // namespace aisle::records
