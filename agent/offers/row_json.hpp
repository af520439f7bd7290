#pragma once

#include <string>
#include <string_view>

#include <boost/json/fwd.hpp>

#include "agent/core/time.hpp"
#include "agent/offers/held.hpp"
#include "agent/offers/trial.hpp"

// The rows of this room as compact JSON. from_row() throws std::exception on anything that to_row()
// did not write: the one caller, State::restore, catches.
namespace aisle::offers {

std::string to_row(const Held& held);
std::string to_row(const Account& account);
std::string to_row(const std::vector<Grant>& grants);
std::string to_row(const Watch& watch);
std::string to_row(const Closed& closed);
std::string to_row(const std::vector<Enrolment>& enrolments);
std::string to_row(const Trial& trial);
std::string to_row(const Coupon& coupon);
std::string to_row(const GiftStock& stock);
std::string to_row(const PaidOrder& order);

void from_row(std::string_view bytes, Held& held);
void from_row(std::string_view bytes, Account& account);
void from_row(std::string_view bytes, std::vector<Grant>& grants);
void from_row(std::string_view bytes, Watch& watch);
void from_row(std::string_view bytes, Closed& closed);
void from_row(std::string_view bytes, std::vector<Enrolment>& enrolments);
void from_row(std::string_view bytes, Trial& trial);
void from_row(std::string_view bytes, Coupon& coupon);
void from_row(std::string_view bytes, GiftStock& stock);
void from_row(std::string_view bytes, PaidOrder& order);

// [boot, mono, wall, quality]
boost::json::array stamp_json(const Stamp& stamp);
Stamp stamp_from(const boost::json::value& row);
// {"campaign", "from", "until", "basket"}
boost::json::object coupon_json(const Coupon& coupon);
Coupon coupon_from(const boost::json::value& row);
// [[line, amount], ...]
boost::json::array shares_json(const std::vector<LineShare>& shares);
std::vector<LineShare> shares_from(const boost::json::value& row);

}  // namespace aisle::offers
