#pragma once

#include <compare>
#include <cstdint>
#include <span>
#include <vector>

namespace aisle {

// An amount in minor units (fen, cent) of the store's one currency. No floating point, ever:
// percentages are BasisPoints, and every division names its rounding.
class Money {
public:
    constexpr Money() = default;
    static constexpr Money minor(std::int64_t units) { return Money{units}; }

    [[nodiscard]] constexpr std::int64_t minor() const { return units_; }
    [[nodiscard]] constexpr Money magnitude() const { return Money{units_ < 0 ? -units_ : units_}; }

    friend constexpr auto operator<=>(Money, Money) = default;
    friend constexpr Money operator+(Money a, Money b) { return Money{a.units_ + b.units_}; }
    friend constexpr Money operator-(Money a, Money b) { return Money{a.units_ - b.units_}; }
    friend constexpr Money operator*(Money a, std::int64_t n) { return Money{a.units_ * n}; }
    constexpr Money operator-() const { return Money{-units_}; }
    constexpr Money& operator+=(Money other) { return *this = *this + other; }
    constexpr Money& operator-=(Money other) { return *this = *this - other; }

private:
    constexpr explicit Money(std::int64_t units) : units_{units} {}
    std::int64_t units_ = 0;
};

// Amounts beyond this are refused at the rim, so that sums of any sale stay far from overflow.
inline constexpr Money kMoneyMax = Money::minor(10'000'000'000'000);

// 1/10000. 2500 basis points are 25 %.
struct BasisPoints {
    std::int32_t value = 0;
    friend constexpr auto operator<=>(BasisPoints, BasisPoints) = default;
};

// `share` of `amount`, rounded half away from zero. 10'000 basis points give `amount` exactly.
Money percent_of(Money amount, BasisPoints share);

// Splits `total` in proportion to `weights` (all >= 0) by largest remainder (Hamilton's method):
// the parts add up to `total` to the last unit, ties go to the earlier part, and no part exceeds
// its weight while |total| <= sum(weights). All weights zero: everything goes to the first part.
std::vector<Money> split_by_weight(Money total, std::span<const Money> weights);

}  // namespace aisle
