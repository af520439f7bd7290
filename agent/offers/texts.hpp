#pragma once

#include <optional>
#include <string_view>

#include "agent/core/offer.hpp"

// The words of core's enumerations as they stand in contexts and in this room's rows.
namespace aisle::offers {

std::string_view to_text(TriggerKind kind);  // zone_dwell, member_seen, basket, sale, ...
std::optional<TriggerKind> trigger_from(std::string_view text);
std::string_view to_text(
    OfferState state);  // offered, accepted, presented, redeemed, declined, expired
std::optional<OfferState> state_from(std::string_view text);

}  // namespace aisle::offers
