#include "agent/offers/digest.hpp"

#include <array>

#include <openssl/sha.h>

namespace aisle::offers {

std::string sha256_hex(std::string_view bytes) {
    std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
    SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest.data());
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string hex;
    for (const unsigned char byte : digest) {
        hex += kDigits[byte >> 4];
        hex += kDigits[byte & 15];
    }
    return hex;
}

std::string id_of(std::string_view bytes) { return sha256_hex(bytes).substr(0, 32); }

}  // namespace aisle::offers
