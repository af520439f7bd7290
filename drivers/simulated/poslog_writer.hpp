#pragma once

#include <string>

#include "agent/core/sale.hpp"

namespace aisle::simulated {

// One receipt as a POSLog 6 document, the way the simulated tills write it (profile `generic`):
// amounts of a return are positive inside <Return>, a voided line is repeated with VoidFlag, change
// stands beside its tender.
std::string poslog_document(const Sale& sale, const std::string& local_end_time);

}  // namespace aisle::simulated
