#include "sync/hq/erasure.hpp"

#include <algorithm>

namespace aisle::hq {

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
