#pragma once

#include <string_view>

#include "sync/hq/event_line.hpp"

// Private to event_line: lines as our own agents write them.
namespace aisle::hq {

// Reads all but the body's inside of a line whose fields stand in the order of wire::append_line,
// without blanks, escapes or fields of a later version: in all but name every line there is, and
// five times as fast as a parser that takes any JSON. False: it is not of this kind, which says
// nothing about whether it is readable; `line` then holds rubbish. True: whatever the body is, the
// line is good if the body is one JSON object.
bool read_usual(std::string_view text, EventLine& line);

}  // namespace aisle::hq
