#include "agent/footfall/fields.hpp"

#include <charconv>

namespace aisle::footfall {

std::string_view take_field(std::string_view& text, char mark) {
    const auto end = text.find(mark);
    const std::string_view field = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    return field;
}

std::optional<std::int64_t> number_from(std::string_view text) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return number;
}

std::string join(std::initializer_list<std::int64_t> numbers) {
    std::string text;
    for (const std::int64_t number : numbers) {
        if (!text.empty()) text += ' ';
        text += std::to_string(number);
    }
    return text;
}

bool split(std::string_view text, std::span<std::int64_t> into) {
    for (std::int64_t& place : into) {
        const auto number = number_from(take_field(text, ' '));
        if (!number) return false;
        place = *number;
    }
    return text.empty();
}

}  // namespace aisle::footfall
