#pragma once

#include <string>
#include <string_view>

#include "agent/core/outbox.hpp"

// A record as one line of a batch:
// {"seq":1201,"kind":"sale","id":"…","at":"…","boot":7,"mono":81234567, "clock":"ntp","body":{…}}.
// Pure.
namespace aisle::wire {

// Deterministic: the same row gives the same bytes in every process and version, because HQ
// compares digests of lines. `from` only where it is below `seq`, `id` only where there is one; the
// four time fields are left out together where the stamp is empty. The body goes in verbatim, but
// for line breaks, which become blanks (in JSON they can only stand between tokens). No newline at
// the end.
std::string line_of(const OutboxRow& row);

// The first 8 bytes of SHA-256 of a line without its newline, as 16 hex digits.
std::string check_of(std::string_view line);

// JSON string with its quotes; control characters are escaped, other bytes go through.
std::string quoted(std::string_view text);

}  // namespace aisle::wire
