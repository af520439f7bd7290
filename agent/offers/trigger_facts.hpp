#pragma once

#include "agent/offers/ask.hpp"

namespace aisle::offers {

// What the trigger itself tells: the basket, the zone, and what the shop's clock shows. Only what
// some condition of the set asks for. Anything that was told from outside wins over it.
conditions::Facts trigger_facts(const Ask& ask, const CampaignSet& set);

}  // namespace aisle::offers
