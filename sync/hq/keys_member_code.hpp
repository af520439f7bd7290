#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace aisle::hq {

// A member id in the one form under which the stores make pseudonyms of it (agent/intake): without
// blanks, invisible characters and dashes, full-width characters as ASCII, upper case. Bytes that
// are no UTF-8 become '?'. Pure.
std::string member_code(std::string_view raw);

// Makes pseudonyms under one key; for 100,000 members the key is worked in once.
class MemberCoder {
public:
    explicit MemberCoder(std::string_view key_hex);
    ~MemberCoder();
    MemberCoder(MemberCoder&&) noexcept;
    MemberCoder& operator=(MemberCoder&&) noexcept;
    // Empty for an id of which nothing is left.
    [[nodiscard]] std::string pseudonym(std::string_view member) const;

private:
    struct Keyed;
    std::unique_ptr<Keyed> keyed_;
};

}  // namespace aisle::hq
