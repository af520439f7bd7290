#include "sync/hq/erasure.hpp"

#include <algorithm>

#include "sync/wire/line.hpp"

namespace aisle::hq {
namespace {

constexpr std::string_view kHex = "0123456789abcdef";
constexpr std::size_t kPseudonymDigits = 32;
constexpr std::size_t kDigestDigits = 16;

bool all_hex(std::string_view text) {
    return text.find_first_not_of(kHex) == std::string_view::npos;
}

}  // namespace

bool is_pseudonym(std::string_view text) {
    return text.size() == kPseudonymDigits && all_hex(text);
}

bool is_name_digest(std::string_view text) { return text.size() == kDigestDigits && all_hex(text); }

std::string name_digest(std::string_view pseudonym) { return wire::check_of(pseudonym); }

std::vector<std::string> names_behind(const std::vector<std::string>& digests,
                                      std::string_view text) {
    std::vector<std::string> names;
    if (digests.empty()) return names;
    for (auto at = text.find_first_of(kHex); at != std::string_view::npos;) {
        const auto end = std::min(text.find_first_not_of(kHex, at), text.size());
        const auto word = text.substr(at, end - at);
        if (word.size() == kPseudonymDigits && !std::ranges::count(names, word) &&
            std::ranges::binary_search(digests, name_digest(word)))
            names.emplace_back(word);
        at = text.find_first_of(kHex, end);
    }
    return names;
}

std::optional<std::string> erased_body(std::string_view kind, std::string_view body,
                                       const std::vector<std::string>& members) {
    const auto named = [&](const std::string& member) {
        return body.find(member) != std::string_view::npos;
    };
    if (std::ranges::none_of(members, named)) return std::nullopt;
    if (kind != "sale") return std::string{kErasedBody};
    std::string receipt{body};
    for (const auto& member : members)
        for (auto at = receipt.find(member); at != std::string::npos; at = receipt.find(member, at))
            receipt.erase(at, member.size());
    return receipt;
}

}  // namespace aisle::hq
