#include "drivers/pos/poslog_amounts.hpp"

#include <utility>

#include "drivers/pos/decimal_text.hpp"

namespace aisle::pos {

void Amounts::refuse(std::string reason, std::string detail) {
    if (!problem_) problem_ = Refusal{std::move(reason), std::move(detail)};
}

Money Amounts::money(std::string_view text, std::string_view what) {
    if (text.empty()) return {};
    const auto units = exact_units(text, minor_digits_);
    if (!units) refuse("schema", std::string{what} + ": no amount of this currency");
    const Money amount = Money::minor(units.value_or(0));
    if (amount.magnitude() > kMoneyMax) refuse("limit", std::string{what} + ": too large");
    return amount.magnitude() > kMoneyMax ? Money{} : amount;
}

std::int64_t Amounts::milli(std::string_view text, std::string_view what) {
    if (text.empty()) return 0;
    const auto units = rounded_units(text, 3);
    if (!units) refuse("schema", std::string{what} + ": no decimal number");
    return units.value_or(0);
}

std::int32_t Amounts::ppm_of_percent(std::string_view text, std::string_view what) {
    if (text.empty()) return 0;
    const auto units = rounded_units(text, 4);
    constexpr std::int64_t kPpmMax = 10'000'000;  // a thousand percent
    const bool good = units && *units >= -kPpmMax && *units <= kPpmMax;
    if (!good) refuse("schema", std::string{what} + ": no percentage");
    return good ? static_cast<std::int32_t>(*units) : 0;
}

}  // namespace aisle::pos
