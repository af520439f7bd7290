#include "agent/records/line_accuracy_record.hpp"

#include "agent/records/json_text.hpp"

namespace aisle::records {
namespace {

namespace json = boost::json;

json::object way_json(const LineAccuracy::Way& way) {
    json::object out;
    put(out, "tapped", way.tapped);
    put(out, "right", way.right);
    put(out, "missed", way.missed);
    put(out, "phantom", way.phantom);
    return out;
}

}  // namespace

Record line_accuracy_record(const LineAccuracy& accuracy, const Stamp& at) {
    json::object out;
    put(out, "door", accuracy.door.value);
    put(out, "from", accuracy.from);
    put(out, "to", accuracy.to);
    put(out, "accuracy_permille", accuracy.accuracy_permille);
    put(out, "low_permille", accuracy.low_permille);
    put(out, "high_permille", accuracy.high_permille);
    put(out, "in", way_json(accuracy.in));
    put(out, "out", way_json(accuracy.out));
    put(out, "unjudged", accuracy.unjudged);
    put(out, "blind_ms", accuracy.blind_ms);
    put(out, "sums", accuracy.sums);
    put(out, "kept", accuracy.kept);
    return {.stream = Stream::Footfall,
            .kind = "line_accuracy",
            .at = at,
            .body = json::serialize(out)};
}

}  // namespace aisle::records
