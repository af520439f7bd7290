#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// Taking the bodies of a member's records away at HQ, in slices, so that inserts go on between.
namespace aisle::hq {

struct EraseOrder {
    std::string store;
    std::vector<std::string> members;  // pseudonyms, 32 hex digits each
    // Of names that only the shop knew to be the same person's (a card, an app): name_digest() of
    // each, ascending. What the shop says of an erasure must not itself name whom it forgot.
    std::vector<std::string> digests;
    std::int64_t after = 0;         // a database's own place; 0 at the beginning
    std::size_t rows_max = 20'000;  // looked at
};

struct ErasedSlice {
    std::int64_t erased = 0;
    std::optional<std::int64_t> next;  // where to go on; nothing at the end
};

// What stands in the place of the body of anything but a sale: its row, number and check stay, so
// the sequence still proves that nothing is missing.
inline constexpr std::string_view kErasedBody = R"({"erased":true})";

// A pseudonym as the shops make them: 32 lower-case hex digits.
bool is_pseudonym(std::string_view text);
// 16 hex digits: the first 8 bytes of SHA-256 of the pseudonym's text.
std::string name_digest(std::string_view pseudonym);
bool is_name_digest(std::string_view text);
// The pseudonyms in a text whose digest is one of these (ascending). Each once. Pure.
std::vector<std::string> names_behind(const std::vector<std::string>& digests,
                                      std::string_view text);

// What is left of a body that names one of the members, or nothing where it names none. A sale
// stays a receipt: it only loses its member, so that the day's figures remain true. Pure.
std::optional<std::string> erased_body(std::string_view kind, std::string_view body,
                                       const std::vector<std::string>& members);

}  // namespace aisle::hq
