#pragma once

#include "drivers/pos/poslog_lines.hpp"

namespace aisle::pos {

// Turns signs and puts modifiers where the totals prove that they belong; moves the lines into the
// sale. `total_told`: the document named a total; else what was tendered is it, else what the lines
// come to.
void settle_sums(Sale& sale, DraftLines&& drafts, bool total_told);

}  // namespace aisle::pos
