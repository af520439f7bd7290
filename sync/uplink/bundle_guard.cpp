#include "sync/uplink/bundle_engine.hpp"

namespace aisle::uplink {
namespace {

constexpr std::int64_t kWhole = 10'000;  // basis points

std::string over(std::string_view what, std::int64_t is, std::int64_t most) {
    return std::string{what} + " " + std::to_string(is) + " > " + std::to_string(most);
}

}  // namespace

std::optional<std::string> broken_guard(const wire::GuardRails& guard,
                                        const GuardFigures& figures) {
    if (figures.faults > 0) return over("faults", figures.faults, 0);
    if (figures.baskets >= kGuardBasketsLeast && figures.sum > 0) {
        // Rounded up: a share exactly on the rail is allowed, a unit above it is not.
        const std::int64_t share_bp = (figures.discount * kWhole + figures.sum - 1) / figures.sum;
        if (share_bp > guard.max_discount_bp)
            return over("discount_bp", share_bp, guard.max_discount_bp);
    }
    if (figures.offers_per_hour > guard.max_offers_per_hour)
        return over("offers_per_hour", figures.offers_per_hour, guard.max_offers_per_hour);
    if (figures.p99_us > guard.max_decide_p99_us)
        return over("decide_p99_us", figures.p99_us, guard.max_decide_p99_us);
    return std::nullopt;
}

std::map<std::string, std::int64_t> figures_of(const GuardFigures& figures) {
    return {{"records", figures.records},
            {"baskets", figures.baskets},
            {"faults", figures.faults},
            {"sum", figures.sum},
            {"discount", figures.discount},
            {"offers", figures.offers},
            {"offers_per_hour", figures.offers_per_hour},
            {"p99_us", figures.p99_us}};
}

}  // namespace aisle::uplink
