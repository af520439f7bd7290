#pragma once

#include <optional>
#include <string>
#include <string_view>

// One-time codes as pictures that a till's scanner reads from a phone's screen. Black on white with
// the quiet zones that the standards ask for (ISO/IEC 15420 for EAN-13: 11 and 7 modules; ISO/IEC
// 18004 for QR: 4), in both themes.
namespace aisle::staff {

// Thirteen digits, the last of which is the check digit of the others.
bool is_ean13(std::string_view code);

// The 95 modules from guard to guard, '1' is a bar. `code` is_ean13().
std::string ean13_modules(std::string_view code);

std::optional<std::string> ean13_svg(std::string_view code);
// Error correction level M. Nothing for an empty text or one that no QR code holds.
std::optional<std::string> qr_svg(const std::string& text);

}  // namespace aisle::staff
