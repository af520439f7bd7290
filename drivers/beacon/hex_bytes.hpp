#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace aisle::beacon {

// Bytes from hex digits of either case; blanks, tabs, colons and dashes between them are skipped.
// False: something else is in the text, or half a byte. `into` is emptied first.
bool bytes_from_hex(std::string_view text, std::vector<std::uint8_t>& into);

}  // namespace aisle::beacon
