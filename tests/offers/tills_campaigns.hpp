#pragma once

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "agent/offers/campaign_set.hpp"
#include "tills_oracle.hpp"

// The campaigns of the four tills, and the same rules once more as the oracle knows them.
namespace aisle::offers::tills {

// So little money that it runs out again and again: it is filled up forty times in a life.
struct Purse {
    explicit Purse(std::int64_t operations)
        : each_budget{std::max<std::int64_t>(4'000, operations / 10)},
          each_redemptions{std::max<std::int64_t>(3, operations / 4'000)},
          budget{each_budget},
          redemptions{each_redemptions} {}
    void refill() { budget += each_budget, redemptions += each_redemptions; }

    std::int64_t each_budget;
    std::int64_t each_redemptions;
    std::int64_t budget;       // of each campaign that has one
    std::int64_t redemptions;  // of the campaign that is limited by them
};

namespace detail {

struct Words {
    std::string id, trigger, action, rest;
};

inline std::string text_of(const Words& words, bool holdouts) {
    std::string rest = words.rest;
    if (!holdouts)
        if (const auto at = rest.find(R"("experiment")"); at != std::string::npos)
            rest = rest.substr(0, at) + R"("experiment": {"holdout": 0})";
    return R"({"schema":1,"id":")" + words.id + R"(","trigger":)" + words.trigger +
           R"(,"action":)" + words.action + "," + rest + "}";
}

// "experiment" stands last, so that text_of() can leave it out.
inline std::vector<Words> words(const Purse& purse) {
    const std::string own = R"("budget_fen":)" + std::to_string(purse.budget);
    const std::string leased = own + R"(,"store_lease":"auto")";
    const std::string none = R"("experiment":{"holdout":0})";
    const std::string some = R"("experiment":{"holdout":{"name":"h1","share":0.2},"global":0})";
    const std::string tiers =
        R"({"type":"spend_tiers","tiers":[[5000,500],[10000,1200]],"max":1200})";
    const std::string percent = R"({"type":"pct_off","bp":1000,"max":2000})";
    const std::string gift = R"({"type":"gift","sku":"CUP","min_spend":3000,"worth":700})";
    const std::string basket = R"({"type":"basket"})", seen = R"({"type":"member_seen"})";
    const std::string night = R"("quiet":["21:30","09:00"])";
    return {
        {"tiers", basket, tiers,
         R"("limits":{"per_customer":[{"n":2,"per":"P1D"}],"cooldown":"PT1H",)" + own + "}," +
             none},
        {"percent", basket, percent,
         R"("limits":{)" + leased + R"(},"stack":{"priority":5},)" + none},
        {"gift", basket, gift, R"("limits":{)" + leased + R"(},"stack":{"group":"item"},)" + none},
        {"few", basket, R"({"type":"pct_off","bp":500,"scope":{"cat":["tea"]}})",
         R"("limits":{"redemptions":)" + std::to_string(purse.redemptions) +
             R"(},"stack":{"group":"item","priority":-1},)" + none},
        {"seen", seen, tiers,
         R"("limits":{"per_customer":[{"n":1,"per":"PT6H"}],)" + night + "," + own + "}," + some},
        {"change", seen, percent,
         R"("limits":{"cooldown":"PT30M","quiet":["02:15","02:45"],)" + leased +
             R"(},"stack":{"priority":1},"delivery":{"ttl_s":300},)" + some},
        {"dwell", R"({"type":"zone_dwell","zone":"Z1","min_s":30,"rearm_s":60})", tiers,
         R"("limits":{)" + night + "," + own + R"(},"delivery":{"ttl_s":600},)" +
             R"("experiment":{"holdout":{"name":"h1","share":0.2},"global":0,"arms":)" +
             R"([["now",0.5],{"name":"later","weight":0.5,"delay_s":1800}]})"},
        {"receipt", R"({"type":"sale"})", percent,
         R"("limits":{)" + night + "," + own + "}," + some},
    };
}

}  // namespace detail

inline std::shared_ptr<const CampaignSet> campaigns(const Purse& purse, const TimeZone& zone,
                                                    bool holdouts = true) {
    std::vector<CampaignFile> files;
    for (const auto& words : detail::words(purse))
        files.push_back({.name = words.id, .text = detail::text_of(words, holdouts)});
    auto loaded = CampaignSet::load(files, {.store = &zone});
    if (!loaded) std::abort();
    return std::make_shared<const CampaignSet>(std::move(*loaded));
}

inline std::map<std::string, Rule> rules(const Purse& purse) {
    constexpr Millis kHour = 3'600'000, kEver = 0;
    constexpr std::int64_t kNoBudget = INT64_MAX;
    const QuietHours night{.from = 21 * 60 + 30, .to = 9 * 60};
    const auto open = [&](bool leased) { return Rule{.budget = purse.budget, .leased = leased}; };
    const auto quiet = [&](Rule rule, QuietHours hours) {
        rule.quiet = hours, rule.holdout = "h1", rule.holdout_bp = 2'000;
        return rule;
    };
    Rule tiers = open(false), seen = open(false), change = open(true);
    tiers.cap = 2, tiers.cap_ms = 24 * kHour, tiers.cooldown_ms = kHour;
    seen.cap = 1, seen.cap_ms = 6 * kHour;
    change.cooldown_ms = kHour / 2;
    return {{"tiers", tiers},
            {"percent", open(true)},
            {"gift", open(true)},
            {"few", {.budget = kNoBudget, .redemptions = purse.redemptions, .cap_ms = kEver}},
            {"seen", quiet(seen, night)},
            {"change", quiet(change, {.from = 2 * 60 + 15, .to = 2 * 60 + 45})},
            {"dwell", quiet(open(false), night)},
            {"receipt", quiet(open(false), night)}};
}

inline const std::vector<std::string> kLeased{"change", "gift", "percent"};

}  // namespace aisle::offers::tills
