#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agent/core/ids.hpp"
#include "agent/core/time.hpp"
#include "sync/wire/seal_refusal.hpp"

// Campaigns and settings as one signed value, the payload of a message sealed for `bundle`:
// {"aisle_bundle":1,"version":12,"not_before":"…","expires":"…","stores":["s-0001"]|"*",
//  "min_agent":"0.1.0","rollback_to":9,"campaigns":[{…},…],"settings":{"guard.max_discount_bp":3000}}
// Pure.
namespace aisle::wire {

inline constexpr std::size_t kBundleBytesMax = 1024 * 1024;
inline constexpr std::size_t kBundleDepthMax = 32;
inline constexpr std::size_t kBundleCampaignsMax = 5'000;
inline constexpr std::size_t kBundleStoresMax = 20'000;

struct Bundle {
    // Grows with every bundle that a shop is sent, a return to an older content included.
    std::int64_t version = 0;
    std::optional<WallTime> not_before;
    std::optional<WallTime> expires;          // from then on nothing of it is offered
    std::vector<std::string> stores;          // empty: all
    std::string min_agent;                    // "0.1.0"; empty: any
    std::optional<std::int64_t> rollback_to;  // the older version whose content this brings back
    std::vector<std::string> campaigns;       // each one campaign's JSON object (docs/offers.md)
    std::map<std::string, std::int64_t> settings;  // of the closed list below

    friend bool operator==(const Bundle&, const Bundle&) = default;
};

// Malformed, oversized or settings. Unknown fields at the top are refused: an older agent must not
// take half of what it was told.
Judged<Bundle> parse_bundle(std::string_view payload);
// Campaigns go in verbatim: they must be JSON objects (a bad one makes the payload unreadable).
std::string to_json(const Bundle& bundle);

// What HQ may set from afar; everything else is the shop's own file's. `least` and `most` are
// bounds: a bundle beyond them is refused, whoever signed it.
struct SettingRule {
    std::string_view name;
    std::int64_t least = 0;
    std::int64_t most = 0;
};
std::span<const SettingRule> setting_rules();

// Guard rails of the dry run and the trial, as settings.
inline constexpr std::string_view kGuardDiscountBp = "guard.max_discount_bp";
inline constexpr std::string_view kGuardOffersPerHour = "guard.max_offers_per_hour";
inline constexpr std::string_view kGuardDecideP99Us = "guard.max_decide_p99_us";

struct GuardRails {
    std::int64_t max_discount_bp = 5'000;  // of the sum of all baskets
    std::int64_t max_offers_per_hour = 2'000;
    std::int64_t max_decide_p99_us = 20'000;

    friend bool operator==(const GuardRails&, const GuardRails&) = default;
};
// `otherwise` where the settings say nothing.
GuardRails guard_of(const std::map<std::string, std::int64_t>& settings,
                    const GuardRails& otherwise);

// For this store, this agent, this moment? WrongStore, MinAgent, Expired, NotYet, ClockWrong. A
// clock of quality none is known to be wrong: what has a window is ClockWrong then.
struct Receiver {
    StoreId store;
    std::string agent;  // its version
    Stamp now;
};
std::optional<Refusal> unfit(const Bundle& bundle, const Receiver& receiver);

// Numbers between dots compare as numbers: 0.10.0 is newer than 0.9.1. Nothing if not a version.
std::optional<bool> version_below(std::string_view version, std::string_view least);

}  // namespace aisle::wire
