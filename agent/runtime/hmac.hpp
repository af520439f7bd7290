#pragma once

#include <string>
#include <string_view>

namespace aisle::runtime {

struct HmacInput {
    std::string_view key;
    std::string_view message;
};

// HMAC-SHA-256 (RFC 2104) as 64 lower-case hex digits.
std::string hmac_sha256_hex(const HmacInput& input);

// Takes the same time wherever the two differ; only their lengths may show.
bool equal_in_constant_time(std::string_view one, std::string_view other);

}  // namespace aisle::runtime
