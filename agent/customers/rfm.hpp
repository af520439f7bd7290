#pragma once

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

}  // namespace aisle::customers
