#pragma once

#include <string>
#include <string_view>

#include "agent/core/error.hpp"
#include "agent/core/record.hpp"
#include "agent/core/sale.hpp"

// `aisle.sale/1` (DESIGN section 6, docs/wire-format.md). Pure.
namespace aisle::records {

// One line, keys always in the same order, every key always there but for vendor_id, which is
// absent where it is empty: the same sale gives the same bytes.
std::string sale_json(const Sale& sale);

// What makes two readings the same sale: sale_json without lineage, revision and reconciled.
std::string sale_content(const Sale& sale);

// Reads what sale_json wrote; keys that it does not know are passed over. Malformed names the
// field.
Result<Sale> sale_from_json(std::string_view json);

// Stream ledger, kind `sale`, event_id the sale id, revision the sale's. `digest` is intake's.
Record sale_record(const Sale& sale, std::string digest, const Stamp& at);

}  // namespace aisle::records
