#pragma once

#include <string>
#include <string_view>

namespace aisle::offers {

std::string sha256_hex(std::string_view bytes);
// The first 16 bytes of it, hex: ids.
std::string id_of(std::string_view bytes);

}  // namespace aisle::offers
