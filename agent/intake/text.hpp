#pragma once

#include <cstddef>
#include <string>
#include <string_view>

// Texts as people and tills write them, made plain. Pure.
namespace aisle::intake {

// Control characters become spaces, runs of white space one space, ends are trimmed; full-width
// digits, letters and the ideographic space become ASCII. Bytes that are no UTF-8 become '?'. Cut
// to `bytes_max` at a character.
std::string plain_text(std::string_view text, std::size_t bytes_max);

// For codes and ids: as plain_text, and without any inner space.
std::string plain_code(std::string_view text, std::size_t bytes_max);

}  // namespace aisle::intake
