#include "sync/hq/ring.hpp"

#include <algorithm>
#include <utility>

#include "sync/wire/line.hpp"

namespace aisle::hq {

std::map<std::string, int> rings_of(std::int64_t bundle_version,
                                    std::span<const std::string> stores, const RingPlan& plan) {
    std::vector<std::pair<std::string, std::string>> ranked;  // hash and store
    ranked.reserve(stores.size());
    for (const auto& store : stores)
        ranked.emplace_back(wire::check_of(std::to_string(bundle_version) + '|' + store), store);
    std::ranges::sort(ranked);
    const auto [again, end] = std::ranges::unique(ranked);
    ranked.erase(again, end);

    std::map<std::string, int> rings;
    for (const auto& [hash, store] : ranked) rings.emplace(store, kRings - 1);
    std::size_t canaries = 0;
    for (const auto& store : plan.canaries) {
        const auto found = rings.find(store);
        if (found == rings.end() || found->second == 0) continue;
        found->second = 0;
        ++canaries;
    }
    if (plan.canaries.empty() && !ranked.empty()) {
        rings[ranked.front().second] = 0;
        canaries = 1;
    }
    const auto early = (ranked.size() * static_cast<std::size_t>(plan.early_permille) + 999) / 1000;
    std::size_t taken = canaries;
    for (const auto& [hash, store] : ranked) {
        if (taken >= early) break;
        int& ring = rings[store];
        if (ring == 0) continue;
        ring = 1;
        ++taken;
    }
    return rings;
}

}  // namespace aisle::hq
