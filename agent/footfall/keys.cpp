#include "agent/footfall/keys.hpp"

#include "agent/footfall/fields.hpp"
#include "agent/footfall/footfall.hpp"

namespace aisle::footfall {

std::int64_t whole_seconds(WallTime time) {
    return std::chrono::floor<seconds>(time).time_since_epoch().count();
}

std::string key_text(std::string_view kind, const HourKey& key) {
    return std::string{kind} + "|" + std::to_string(whole_seconds(key.start)) + "|" +
           to_text(key.date) + "|" + key.name;
}

std::optional<HourKey> hour_key_from(std::string_view text) {
    const auto start = number_from(take_field(text, '|'));
    const auto date = parse_date(take_field(text, '|'));
    if (!start || !date) return std::nullopt;
    return HourKey{.start = WallTime{seconds{*start}}, .date = *date, .name = std::string{text}};
}

StateChange row_at(std::string key, std::string bytes) {
    return {.room = std::string{kRoom}, .key = std::move(key), .bytes = std::move(bytes)};
}

StateChange deletion(StateChange row) {
    row.bytes.clear();
    return row;
}

}  // namespace aisle::footfall
