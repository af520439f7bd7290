#include "agent/intake/digest.hpp"

#include <cassert>
#include <span>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "agent/core/hex.hpp"

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

}  // namespace

std::string sha256_hex(std::string_view bytes) {
    const Sha256 digest = sha256(bytes);
    return to_hex(digest);
}

std::string sale_id_of(std::string_view key) { return sha256_hex(key).substr(0, 2 * kIdBytes); }

std::string pseudonym_of(const StoreKey& key, std::string_view raw) {
    Sha256 out{};
    const auto* bytes = reinterpret_cast<const unsigned char*>(raw.data());
    [[maybe_unused]] const auto* ok =
        HMAC(EVP_sha256(), key.bytes.data(), static_cast<int>(key.bytes.size()), bytes, raw.size(),
             out.data(), nullptr);
    assert(ok != nullptr);
    return to_hex(std::span{out}.first(kIdBytes));
}

}  // namespace aisle::intake
