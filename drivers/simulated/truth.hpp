#pragma once

#include <string>
#include <vector>

#include "drivers/simulated/plan.hpp"

namespace aisle::simulated {

// When an offer is due: a trolley or card stays this long in this zone.
struct DueRule {
    std::string zone = "snacks";
    milliseconds dwell{8000};
};

// All that is true up to and with `at`, one JSON object a line, in the order of time (DESIGN
// section 7):
// {"kind":"sale|entry|exit|zone_visit|offer_due","at",...}.
std::vector<std::string> truth_lines(const Plan& plan, const DueRule& due, milliseconds at);

// What became true after `from`, up to and with `to`: what truth_lines(from) lacks of
// truth_lines(to).
struct TruthSpan {
    milliseconds from{};
    milliseconds to{};
};
std::vector<std::string> truth_lines(const Plan& plan, const DueRule& due, TruthSpan span);

}  // namespace aisle::simulated
