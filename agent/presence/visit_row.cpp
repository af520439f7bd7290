#include "agent/presence/visit_row.hpp"

#include <boost/json.hpp>

namespace aisle::presence {
namespace {

namespace json = boost::json;

// Rows are our own, but disks and editors are not: everything is checked again.
std::optional<std::int64_t> integer(const json::object& row, std::string_view key) {
    const auto* value = row.if_contains(key);
    if (value == nullptr || !value->is_int64()) return std::nullopt;
    return value->get_int64();
}

std::string text(const json::object& row, std::string_view key) {
    const auto* value = row.if_contains(key);
    return value != nullptr && value->is_string() ? std::string{value->get_string().c_str()}
                                                  : std::string{};
}

}  // namespace

// Keys say their unit. No signal strength, no holder: neither may reach the disk from here.
std::string to_bytes(const VisitRow& row) {
    json::object out;
    out["zone"] = row.zone.value;
    out["boot"] = row.boot;
    out["entered_us"] = row.entered_mono.time_since_epoch().count();
    out["entered_ms"] = row.entered.time_since_epoch().count();
    out["heard_us"] = row.heard_mono.time_since_epoch().count();
    out["heard_ms"] = row.heard.time_since_epoch().count();
    out["clock"] = std::string{to_text(row.quality)};
    out["confidence"] = row.confidence_permille;
    return json::serialize(out);
}

std::optional<VisitRow> visit_row_from(std::string_view bytes) {
    json::error_code error;
    const auto value = json::parse(json::string_view{bytes.data(), bytes.size()}, error);
    if (error || !value.is_object()) return std::nullopt;
    const auto& in = value.get_object();
    const auto boot = integer(in, "boot");
    const auto entered_us = integer(in, "entered_us");
    const auto entered_ms = integer(in, "entered_ms");
    const auto heard_us = integer(in, "heard_us");
    const auto heard_ms = integer(in, "heard_ms");
    const auto confidence = integer(in, "confidence");
    const auto quality = clock_quality_from(text(in, "clock"));
    const std::string zone = text(in, "zone");
    if (!boot || !entered_us || !entered_ms || !heard_us || !heard_ms || !confidence || !quality)
        return std::nullopt;
    if (zone.empty() || *confidence < 0 || *confidence > 1000) return std::nullopt;
    return VisitRow{.zone = ZoneId{zone},
                    .boot = *boot,
                    .entered_mono = MonoTime{microseconds{*entered_us}},
                    .entered = WallTime{milliseconds{*entered_ms}},
                    .heard_mono = MonoTime{microseconds{*heard_us}},
                    .heard = WallTime{milliseconds{*heard_ms}},
                    .quality = *quality,
                    .confidence_permille = static_cast<std::int32_t>(*confidence)};
}

}  // namespace aisle::presence
