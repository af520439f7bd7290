#pragma once

#include <string>
#include <string_view>

#include "agent/core/error.hpp"
#include "agent/core/sale.hpp"

// A sale as tills post it: aisle.sale/1 without what is ours (DESIGN section 6). simdjson stays in
// the .cpp. Pure; nothing is thrown.
namespace aisle::pos {

struct SaleRequest {
    Sale draft;  // `member` raw
    int unknown_keys = 0;
};

// Malformed names the field by its path: "lines[2].gross: not a whole number".
// Required: source, store, till, seq (or vendor_id), business_date, ended_at, currency, lines,
// tenders, total; of a line gross; of a tender amount. A line's net is gross - discount where it is
// not told, its kind as the sign says.
Result<SaleRequest> sale_request_from_json(std::string_view json, int minor_digits);

}  // namespace aisle::pos
