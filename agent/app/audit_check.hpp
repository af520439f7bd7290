#pragma once

#include <cstdint>
#include <string>

#include "agent/store/reads.hpp"

namespace aisle::app {

struct AuditReport {
    std::int64_t entries = 0;  // that are still kept
    std::int64_t erased = 0;   // emptied, because they were about a member who was forgotten
    std::int64_t beside = 0;   // the store's own, which are in no chain
    std::int64_t breaks = 0;
    std::string first_break;  // empty: the chain holds
};

// Walks the journal's audit entries from the oldest that is kept to the head. On the thread that
// owns `store`; takes as long as a read of the journal, or of its newest `rows_back` rows where it
// is not 0: then the first entry among them is believed.
Result<AuditReport> check_audit(store::Reads& store, std::int64_t rows_back = 0);

}  // namespace aisle::app
