#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sync/hq/event_table.hpp"

// Records that mean something to HQ itself: gaps are counted by reason, clock records mend times.
namespace aisle::hq {

// The reason in a gap's body; "unknown" where it names none, cut at 32 bytes.
std::string gap_reason(std::string_view body);

// {"boot","offset_ms","error_ms","source"}; a boot that is not named is that of the record (in
// "at", or the line's own), an error that is not named is a minute. Nothing for what is no clock
// record.
std::optional<BootClock> boot_clock_of(const StreamName& name, const EventLine& line);

// Keeps what a store says of the clock of one of its boots. A later word replaces an earlier one
// of the same epoch unless its error is larger. The boot may have seen the end of one epoch and the
// beginning of the next, so the word is also kept for all epochs of the store that have none of
// their own.
Status keep_clock(EventTable& table, std::string_view store, const BootClock& clock);

}  // namespace aisle::hq
