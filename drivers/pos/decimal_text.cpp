#include "drivers/pos/decimal_text.hpp"

namespace aisle::pos {
namespace {

// Times a thousand it still fits into 64 bits, beyond that scaled() looks; ten trillion minor units
// are the greatest amount anyway.
constexpr std::int64_t kWholeMax = 1'000'000'000'000'000;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

struct Millionths {
    std::int64_t whole = 0;
    std::int64_t fraction = 0;  // 0..999'999
    bool negative = false;
};

std::optional<Millionths> parse(std::string_view text) {
    if (text.empty() || text.size() > kNumberCharsMax) return std::nullopt;
    Millionths out;
    if (text.front() == '-' || text.front() == '+') {
        out.negative = text.front() == '-';
        text.remove_prefix(1);
    }
    int digits = 0;
    for (; !text.empty() && is_digit(text.front()); text.remove_prefix(1), ++digits) {
        out.whole = out.whole * 10 + (text.front() - '0');
        if (out.whole >= kWholeMax) return std::nullopt;
    }
    if (text.empty()) return digits > 0 ? std::optional{out} : std::nullopt;
    if (text.front() != '.') return std::nullopt;
    text.remove_prefix(1);
    int decimals = 0;
    for (; !text.empty() && is_digit(text.front()); text.remove_prefix(1), ++decimals) {
        if (decimals == kDecimalsMax) return std::nullopt;
        out.fraction = out.fraction * 10 + (text.front() - '0');
    }
    if (!text.empty() || digits + decimals == 0) return std::nullopt;
    for (; decimals < kDecimalsMax; ++decimals) out.fraction *= 10;
    return out;
}

std::int64_t power_of_ten(int n) {
    std::int64_t power = 1;
    for (int i = 0; i < n; ++i) power *= 10;
    return power;
}

// `whole` in units of 10^-digits and the `fraction` of one whole on top, as far as 64 bits go.
std::optional<std::int64_t> scaled(const Millionths& number, std::int64_t fraction, int digits) {
    std::int64_t units = 0;
    if (__builtin_mul_overflow(number.whole, power_of_ten(digits), &units)) return std::nullopt;
    if (__builtin_add_overflow(units, fraction, &units)) return std::nullopt;
    return number.negative ? -units : units;
}

}  // namespace

std::optional<std::int64_t> exact_units(std::string_view text, int digits) {
    const auto parsed = parse(text);
    const std::int64_t finer = power_of_ten(kDecimalsMax - digits);
    if (!parsed || parsed->fraction % finer != 0) return std::nullopt;
    return scaled(*parsed, parsed->fraction / finer, digits);
}

std::optional<std::int64_t> rounded_units(std::string_view text, int digits) {
    const auto parsed = parse(text);
    if (!parsed) return std::nullopt;
    const std::int64_t finer = power_of_ten(kDecimalsMax - digits);
    return scaled(*parsed, (parsed->fraction + finer / 2) / finer, digits);
}

std::optional<std::int64_t> whole_number(std::string_view text) {
    if (text.empty() || text.size() > 18) return std::nullopt;
    std::int64_t value = 0;
    for (const char c : text) {
        if (!is_digit(c)) return std::nullopt;
        value = value * 10 + (c - '0');
    }
    return value;
}

}  // namespace aisle::pos
