#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>

#include "agent/core/record.hpp"
#include "agent/core/time.hpp"

namespace aisle::footfall {

// An hour by the shop's wall clock. A business day's cut can split one, so the date belongs to it.
struct HourKey {
    WallTime start{};
    Date date{};
    std::string name;  // of a door or a zone; empty for the shop's sales
    friend auto operator<=>(const HourKey&, const HourKey&) = default;
};

// How the keys of rows are written: "kind|seconds|date|name". Names come last because they may hold
// anything.
std::int64_t whole_seconds(WallTime time);
std::string key_text(std::string_view kind, const HourKey& key);
std::optional<HourKey> hour_key_from(std::string_view text);  // what follows the kind
StateChange row_at(std::string key, std::string bytes);       // of this room

// The same row, to be deleted.
StateChange deletion(StateChange row);

}  // namespace aisle::footfall
