#pragma once

#include <string>
#include <string_view>

#include <boost/json.hpp>

#include "agent/staff/shop.hpp"

// How staff may see things: JSON without personal data. Money is in minor units. Moments that a
// page counts down to are milliseconds of the agent's monotonic clock, so that a tablet with a
// wrong clock still counts right.
namespace aisle::staff {

std::string_view to_text(
    OfferState state);  // offered, accepted, presented, redeemed, declined, expired
std::string_view to_text(TriggerKind trigger);  // zone_dwell, member_seen, basket, sale, ...

// Offered, accepted or presented: something is still to be done with it.
bool is_live(OfferState state);

// "#7F3A": the end of the pseudonym, enough to tell two customers at the counter apart. Empty for
// nobody.
std::string handle_of(const MemberKey& member);

std::int64_t milliseconds_of(MonoTime time);

boost::json::object card_of(const Offer& offer, const Stamp& now);
// Campaigns that were thought of and not offered, with the reason of docs/offers.md; the page has
// the polite words.
boost::json::array verdicts_of(const std::vector<CampaignVerdict>& verdicts);
boost::json::object profile_of(const CustomerCard& customer);
boost::json::object today_of(const Today& today);
boost::json::object status_of(const ShopStatus& status);

}  // namespace aisle::staff
