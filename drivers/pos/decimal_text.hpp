#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

// Decimal texts to integers, exactly: no floating point anywhere. Pure.
namespace aisle::pos {

inline constexpr std::size_t kNumberCharsMax = 24;
inline constexpr int kDecimalsMax = 6;

// "-12.340" with 2 digits is -1234. Nothing for what is no decimal, has a non-zero digit beyond
// `digits` (0..kDecimalsMax), more than kDecimalsMax decimals or kNumberCharsMax characters, or
// 10^15 wholes and more.
std::optional<std::int64_t> exact_units(std::string_view text, int digits);

// As exact_units, but finer digits are rounded half away from zero: for quantities, never for
// money.
std::optional<std::int64_t> rounded_units(std::string_view text, int digits);

// Only digits, at most 18 of them.
std::optional<std::int64_t> whole_number(std::string_view text);

}  // namespace aisle::pos
