#include "agent/intake/card_number.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace aisle::intake {
namespace {

// `first` and `last` are the least and the greatest first six digits. Visa's old 13 digits are
// deliberately absent: EAN-13 of Germany and Japan begin with 4 too.
struct IinRange {
    std::uint32_t first;
    std::uint32_t last;
    std::size_t digits_min;
    std::size_t digits_max;
    std::string_view brand;
};

constexpr std::array<IinRange, 26> kRanges{{
    {400000, 499999, 16, 16, "visa"},       {400000, 499999, 18, 19, "visa"},
    {510000, 559999, 16, 16, "mastercard"}, {222100, 272099, 16, 16, "mastercard"},
    {340000, 349999, 15, 15, "amex"},       {370000, 379999, 15, 15, "amex"},
    {300000, 305999, 14, 19, "diners"},     {309500, 309599, 14, 19, "diners"},
    {360000, 369999, 14, 19, "diners"},     {380000, 399999, 14, 19, "diners"},
    {352800, 358999, 16, 19, "jcb"},        {601100, 601199, 16, 19, "discover"},
    {644000, 659999, 16, 19, "discover"},   {620000, 629999, 16, 19, "unionpay"},
    {810000, 817199, 16, 19, "unionpay"},   {220000, 220499, 16, 19, "mir"},
    {979200, 979299, 16, 16, "troy"},       {508500, 508999, 16, 16, "rupay"},
    {606900, 608999, 16, 16, "rupay"},      {501800, 501899, 16, 19, "maestro"},
    {502000, 502099, 16, 19, "maestro"},    {503800, 503899, 16, 19, "maestro"},
    {560000, 589999, 16, 19, "maestro"},    {630400, 630499, 16, 19, "maestro"},
    {639000, 639099, 16, 19, "maestro"},    {670000, 679999, 16, 19, "maestro"},
}};

constexpr std::size_t kIinDigits = 6;

}  // namespace

bool luhn_checks(std::string_view digits) {
    int sum = 0;
    bool doubled = false;
    for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit, doubled = !doubled) {
        const int value = (*digit - '0') * (doubled ? 2 : 1);
        sum += value > 9 ? value - 9 : value;
    }
    return sum % 10 == 0;
}

std::string_view card_brand(std::string_view digits) {
    if (digits.size() < kIinDigits || !luhn_checks(digits)) return {};
    std::uint32_t iin = 0;
    for (const char c : digits.substr(0, kIinDigits))
        iin = iin * 10 + static_cast<std::uint32_t>(c - '0');
    const auto found = std::ranges::find_if(kRanges, [&](const IinRange& range) {
        return iin >= range.first && iin <= range.last && digits.size() >= range.digits_min &&
               digits.size() <= range.digits_max;
    });
    return found == kRanges.end() ? std::string_view{} : found->brand;
}

}  // namespace aisle::intake
