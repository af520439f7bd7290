#pragma once

#include <optional>

#include "agent/core/experiment_sums.hpp"
#include "agent/offers/campaign.hpp"

namespace aisle::offers {

// What a campaign's guardrails are held against.
struct RailFigures {
    Sums treated_margin;  // of those who were shown something, and of those who were withheld
    Sums withheld_margin;
    std::int64_t observed = 0;  // treated units, of which so many brought something back
    std::int64_t returned = 0;
    std::int64_t ended = 0;  // prompts, of which so many were declined
    std::int64_t declined = 0;
    double spent_share = 0;    // of the budget
    double elapsed_share = 0;  // of the window; a burn is spent over elapsed
};

inline constexpr std::int64_t kRailUnits = 100;   // of each side, before margins are compared
inline constexpr std::int64_t kRailPrompts = 50;  // before refusals count
inline constexpr double kRailBurnFrom = 0.05;     // of the budget: less is noise

// The figure with which the rail is broken, or nothing. Shares and margins have to be beyond the
// limit for certain: by an interval that holds at 95 % however often one looks.
std::optional<double> broken_at(const Guardrail& rail, const RailFigures& figures);

// Whether this group of an experiment is not prompted.
bool is_withheld(const Experiment& experiment, const std::string& group);

}  // namespace aisle::offers
