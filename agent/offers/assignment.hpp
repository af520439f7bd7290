#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "agent/offers/campaign.hpp"

// Who is in which group of an experiment: the same id always falls into the same bucket, offline
// and on every till.
namespace aisle::offers {

struct HashKey {
    std::string_view seed;
    std::string_view id;  // ASCII: bytes are hashed where JavaScript hashes UTF-16 units
};

// GrowthBook's hash: version 1 in steps of 1/1000, version 2 in steps of 1/10000; nothing for other
// versions.
std::optional<double> growthbook_hash(HashKey key, int version);

bool in_holdout(const Experiment& experiment, std::string_view subject);
// The arm of the subject, or null: no arms, or outside all of them.
const Arm* arm_of(const Experiment& experiment, std::string_view subject);

}  // namespace aisle::offers
