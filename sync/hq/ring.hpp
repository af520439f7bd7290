#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

// Who gets a bundle first. Pure.
namespace aisle::hq {

inline constexpr int kRings = 3;  // 0 the canaries, 1 the early ones, 2 all

struct RingPlan {
    std::vector<std::string> canaries;  // empty: one store, drawn
    std::int64_t early_permille = 100;  // of all, the canaries included; rounded up
};

// The same bundle and stores give the same rings in every process: stores are ranked by SHA-256 of
// bundle and store, so that it is not always the same shops that try things out. Canaries that are
// no target are left out; a store that comes later belongs to the last ring.
std::map<std::string, int> rings_of(std::int64_t bundle_version,
                                    std::span<const std::string> stores, const RingPlan& plan);

}  // namespace aisle::hq
