#pragma once

#include <vector>

#include "agent/offers/action.hpp"
#include "agent/offers/pricing.hpp"

// Actions that are about single pieces. Quantities are counted, never expanded: six thousand pieces
// on one line cost what one costs. A piece of a line is worth what is left of the line by its
// number of pieces, k of them rounded down to whole minor units, all of them exactly the line.
// Lines whose quantity is no whole number of pieces take no part, but in a fixed price without a
// limit of pieces.
namespace aisle::offers {

// What of a line an action is about: no share of it exceeds `worth`.
struct Part {
    std::size_t line = 0;  // index into Bill::lines
    Money worth;
};

struct Cut {
    Money off;  // at most the sum of the parts
    std::vector<Part> parts;
};

// Whole pieces of a line; zero for a fraction.
std::int64_t pieces_of(const BasketLine& line);

// Nothing where the basket has too few pieces. `lines` in the order of scope_lines().
std::optional<Cut> cut(const NthItem& action, const Bill& bill, std::span<const std::size_t> lines);
std::optional<Cut> cut(const BundlePrice& action, const Bill& bill,
                       std::span<const std::size_t> lines);
std::optional<Cut> cut(const FixedPrice& action, const Bill& bill,
                       std::span<const std::size_t> lines);

}  // namespace aisle::offers
