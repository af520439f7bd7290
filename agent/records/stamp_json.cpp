#include "agent/records/stamp_json.hpp"

namespace aisle::records {

boost::json::value stamp_value(const Stamp& stamp) {
    boost::json::object out;
    put(out, "boot", stamp.boot);
    put(out, "mono", stamp.mono.time_since_epoch().count());
    put(out, "wall", stamp.wall);
    put(out, "clock", aisle::to_text(stamp.quality));
    return boost::json::value(std::move(out));
}

Stamp stamp_from(const ObjectReader& in) {
    const auto quality = clock_quality_from(in.text("clock"));
    if (in.has("clock") && !quality) in.fail("clock", "unknown word");
    return {.boot = in.integer<std::int64_t>("boot"),
            .mono = MonoTime{microseconds{in.integer<std::int64_t>("mono")}},
            .wall = in.time("wall"),
            .quality = quality.value_or(ClockQuality::None)};
}

boost::json::value deadline_value(const Deadline& deadline) {
    boost::json::object out;
    put(out, "set", stamp_value(deadline.set));
    put(out, "wait_ms", deadline.wait.count());
    return boost::json::value(std::move(out));
}

Deadline deadline_from(const ObjectReader& in) {
    return {.set = stamp_from(in.object("set")),
            .wait = milliseconds{in.integer<std::int64_t>("wait_ms")}};
}

}  // namespace aisle::records
