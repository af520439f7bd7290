#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>

// The text of this room's rows: whole numbers with blanks between, keys with bars. Small, and
// readable in the store.
namespace aisle::footfall {

// What stands before the next `mark`, which is taken off `text` with it; without one, all of it.
std::string_view take_field(std::string_view& text, char mark);
std::optional<std::int64_t> number_from(std::string_view text);

std::string join(std::initializer_list<std::int64_t> numbers);
// Exactly as many numbers as `into` has places, else false.
bool split(std::string_view text, std::span<std::int64_t> into);

}  // namespace aisle::footfall
