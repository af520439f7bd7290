#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

// Digests and pseudonyms. OpenSSL stays in the .cpp. Pure.
namespace aisle::intake {

// The store's own key for pseudonyms, and the name under which HQ knows it. Never logged.
struct StoreKey {
    std::array<std::uint8_t, 32> bytes{};
    std::string id;
};

// SHA-256, 64 lower-case hex digits.
std::string sha256_hex(std::string_view bytes);

// First 16 bytes of SHA-256 of the key, 32 hex digits: a sale's id.
std::string sale_id_of(std::string_view key);

// First 16 bytes of HMAC-SHA-256 under the store's key, 32 hex digits.
std::string pseudonym_of(const StoreKey& key, std::string_view raw);

}  // namespace aisle::intake
