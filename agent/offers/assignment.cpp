#include "agent/offers/assignment.hpp"

#include <string>

namespace aisle::offers {
namespace {

constexpr std::uint32_t kFnvOffset = 0x811c9dc5U;
constexpr std::uint32_t kFnvPrime = 0x01000193U;

std::uint32_t fnv1a32(std::string_view text, std::uint32_t hash = kFnvOffset) {
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * kFnvPrime;
    return hash;
}

// Version 2, as a bucket of ten thousand.
std::uint32_t bucket_of(HashKey key) {
    return fnv1a32(std::to_string(fnv1a32(key.id, fnv1a32(key.seed)))) % 10'000;
}

}  // namespace

std::optional<double> growthbook_hash(HashKey key, int version) {
    // GrowthBook hashes seed + id in version 2 and id + seed in version 1.
    if (version == 2) return bucket_of(key) / 10'000.0;
    if (version == 1) return fnv1a32(key.seed, fnv1a32(key.id)) % 1'000 / 1'000.0;
    return std::nullopt;
}

bool in_holdout(const Experiment& experiment, std::string_view subject) {
    const auto share = static_cast<std::uint32_t>(experiment.holdout_share.value);
    return share > 0 && bucket_of({.seed = experiment.holdout, .id = subject}) < share;
}

const Arm* arm_of(const Experiment& experiment, std::string_view subject) {
    if (experiment.arms.empty()) return nullptr;
    const double place = bucket_of({.seed = experiment.seed, .id = subject}) / 10'000.0;
    double edge = 0;
    for (const Arm& arm : experiment.arms) {
        edge += arm.weight;
        if (place < edge) return &arm;
    }
    // Weights that add up to one can come out a hair below it.
    return edge > 0.9999 ? &experiment.arms.back() : nullptr;
}

}  // namespace aisle::offers
