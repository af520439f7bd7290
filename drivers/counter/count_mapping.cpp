#include "drivers/counter/count_mapping.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include <boost/json.hpp>

#include "drivers/counter/json_value.hpp"
#include "drivers/counter/smart_formats.hpp"

namespace aisle::counter {
namespace {

namespace json = boost::json;

constexpr std::size_t kIdBytesMax = 200;

// One record inside its package, through its source's mapping.
class RecordView {
public:
    RecordView(const CounterSource& source, const json::value& payload, const json::value& record)
        : source_{source}, payload_{payload}, record_{record} {}

    [[nodiscard]] const json::value* find(const std::string& pointer) const {
        const auto* found = at_pointer(record_, pointer);
        return found != nullptr ? found : at_pointer(payload_, pointer);
    }
    [[nodiscard]] std::optional<std::string> text(const std::string& pointer) const {
        const auto* found = find(pointer);
        return found != nullptr ? text_of(*found) : std::nullopt;
    }
    [[nodiscard]] const CounterSource& source() const { return source_; }

private:
    const CounterSource& source_;
    const json::value& payload_;
    const json::value& record_;
};

Status find_door(const RecordView& record, MappedCount& count) {
    const auto& source = record.source();
    const auto name = record.text(source.fields.door);
    if (name) {
        const auto door = source.doors.find(*name);
        if (door == source.doors.end()) return malformed("a door that is not configured");
        count.door = door->second;
        count.channel = *name;
        return {};
    }
    if (source.door.empty()) return malformed("no door");
    count.door = source.door;
    count.channel = source.door.value;
    return {};
}

// A field by where it is and what people call it; `max` only for counts.
struct Field {
    const std::string& pointer;
    std::string_view name;
    std::int64_t max = 0;
};

// `otherwise` stands in for what is not mapped or not there; a value that is there must be right.
Result<std::int64_t> count_of(const RecordView& record, const Field& field,
                              std::optional<std::int64_t> otherwise) {
    const auto* found = record.find(field.pointer);
    if (found == nullptr || found->is_null()) {
        if (otherwise) return *otherwise;
        return malformed("no " + std::string{field.name});
    }
    const auto number = integer_of(*found);
    if (!number || *number < 0) return malformed(std::string{field.name} + " is not a count");
    if (*number > field.max) return full(std::string{field.name} + " is beyond belief");
    return *number;
}

// Nothing: not mapped or not there.
Result<std::optional<WallTime>> moment_of(const RecordView& record, const Field& field) {
    const auto* found = record.find(field.pointer);
    if (found == nullptr || found->is_null()) return std::optional<WallTime>{};
    const auto time = time_of(*found);
    if (!time) return malformed(std::string{field.name} + " is not a time");
    return std::optional<WallTime>{time};
}

// The words for in and out are the sensor's own; a third word is a mapping that is wrong, and is
// said so.
Status read_event(const RecordView& record, MappedCount& count) {
    const auto& source = record.source();
    const auto direction = record.text(source.fields.direction);
    const bool in =
        direction && std::ranges::find(source.in_values, *direction) != source.in_values.end();
    const bool out =
        direction && std::ranges::find(source.out_values, *direction) != source.out_values.end();
    if (!in && !out)
        return malformed(direction ? "a direction that is not configured" : "no direction");
    const auto n =
        count_of(record, {.pointer = source.fields.count, .name = "count", .max = kCountMax}, 1);
    if (!n) return n.error();
    (in ? count.in : count.out) = *n;
    return {};
}

// `out` may be missing: some sensors count one way only.
Status read_sums(const RecordView& record, std::int64_t max, MappedCount& count) {
    const auto& fields = record.source().fields;
    const auto in =
        count_of(record, {.pointer = fields.in, .name = "in", .max = max}, std::nullopt);
    if (!in) return in.error();
    const auto out = count_of(record, {.pointer = fields.out, .name = "out", .max = max}, 0);
    if (!out) return out.error();
    count.in = *in;
    count.out = *out;
    return {};
}

// More than a day is a sensor that has lost its clock.
Status read_interval(const RecordView& record, MappedCount& count) {
    const auto& fields = record.source().fields;
    const auto from = moment_of(record, {.pointer = fields.from, .name = "from"});
    if (!from) return from.error();
    const auto to = moment_of(record, {.pointer = fields.to, .name = "to"});
    if (!to) return to.error();
    if (!*from || !*to) return malformed("no from or to");
    if (**to <= **from || **to - **from > std::chrono::days{1})
        return malformed("no interval of at most a day");
    count.from = **from;
    count.to = **to;
    count.timed = true;
    return read_sums(record, kCountMax, count);
}

// A moment: `from` and `to` are the same, whoever needs a length gives it one.
Status read_moment(const RecordView& record, WallTime arrived, MappedCount& count) {
    const auto at = moment_of(record, {.pointer = record.source().fields.at, .name = "at"});
    if (!at) return at.error();
    count.timed = at->has_value();
    count.from = at->value_or(arrived);
    count.to = count.from;
    return {};
}

Status read_counts(const RecordView& record, WallTime arrived, MappedCount& count) {
    const CountKind kind = record.source().kind;
    if (kind == CountKind::Interval) return read_interval(record, count);
    if (const Status when = read_moment(record, arrived, count); !when) return when;
    return kind == CountKind::Event ? read_event(record, count)
                                    : read_sums(record, kTotalMax, count);
}

// Intervals name themselves; else the mapped id, told apart by channel and place in the package.
Result<std::string> id_of(const RecordView& record, const MappedCount& count, std::size_t index) {
    const auto& source = record.source();
    if (source.kind == CountKind::Cumulative) return std::string{};
    const auto id = record.text(source.fields.id);
    if (id && id->size() > kIdBytesMax) return full("id is too long");
    if (id && !id->empty()) return *id + "/" + count.channel + "/" + std::to_string(index);
    if (source.kind == CountKind::Event) return std::string{};
    return count.channel + "/" + std::to_string(count.from.time_since_epoch().count()) + "-" +
           std::to_string(count.to.time_since_epoch().count());
}

Result<MappedCount> map_record(const RecordView& record, WallTime arrived, std::size_t index) {
    MappedCount count;
    if (const Status door = find_door(record, count); !door) return door.error();
    if (const Status read = read_counts(record, arrived, count); !read) return read.error();
    auto id = id_of(record, count, index);
    if (!id) return id.error();
    count.id = std::move(*id);
    return count;
}

// Groups and trolleys cross the line as well; Xovis counts a group on top of its persons.
bool wanted(const RecordView& record) {
    const auto& source = record.source();
    if (source.object_is.empty()) return true;
    const auto object = record.text(source.fields.object);
    return object && std::ranges::find(source.object_is, *object) != source.object_is.end();
}

// One object is a package of one record.
Result<std::span<const json::value>> records_of(const CounterSource& source,
                                                const json::value& payload) {
    const json::value* found = &payload;
    if (!source.fields.records.empty()) found = at_pointer(payload, source.fields.records);
    if (found == nullptr) return malformed("no records");
    const auto* array = found->if_array();
    const std::span<const json::value> records =
        array != nullptr ? std::span{array->data(), array->size()} : std::span{found, 1};
    if (records.size() > kRecordsMax) return malformed("more than 1000 records");
    return records;
}

// By the source's own mapping, record by record.
Result<MappedPackage> map_records(const CounterSource& source, const json::value& value,
                                  WallTime arrived) {
    const auto records = records_of(source, value);
    if (!records) return records.error();

    MappedPackage package;
    for (std::size_t index = 0; index < records->size(); ++index) {
        const RecordView record{source, value, (*records)[index]};
        if (!wanted(record)) {
            ++package.left_out;
            continue;
        }
        auto count = map_record(record, arrived, index);
        if (count) {
            package.counts.push_back(std::move(*count));
        } else {
            const bool limit = count.error().fault == Fault::Full;
            package.problems.push_back({.record = index,
                                        .reason = limit ? "limit" : "schema",
                                        .detail = count.error().detail});
        }
    }
    return package;
}

}  // namespace

Result<MappedPackage> map_counts(const CounterSource& source, std::string_view payload,
                                 WallTime arrived) {
    if (payload.size() > kPayloadBytesMax) return malformed("more than 1 MiB");
    // Sensors' packages are small: most are parsed without touching the heap.
    std::array<unsigned char, 8 * 1024> buffer;
    json::monotonic_resource memory{buffer.data(), buffer.size()};
    json::error_code error;
    const auto value =
        json::parse(json::string_view{payload.data(), payload.size()}, error, &memory);
    if (error) return malformed("not JSON: " + error.message());
    switch (source.format) {
        case CountFormat::XovisLive:
            return map_xovis_live(source, value);
        case CountFormat::XovisLogics:
            return map_xovis_logics(source, value);
        case CountFormat::AxisAnalytics:
            return map_axis_analytics(source, value);
        case CountFormat::AxisPeople:
            return map_axis_people(source, value, arrived);
        case CountFormat::Generic:
            break;
    }
    return map_records(source, value, arrived);
}

CountKind kind_of(CountFormat format, CountKind generic) {
    if (format == CountFormat::Generic) return generic;
    if (format == CountFormat::XovisLive) return CountKind::Event;
    return format == CountFormat::XovisLogics ? CountKind::Interval : CountKind::Cumulative;
}

}  // namespace aisle::counter
