#include "agent/intake/digest.hpp"

#include <cassert>

#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace aisle::intake {
namespace {

using Sha256 = std::array<unsigned char, 32>;

constexpr std::size_t kIdBytes = 16;

Sha256 sha256(std::string_view bytes) {
    Sha256 out{};
    [[maybe_unused]] const int ok =
        EVP_Digest(bytes.data(), bytes.size(), out.data(), nullptr, EVP_sha256(), nullptr);
    assert(ok == 1);
    return out;
}

std::string hex(const unsigned char* bytes, std::size_t size) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string out;
    out.reserve(size * 2);
    for (std::size_t i = 0; i < size; ++i) {
        out += kDigits[bytes[i] >> 4U];
        out += kDigits[bytes[i] & 15U];
    }
    return out;
}

}  // namespace

std::string sha256_hex(std::string_view bytes) {
    const Sha256 digest = sha256(bytes);
    return hex(digest.data(), digest.size());
}

std::string sale_id_of(std::string_view key) { return hex(sha256(key).data(), kIdBytes); }

std::string pseudonym_of(const StoreKey& key, std::string_view raw) {
    Sha256 out{};
    const auto* bytes = reinterpret_cast<const unsigned char*>(raw.data());
    [[maybe_unused]] const auto* ok =
        HMAC(EVP_sha256(), key.bytes.data(), static_cast<int>(key.bytes.size()), bytes, raw.size(),
             out.data(), nullptr);
    assert(ok != nullptr);
    return hex(out.data(), kIdBytes);
}

}  // namespace aisle::intake
