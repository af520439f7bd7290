#pragma once

#include <optional>
#include <vector>

#include "agent/core/time.hpp"
#include "agent/customers/customers.hpp"

namespace aisle::customers {

struct Figures {
    std::int64_t recency_days = 0;
    std::int32_t purchases = 0;
    Money spent;
};

struct Scores {  // 1 (worst) to 5
    std::int32_t recency = 1;
    std::int32_t frequency = 1;
    std::int32_t monetary = 1;
};

Scores score(const RfmCuts& cuts, const Figures& figures);

// The day's cuts for R and M: fifths of those who have bought.
struct Quantiles {
    Date day{};  // of the store, on which they were found
    RfmCuts cuts;

    friend bool operator==(const Quantiles& a, const Quantiles& b) {
        return a.day == b.day && a.cuts.recency_days == b.cuts.recency_days &&
               a.cuts.monetary_minor == b.cuts.monetary_minor;
    }
};

inline constexpr std::size_t kQuantilesLeast = 5;  // customers; with fewer the fixed cuts hold

// Nothing with fewer than kQuantilesLeast. F keeps the cuts of `fixed`: where half of all came once
// its fifths would be one and the same (reference: 1, 1, 2, 4 on CDNOW).
std::optional<RfmCuts> fifths(const RfmCuts& fixed, std::vector<Figures> all);

}  // namespace aisle::customers
