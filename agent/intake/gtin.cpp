#include "agent/intake/gtin.hpp"

#include <algorithm>

namespace aisle::intake {
namespace {

bool all_digits(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

// GS1 General Specifications 7.9: weights 3, 1, 3... from the digit next to the check digit
// leftwards.
char check_digit(std::string_view body) {
    int sum = 0;
    int weight = 3;
    for (auto digit = body.rbegin(); digit != body.rend(); ++digit, weight = 4 - weight) {
        sum += (*digit - '0') * weight;
    }
    return static_cast<char>('0' + (10 - sum % 10) % 10);
}

std::int64_t number(std::string_view digits) {
    std::int64_t value = 0;
    for (const char c : digits) value = value * 10 + (c - '0');
    return value;
}

}  // namespace

bool gtin_checks(std::string_view digits) {
    if (digits.size() < 2 || !all_digits(digits)) return false;
    return check_digit(digits.substr(0, digits.size() - 1)) == digits.back();
}

std::optional<std::string> gtin14(std::string_view digits) {
    const auto size = digits.size();
    if (size != 8 && size != 12 && size != 13 && size != 14) return std::nullopt;
    if (!gtin_checks(digits) || number(digits) == 0) return std::nullopt;
    return std::string(14 - size, '0') + std::string{digits};
}

std::optional<EmbeddedCode> embedded_code(std::string_view gtin) {
    if (gtin.size() != 14 || gtin.front() != '0') return std::nullopt;
    // EAN-13 begins at 1 with "2P"; UPC-A begins at 2 with a single 2, behind the zero that widened
    // it.
    const bool ean = gtin[1] == '2';
    const bool upc = gtin[1] == '0' && gtin[2] == '2';
    if (!ean && !upc) return std::nullopt;
    constexpr std::size_t kValueAt = 8;
    constexpr std::size_t kCheckAt = 13;
    EmbeddedCode code{.value = number(gtin.substr(upc ? kValueAt + 1 : kValueAt, upc ? 4 : 5))};
    // In UPC-A the digit before the value is the value's own check digit: it is zeroed with it.
    code.gtin = std::string{gtin.substr(0, kValueAt)} + std::string(kCheckAt - kValueAt, '0');
    code.gtin += check_digit(code.gtin);
    return code;
}

}  // namespace aisle::intake
