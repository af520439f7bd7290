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
// four time fields are left out together where the stamp is empty. A row that had a place in
// earlier epochs names them before its body, the latest outermost:
// "was":{"epoch":"…","seq":9,"was":{"epoch":"…","seq":4}}. The body goes in verbatim, but for line
// breaks, which become blanks (in JSON they can only stand between tokens). No newline at the end.
std::string line_of(const OutboxRow& row);

// The same behind what `text` already holds: a whole batch is written into one string.
void append_line(std::string& text, const OutboxRow& row);

// The first 8 bytes of SHA-256 of a line without its newline, as 16 hex digits.
std::string check_of(std::string_view line);

// JSON string with its quotes; control characters are escaped, other bytes go through.
std::string quoted(std::string_view text);

}  // namespace aisle::wire
