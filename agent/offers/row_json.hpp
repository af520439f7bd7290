#pragma once

#include <string>
#include <string_view>

#include "agent/offers/held.hpp"

// The rows of this room as compact JSON. from_row() throws std::exception on anything that to_row()
// did not write: the one caller, State::restore, catches.
namespace aisle::offers {

std::string to_row(const Held& held);
std::string to_row(const Account& account);
std::string to_row(const std::vector<Grant>& grants);
std::string to_row(const Watch& watch);
std::string to_row(const Closed& closed);

void from_row(std::string_view bytes, Held& held);
void from_row(std::string_view bytes, Account& account);
void from_row(std::string_view bytes, std::vector<Grant>& grants);
void from_row(std::string_view bytes, Watch& watch);
void from_row(std::string_view bytes, Closed& closed);

}  // namespace aisle::offers
