#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// GS1 article numbers. Pure.
namespace aisle::intake {

// The GS1 mod-10 check digit over all but the last digit. Only digits, at least two.
bool gtin_checks(std::string_view digits);

// 8, 12, 13 or 14 digits with a right check digit, as 14 digits; nothing otherwise.
std::optional<std::string> gtin14(std::string_view digits);

// Codes that the shop prints itself carry a price or a weight: EAN-13 `2P IIIII VVVVV C`, UPC-A `2
// IIIII V VVVV C`.
struct EmbeddedCode {
    std::string gtin;  // 14 digits, value zeroed, check digit made anew: the same article, whatever
                       // it weighs
    std::int64_t value = 0;  // price or weight as printed; 0 where the till has zeroed it
};
// Nothing for a code of another number system. `gtin` must be 14 digits that check.
std::optional<EmbeddedCode> embedded_code(std::string_view gtin);

}  // namespace aisle::intake
