#include "agent/runtime/hmac.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <cassert>

#include "agent/core/hex.hpp"

namespace aisle::runtime {

std::string hmac_sha256_hex(const HmacInput& input) {
    std::array<unsigned char, 32> mac{};
    unsigned int size = 0;
    const auto* const message = reinterpret_cast<const unsigned char*>(input.message.data());
    const unsigned char* const done =
        HMAC(EVP_sha256(), input.key.data(), static_cast<int>(input.key.size()), message,
             input.message.size(), mac.data(), &size);
    assert(done != nullptr && size == mac.size());
    return to_hex(mac);
}

bool equal_in_constant_time(std::string_view one, std::string_view other) {
    return one.size() == other.size() && CRYPTO_memcmp(one.data(), other.data(), one.size()) == 0;
}

}  // namespace aisle::runtime
