#pragma once

#include <string_view>

// Whose card a number can be. Pure.
namespace aisle::intake {

// Luhn's mod-10 (ISO/IEC 7812-1 annex B). Digits only.
bool luhn_checks(std::string_view digits);

// The brand whose IIN range and length fit and whose check digit is right; empty: no card number.
std::string_view card_brand(std::string_view digits);

}  // namespace aisle::intake
