#include "sync/hq/keys_member_code.hpp"

#include <optional>

#include "sync/hq/keys_stores.hpp"
#include "sync/wire/line.hpp"

namespace aisle::hq {
namespace {

constexpr std::size_t kCodeBytesMax = 512;  // as intake cuts texts

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80; }

std::size_t width_of(unsigned char lead) {
    if (lead < 0x80) return 1;
    if (lead >= 0xC2 && lead < 0xE0) return 2;
    if (lead >= 0xE0 && lead < 0xF0) return 3;
    return lead >= 0xF0 && lead < 0xF5 ? 4 : 0;
}

// The code point at the front, which is taken off; nothing for a byte that is no UTF-8 (RFC 3629).
std::optional<char32_t> take_code_point(std::string_view& text) {
    constexpr char32_t kMasks[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
    constexpr char32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
    const auto lead = static_cast<unsigned char>(text.front());
    const std::size_t width = width_of(lead);
    char32_t point = lead & kMasks[width];
    bool good = width > 0 && width <= text.size();
    for (std::size_t i = 1; good && i < width; ++i) {
        good = is_continuation(text[i]);
        point = (point << 6U) | (static_cast<unsigned char>(text[i]) & 0x3FU);
    }
    good =
        good && point >= kLeast[width] && point <= 0x10FFFF && (point < 0xD800 || point > 0xDFFF);
    text.remove_prefix(good ? width : 1);
    return good ? std::optional{point} : std::nullopt;
}

// White space and what is not seen.
bool is_blank(char32_t point) {
    return point <= 0x20 || (point >= 0x7F && point <= 0xA0) || point == 0x3000 ||
           point == 0xFEFF || (point >= 0x2000 && point <= 0x200F) ||
           (point >= 0x2028 && point <= 0x202F) || (point >= 0x2060 && point <= 0x206F);
}

char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - ('a' - 'A')) : c; }

}  // namespace

std::string key_id_of(std::string_view hex) {
    return wire::check_of("aisle key id|" + std::string{hex}).substr(0, 8);
}

std::string member_code(std::string_view raw) {
    constexpr char32_t kFullWidthFirst = 0xFF01;
    constexpr char32_t kFullWidthLast = 0xFF5E;
    std::string code;
    std::size_t used = 0;
    while (!raw.empty()) {
        const std::string_view before = raw;
        const auto point = take_code_point(raw);
        if (point && is_blank(*point)) continue;
        std::string_view character = before.substr(0, before.size() - raw.size());
        const char narrow = point ? static_cast<char>(*point - kFullWidthFirst + '!') : '?';
        if (!point || (*point >= kFullWidthFirst && *point <= kFullWidthLast))
            character = {&narrow, 1};
        used += character.size();
        if (used > kCodeBytesMax) break;
        if (character != "-") code += character;
    }
    for (char& c : code) c = upper(c);
    return code;
}

}  // namespace aisle::hq
