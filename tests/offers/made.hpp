#pragma once

#include <algorithm>

#include "agent/offers/effects.hpp"

namespace aisle::offers {

// Offers that a call has made; effects also hold those that it has ended.
inline int made(const Effects& effects) {
    return static_cast<int>(std::ranges::count(effects.offers, 1, &Offer::revision));
}

}  // namespace aisle::offers
