#pragma once

#include <span>
#include <vector>

#include "agent/offers/ask.hpp"

// What an action takes off a basket. Integer arithmetic; the order in which lines were entered
// makes no difference.
namespace aisle::offers {

// A basket in the middle of being priced: what is left to pay of each line, after the till's own
// discounts and the offers that were taken before. Lines with nothing left (and returned ones) take
// part in nothing.
struct Bill {
    std::span<const BasketLine> lines;
    std::vector<Money> left;  // by index of line

    explicit Bill(std::span<const BasketLine> of);
    void take(const Price& price);
};

bool in_scope(const Scope& scope, const BasketLine& line);
// The indices of the lines that the action is about, in an order that depends on their content
// alone.
std::vector<std::size_t> scope_lines(const Scope& scope, const Bill& bill);

enum class Reached { ScopeEmpty, BelowFirstTier, Yes };

struct Priced {
    Reached reached = Reached::Yes;
    Price price;
};

// Whether price() would give anything: no allocation, for the many candidates that get no further.
Reached reach(const Action& action, const Bill& bill);

// Shares add up to the discount, no share exceeds what is left of its line, and 100 % leaves
// exactly nothing.
Priced price(const Action& action, const Bill& bill);

}  // namespace aisle::offers
