#pragma once

#include <optional>
#include <string>

#include "agent/conditions/facts.hpp"
#include "agent/offers/campaign.hpp"

// What happens to the whole shop: a figure crosses a level, a fact begins to hold, a time comes.
// Each is told once, also over a restart: what has been told is a row. Inside this room only.
namespace aisle::offers {

// A fact that nobody tells for so long is taken to have ended; a shorter silence (a restart, a feed
// between two files) changes nothing.
inline constexpr milliseconds kSilenceMax{10 * 60 * 1000};
// A time of day that came while nobody ran, or while the clock jumped over it, is still told so
// much later.
inline constexpr milliseconds kLateMax{60 * 60 * 1000};

struct EdgeState {
    enum class Side { Unknown, Off, On };

    Side side = Side::Unknown;
    std::string value;  // the last that was known, as JSON; only where a change is waited for
    WallTime told{};    // times of a timetable up to here have been told
    // Since when nobody knows; memory only, so that after a restart the silence begins anew.
    std::optional<Stamp> silent;

    // What the row keeps.
    [[nodiscard]] bool same_row(const EdgeState& other) const {
        return side == other.side && value == other.value && told == other.told;
    }
};

std::string to_row(const EdgeState& state);
// Throws where the bytes are no row.
void from_row(std::string_view bytes, EdgeState& state);

// Whether a fact has just crossed what the trigger waits for. `value` is null where it is unknown.
// The side on which a fact is first found is where it starts from: that tells nothing.
bool crosses(const Trigger& trigger, const conditions::Value* value, const Stamp& now,
             EdgeState& state);

// The time of the trigger's table that has come since the last one that was told, if it is no older
// than kLateMax.
std::optional<WallTime> comes(const Trigger& trigger, const TimeZone& zone, WallTime now,
                              EdgeState& state);

}  // namespace aisle::offers
