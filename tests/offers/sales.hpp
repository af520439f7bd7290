#pragma once

#include "shop.hpp"

// Receipts as tills send them after a discount.
namespace aisle::offers {

// A sale of one line with this discount, keyed by hand, a minute after noon.
inline Sale discounted(std::int64_t gross, std::int64_t off, std::int64_t seq = 1) {
    Sale sale = kit::sale_of(gross, seq);
    sale.lines.front().discount = Money::minor(off);
    sale.lines.front().net = Money::minor(gross - off);
    sale.total = Money::minor(gross - off);
    sale.discounts.push_back(
        {.line = 1, .offer = "", .kind = "amount", .amount = Money::minor(off)});
    sale.ended_at = kit::at(seconds{60}).wall;
    return sale;
}

// The same, and the till says which promotion it was.
inline Sale naming(const std::string& offer, std::int64_t off, std::int64_t seq = 1) {
    Sale sale = discounted(200'00, off, seq);
    sale.discounts.front().offer = offer;
    return sale;
}

inline Sale of_ada(Sale sale) {
    sale.member = kAda.value;
    return sale;
}

}  // namespace aisle::offers
