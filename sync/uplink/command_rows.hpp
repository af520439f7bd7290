#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "agent/core/time.hpp"

// The rows of room "command": one a command id.
namespace aisle::uplink {

inline constexpr std::string_view kCommandRoom = "command";

struct CommandRow {
    std::string type;
    std::string status;  // as in its note; `begun` while it is under way
    std::string detail;
    WallTime keep_until{};
    std::int32_t answers = 0;
    std::string payload;  // of one that has begun: what is to be done again after a crash

    friend bool operator==(const CommandRow&, const CommandRow&) = default;
};
inline constexpr std::string_view kBegun = "begun";

std::string to_row(const CommandRow& row);
std::optional<CommandRow> command_row_from(std::string_view text);

}  // namespace aisle::uplink
