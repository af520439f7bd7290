#pragma once

#include <cstdint>
#include <string>

#include "agent/store/reads.hpp"

namespace aisle::app {

struct AuditReport {
    std::int64_t entries = 0;  // that are still kept
    std::int64_t breaks = 0;
    std::string first_break;  // empty: the chain holds
};

// Walks the journal's audit entries from the oldest that is kept to the head. On the thread that
// owns `store`; takes as long as a read of the journal.
Result<AuditReport> check_audit(store::Reads& store);

}  // namespace aisle::app
