#pragma once

#include <cstdint>
#include <string>

#include "agent/core/sale.hpp"
#include "agent/core/time.hpp"

// Builders: the shortest way to a valid value, so that a test names only what it is about.
namespace aisle::kit {

inline constexpr WallTime kNoon =
    WallTime{seconds{1'781'236'800}};  // 2026-06-12T04:00:00Z, noon in Shanghai

// A stamp `after` kNoon in boot 1, clock quality ntp.
Stamp at(milliseconds after = milliseconds{0});

// A completed sale of one line and one cash tender, reconciled, ended at kNoon; `seq` picks its id.
Sale sale_of(std::int64_t total_minor, std::int64_t seq = 1);

// Always this far from UTC.
class FixedZone final : public TimeZone {
public:
    explicit FixedZone(minutes east = minutes{480}) : east_{east} {}
    [[nodiscard]] LocalTime local(WallTime time) const override;
    [[nodiscard]] WallTime instant(Date date, milliseconds since_midnight) const override;

private:
    minutes east_;
};

}  // namespace aisle::kit
