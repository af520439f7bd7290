#include "drivers/beacon/hex_bytes.hpp"

#include <array>

namespace aisle::beacon {
namespace {

constexpr std::int8_t kOther = -1;
constexpr std::int8_t kSkipped = -2;

// A table instead of branches: gateways send the payload of every stranger as text.
constexpr std::array<std::int8_t, 256> make_digits() {
    std::array<std::int8_t, 256> digits{};
    digits.fill(kOther);
    for (int i = 0; i < 10; ++i)
        digits[static_cast<std::size_t>('0' + i)] = static_cast<std::int8_t>(i);
    for (int i = 0; i < 6; ++i) {
        digits[static_cast<std::size_t>('a' + i)] = static_cast<std::int8_t>(10 + i);
        digits[static_cast<std::size_t>('A' + i)] = static_cast<std::int8_t>(10 + i);
    }
    for (const char skipped : {' ', '\t', '\r', ':', '-'}) {
        digits[static_cast<std::size_t>(skipped)] = kSkipped;
    }
    return digits;
}
constexpr auto kDigits = make_digits();

}  // namespace

bool bytes_from_hex(std::string_view text, std::vector<std::uint8_t>& into) {
    into.clear();
    into.reserve(text.size() / 2);
    int high = -1;
    for (const char c : text) {
        const int digit = kDigits[static_cast<unsigned char>(c)];
        if (digit == kSkipped) continue;
        if (digit == kOther) return false;
        if (high < 0) {
            high = digit;
        } else {
            into.push_back(static_cast<std::uint8_t>(high << 4 | digit));
            high = -1;
        }
    }
    return high < 0;
}

}  // namespace aisle::beacon
