#include "agent/offers/assignment.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "agent/core/hex.hpp"
#include "agent/offers/bucketing.hpp"

namespace aisle::offers {
namespace {

constexpr std::uint32_t kFnvOffset = 0x811c9dc5U;
constexpr std::uint32_t kFnvPrime = 0x01000193U;
constexpr std::string_view kGlobal = "global_holdout";
constexpr std::string_view kHoldout = "holdout";
constexpr std::string_view kTreated = "treated";

std::uint32_t fnv1a32(std::string_view text, std::uint32_t hash = kFnvOffset) {
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * kFnvPrime;
    return hash;
}

// Version 2, as a bucket of ten thousand.
std::uint32_t bucket_of(HashKey key) {
    return fnv1a32(std::to_string(fnv1a32(key.id, fnv1a32(key.seed)))) % 10'000;
}

bool is_ascii(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

std::string hex_form(std::string_view text) {
    std::string hex = "x";
    append_hex(hex, {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
    return hex;
}

std::uint32_t bucket_of_text(HashKey key) {
    if (is_ascii(key.seed) && is_ascii(key.id)) return bucket_of(key);
    const std::string seed = is_ascii(key.seed) ? std::string{key.seed} : hex_form(key.seed);
    const std::string id = is_ascii(key.id) ? std::string{key.id} : hex_form(key.id);
    return bucket_of({.seed = seed, .id = id});
}

bool held_out(const Holdout& holdout, std::string_view id) {
    const auto share = static_cast<std::uint32_t>(holdout.share.value);
    return share > 0 && bucket_of_text({.seed = holdout.name, .id = id}) < share;
}

bool in_slice(const Layer& layer, std::string_view id) {
    const std::string name = is_ascii(layer.name) ? layer.name : hex_form(layer.name);
    return in_namespace(is_ascii(id) ? std::string{id} : hex_form(id),
                        {.name = name, .slice = {.from = layer.from, .to = layer.to}});
}

bool two_equal_arms(const Experiment& experiment) {
    return experiment.arms.size() == 2 && experiment.arms[0].weight == 0.5 &&
           experiment.arms[1].weight == 0.5;
}

// Two equal arms take turns inside each pair of blocks, and the lot says which begins: an hour that
// is always busy never falls to one arm alone.
const Arm* arm_of_block(const Experiment& experiment, const Unit& unit) {
    if (!two_equal_arms(experiment)) return arm_of(experiment, unit.drawn_as());
    const std::string pair = unit.id + "|pair" + std::to_string(*unit.block / 2);
    const auto first = bucket_of_text({.seed = experiment.seed, .id = pair}) < 5'000 ? 0U : 1U;
    return &experiment.arms[(first + static_cast<unsigned>(*unit.block % 2)) % 2];
}

std::string shortest(double number) {
    std::array<char, 32> room{};
    const auto done = std::to_chars(room.data(), room.data() + room.size(), number);
    return {room.data(), done.ptr};
}

}  // namespace

std::optional<double> growthbook_hash(HashKey key, int version) {
    // GrowthBook hashes seed + id in version 2 and id + seed in version 1.
    if (version == 2) return bucket_of(key) / 10'000.0;
    if (version == 1) return fnv1a32(key.seed, fnv1a32(key.id)) % 1'000 / 1'000.0;
    return std::nullopt;
}

bool in_holdout(const Experiment& experiment, std::string_view subject) {
    return held_out({.name = experiment.holdout, .share = experiment.holdout_share}, subject);
}

const Arm* arm_of(const Experiment& experiment, std::string_view subject) {
    if (experiment.arms.empty()) return nullptr;
    const double place = bucket_of_text({.seed = experiment.seed, .id = subject}) / 10'000.0;
    double edge = 0;
    for (const Arm& arm : experiment.arms) {
        edge += arm.weight;
        if (place < edge) return &arm;
    }
    // Weights that add up to one can come out a hair below it.
    return edge > 0.9999 ? &experiment.arms.back() : nullptr;
}

const Arm* arm_named(const Experiment& experiment, std::string_view name) {
    const auto at = std::ranges::find(experiment.arms, name, &Arm::name);
    return at == experiment.arms.end() ? nullptr : &*at;
}

const Action& action_of(const Campaign& campaign, std::string_view arm) {
    const Arm* const known = arm_named(campaign.experiment, arm);
    return known && known->action ? *known->action : campaign.action;
}

std::string Unit::drawn_as() const { return block ? id + "|" + std::to_string(*block) : id; }

Unit unit_of(const Experiment& experiment, const Occasion& occasion) {
    if (experiment.block.count() == 0) return {.id = std::string{occasion.person}};
    const auto since_1970 = occasion.at.time_since_epoch();
    return {.id = "block:" + std::string{occasion.place},
            .block = since_1970 / std::chrono::duration_cast<milliseconds>(experiment.block)};
}

Drawn draw(const Experiment& experiment, const Unit& unit, const std::optional<Earlier>& earlier) {
    const std::string id = unit.drawn_as();
    if (held_out(experiment.global, id)) return {.group = std::string{kGlobal}, .withheld = true};
    if (in_holdout(experiment, id)) return {.group = std::string{kHoldout}, .withheld = true};
    const Drawn plain{.group = std::string{kTreated}};
    const bool known = earlier && experiment.sticky && !unit.block;
    if (known && earlier->bucket_version < experiment.min_bucket_version) return plain;
    const Arm* arm = nullptr;
    if (known && earlier->bucket_version == experiment.bucket_version)
        arm = arm_named(experiment, earlier->arm);
    if (!arm) {
        if (experiment.layer && !in_slice(*experiment.layer, id)) return plain;
        arm = unit.block ? arm_of_block(experiment, unit) : arm_of(experiment, id);
    }
    if (!arm) return plain;
    return {.group = arm->name, .arm = arm, .withheld = !arm->prompt || arm->name == "control"};
}

std::vector<std::pair<std::string, double>> expected_shares(const Experiment& experiment) {
    const double global = experiment.global.share.value / 10'000.0;
    const double own = (1 - global) * experiment.holdout_share.value / 10'000.0;
    const double rest = 1 - global - own;
    const double in = experiment.layer ? experiment.layer->to - experiment.layer->from : 1;
    std::vector<std::pair<std::string, double>> shares{{std::string{kGlobal}, global},
                                                       {std::string{kHoldout}, own}};
    double drawn = 0;
    for (const Arm& arm : experiment.arms) {
        shares.emplace_back(arm.name, rest * in * arm.weight);
        drawn += arm.weight;
    }
    // The hair that rounding leaves is nobody's group.
    const double left = 1 - in * drawn;
    shares.emplace_back(std::string{kTreated}, left < 1e-6 ? 0 : rest * left);
    return shares;
}

std::string plan_of(const Experiment& experiment) {
    std::string plan = experiment.key + "|" + experiment.seed + "|" + experiment.global.name + " " +
                       std::to_string(experiment.global.share.value) + "|" + experiment.holdout +
                       " " + std::to_string(experiment.holdout_share.value) + "|" +
                       std::to_string(experiment.bucket_version) + "|" +
                       std::to_string(experiment.block.count()) + "|" +
                       std::to_string(experiment.observe.count());
    if (experiment.layer)
        plan += "|" + experiment.layer->name + " " + shortest(experiment.layer->from) + " " +
                shortest(experiment.layer->to);
    for (const Arm& arm : experiment.arms) plan += "|" + arm.name + " " + shortest(arm.weight);
    // Two hashes of 32 bits: names are compared, never looked up.
    std::array<char, 17> hex{};
    const std::uint32_t first = fnv1a32(plan), second = fnv1a32(plan + "#");
    for (unsigned i = 0; i < 8; ++i) {
        constexpr std::string_view kHex = "0123456789abcdef";
        hex[i] = kHex[first >> (28 - 4 * i) & 15U];
        hex[i + 8] = kHex[second >> (28 - 4 * i) & 15U];
    }
    return {hex.data(), 16};
}

}  // namespace aisle::offers
