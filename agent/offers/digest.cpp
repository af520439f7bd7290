#include "agent/offers/digest.hpp"

#include <array>

#include <openssl/evp.h>

#include "agent/core/hex.hpp"

namespace aisle::offers {

std::string sha256_hex(std::string_view bytes) {
    // Fetched once: looking the algorithm up costs more than a short digest.
    static EVP_MD* const kSha256 = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    std::array<unsigned char, 32> digest{};
    EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, kSha256, nullptr);
    return to_hex(digest);
}

std::string id_of(std::string_view bytes) { return sha256_hex(bytes).substr(0, 32); }

}  // namespace aisle::offers
