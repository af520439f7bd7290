#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

// Bytes as lower-case hex digits and back. Ids (pseudonyms, offers, events) are 32 digits on the
// wire and on disk, and 16 bytes where there are 100,000 of them in memory.
namespace aisle {

using Id128 = std::array<std::uint8_t, 16>;

inline void append_hex(std::string& out, std::span<const std::uint8_t> bytes) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    const std::size_t before = out.size();
    out.resize(before + 2 * bytes.size());
    char* at = out.data() + before;
    for (const std::uint8_t byte : bytes) {
        *at++ = kDigits[byte >> 4U];
        *at++ = kDigits[byte & 15U];
    }
}

[[nodiscard]] inline std::string to_hex(std::span<const std::uint8_t> bytes) {
    std::string out;
    append_hex(out, bytes);
    return out;
}

// -1 for anything but 0-9 and a-f: an id with capital letters is another text, and would not come
// back as it was.
[[nodiscard]] constexpr int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return -1;
}

// Of exactly 32 such digits; nothing else is an id.
[[nodiscard]] inline std::optional<Id128> id_from_hex(std::string_view digits) {
    Id128 id{};
    if (digits.size() != 2 * id.size()) return std::nullopt;
    for (std::size_t i = 0; i < id.size(); ++i) {
        const int high = hex_value(digits[2 * i]);
        const int low = hex_value(digits[2 * i + 1]);
        if (high < 0 || low < 0) return std::nullopt;
        id[i] = static_cast<std::uint8_t>(high * 16 + low);
    }
    return id;
}

}  // namespace aisle
