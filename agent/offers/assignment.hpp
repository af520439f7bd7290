#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

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

// The functions below hash any text: one that is not ASCII goes in as "x" and the hexadecimal of
// its UTF-8 bytes, so that every language's hash gives the same.
bool in_holdout(const Experiment& experiment, std::string_view subject);
// The arm of the subject, or null: no arms, or outside all of them.
const Arm* arm_of(const Experiment& experiment, std::string_view subject);
// What the arm of this name gives: the campaign's action, unless the arm has its own.
const Action& action_of(const Campaign& campaign, std::string_view arm);
const Arm* arm_named(const Experiment& experiment, std::string_view name);

// What is drawn: a person, a basket, a visit; in a switchback a stretch of time in a place.
struct Unit {
    std::string id;
    std::optional<std::int64_t> block;  // of a switchback, counted from 1970

    // What the hash is taken of: in a switchback the id with the block.
    [[nodiscard]] std::string drawn_as() const;
};
// The unit of an experiment for a person (or visit or basket) at a time in a place.
struct Occasion {
    std::string_view person;
    std::string_view place;  // store, or store and zone
    WallTime at;
};
Unit unit_of(const Experiment& experiment, const Occasion& occasion);

struct Drawn {
    std::string group;         // "global_holdout", "holdout", an arm's name, "treated"
    const Arm* arm = nullptr;  // null in a holdout and for "treated": the campaign as it stands
    bool withheld = false;     // of a prompt; whoever asks gets what is due
};
// What was drawn before and is kept: an arm's name, and the version of its buckets.
struct Earlier {
    std::string_view arm;
    std::int32_t bucket_version = 0;
};
// Holdouts first, then the layer, then the arms. `earlier` keeps its arm while the experiment is
// sticky, has that arm and that version.
Drawn draw(const Experiment& experiment, const Unit& unit, const std::optional<Earlier>& earlier);

// What share of units each group should have, in the order in which they are tried.
std::vector<std::pair<std::string, double>> expected_shares(const Experiment& experiment);
// Names all that the draw hangs on: figures of two plans are never added up.
std::string plan_of(const Experiment& experiment);

}  // namespace aisle::offers
