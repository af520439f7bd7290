#pragma once

#include <string>
#include <string_view>

#include "agent/core/error.hpp"
#include "agent/offers/campaign_set.hpp"

namespace aisle::offers {

// `aislectl offers decide`: what would these campaigns say to this context, with nothing granted
// yet? The context is `{now, trigger, facts, basket, member, zone}`: now RFC 3339; trigger
// zone_dwell, member_seen, basket or sale, or {"type","dwell_s","asked"}; facts flat or nested, one
// object for cust.* and ctx.*; basket `{key, till, lines:[{n, sku, category, brand, qty_milli,
// gross, discount}]}` in minor units. Unknown keys are refused. Answers one line of JSON:
// `{"chosen":ID|null,"price":minor units off,"shares":[{"line","amount"}],"offers":[...],
// "considered":[{"campaign","reason"}]}`. `offers` has each one where several apply to a basket.
Result<std::string> decide_context(const CampaignSet& set, std::string_view context);

}  // namespace aisle::offers
