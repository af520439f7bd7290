#include "sync/hq/coverage.hpp"

#include <algorithm>

namespace aisle::hq {

// What lies beyond the last number is not expected and not looked at.
void Coverage::add(std::int64_t from, std::int64_t to) {
    to = std::min(to, last_);
    if (from > to) return;
    if (from <= covered_) doubled_ += std::min(covered_, to) - from + 1;
    if (from > covered_) holes_ += from - covered_ - 1;
    covered_ = std::max(covered_, to);
}

}  // namespace aisle::hq
