#include "agent/offers/digest.hpp"

#include <array>

#include <openssl/evp.h>

namespace aisle::offers {

std::string sha256_hex(std::string_view bytes) {
    // Fetched once: looking the algorithm up costs more than a short digest.
    static EVP_MD* const kSha256 = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    std::array<unsigned char, 32> digest{};
    EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, kSha256, nullptr);
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
