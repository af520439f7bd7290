#pragma once

#include <vector>

#include "agent/staff/shop.hpp"

namespace aisle {

// Three campaigns as a shop may have them: one with a budget that is nearly gone, one whose groups
// are not as they should be, one that a guardrail has paused.
std::vector<staff::CampaignNow> played_campaigns();
staff::FunnelNow played_funnel();

}  // namespace aisle
