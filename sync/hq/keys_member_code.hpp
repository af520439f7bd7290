#pragma once

#include <string>
#include <string_view>

namespace aisle::hq {

// A member id in the one form under which the stores make pseudonyms of it (agent/intake): without
// blanks, invisible characters and dashes, full-width characters as ASCII, upper case. Bytes that
// are no UTF-8 become '?'. Pure.
std::string member_code(std::string_view raw);

// Makes pseudonyms under one key; for 100,000 members the key is unpacked once.
class MemberCoder {
public:
    explicit MemberCoder(std::string_view key_hex);
    // Empty for an id of which nothing is left.
    [[nodiscard]] std::string pseudonym(std::string_view member) const;

private:
    std::string key_;  // 32 bytes
};

}  // namespace aisle::hq
