#pragma once

#include <memory>
#include <string>
#include <vector>

#include "agent/app/campaigns.hpp"

// The campaigns of a week that has everything in it: all triggers, caps, budgets that run out,
// holdouts and arms, rivals and combinations, windows and quiet hours.
namespace aisle::app {

inline std::vector<std::string> week_campaigns() {
    return {
        R"({"schema":1,"id":"w-dwell","trigger":{"type":"zone_dwell","zone":"snacks","min_s":10,"rearm_s":600},
            "action":{"type":"pct_off","bp":1000,"max":500},"delivery":{"ttl_s":300},
            "limits":{"budget_fen":60000,"cooldown":"PT2H"}})",
        R"({"schema":1,"id":"w-dwell-long","trigger":{"type":"zone_dwell","zone":"drinks","min_s":12},
            "action":{"type":"spend_tiers","tiers":[[3000,300],[6000,900]]},
            "when":{"ctx.weather":"rain"},"limits":{"redemptions":40}})",
        R"({"schema":1,"id":"w-dwell-lot","trigger":{"type":"zone_dwell","zone":"fruit","min_s":8,"rearm_s":60},
            "action":{"type":"pct_off","bp":500,"max":300},
            "experiment":{"holdout":0.1,"arms":[["control",0.2],["A",0.4],{"name":"B","weight":0.4,"delay_s":4}]}})",
        R"({"schema":1,"id":"w-seen","trigger":{"type":"member_seen","rearm_s":3600},
            "audience":{"consent":["marketing.personal"]},
            "action":{"type":"gift","sku":"SKU103","min_spend":2000,"worth":450},
            "limits":{"per_customer":[{"n":1,"per":"P1D"},{"n":3,"per":"P30D"}],"budget_fen":40000}})",
        R"({"schema":1,"id":"w-seen-gold","trigger":{"type":"member_seen"},"when":{"cust.tier":"gold"},
            "action":{"type":"pct_off","bp":800,"max":1000},"stack":{"priority":5}})",
        R"({"schema":1,"id":"w-basket","trigger":{"type":"basket"},
            "action":{"type":"spend_tiers","tiers":[[2000,100],[5000,400],[9000,1000]]},
            "limits":{"budget_fen":150000},"experiment":{"holdout":0.1}})",
        R"({"schema":1,"id":"w-basket-cat","trigger":{"type":"basket"},"stack":{"group":"item","priority":3},
            "action":{"type":"pct_off","scope":{"cat":["snack"]},"bp":1500,"max":800},
            "limits":{"per_customer":[{"n":2,"per":"P1D"}]}})",
        R"({"schema":1,"id":"w-basket-alone","trigger":{"type":"basket"},"stack":{"exclusive":true,"priority":1},
            "when":{"basket.total_minor":{"$gte":12000}},
            "action":{"type":"spend_tiers","tiers":[[12000,2000]]},"limits":{"budget_fen":80000}})",
        R"({"schema":1,"id":"w-basket-open","trigger":{"type":"basket"},"stack":{"group":"item"},
            "action":{"type":"pct_off","bp":200,"max":200},
            "experiment":{"holdout":0,"open_prices":true,"arms":[["low",0.5],
              {"name":"high","weight":0.5,"action":{"type":"pct_off","bp":600,"max":600}}]}})",
        R"({"schema":1,"id":"w-sale","trigger":{"type":"sale"},"window":{"hours":[["11:00","14:00"],["17:00","21:00"]]},
            "action":{"type":"pct_off","bp":1000,"max":900},
            "limits":{"quiet":["20:00","09:00"],"per_customer":[{"n":2,"per":"P7D"}],"cooldown":"PT6H"}})",
        R"({"schema":1,"id":"w-enter","trigger":{"type":"zone_enter","zone":"home","rearm_s":1200},
            "action":{"type":"pct_off","bp":700,"max":400},"limits":{"budget_fen":30000}})",
        R"({"schema":1,"id":"w-full","trigger":{"type":"occupancy","level":2,"rearm_s":900},
            "action":{"type":"pct_off","bp":300,"max":200}})",
        R"({"schema":1,"id":"w-crowd","trigger":{"type":"footfall","level":12,"window_min":15,"rearm_s":1800},
            "action":{"type":"pct_off","bp":300,"max":250}})",
        R"({"schema":1,"id":"w-time","trigger":{"type":"time","at":["10:30","15:00"],"zone":"fruit"},
            "action":{"type":"pct_off","bp":2000,"max":500},"when":{"ctx.occupancy":{"$gte":1}}})",
        R"({"schema":1,"id":"w-rain","trigger":{"type":"weather","is":"rain"},
            "action":{"type":"gift","sku":"SKU104","worth":200}})",
        R"({"schema":1,"id":"w-stock","trigger":{"type":"stock","sku":"SKU102","level":15},
            "action":{"type":"pct_off","scope":{"sku":["SKU102"]},"bp":3000,"max":600}})",
        R"({"schema":1,"id":"w-sale-stock","trigger":{"type":"sale"},"when":{"stock.SKU101":{"$gte":20}},
            "action":{"type":"gift","sku":"SKU101","worth":300},"delivery":{"max_cards":3}})"};
}

// Of the fourth day on: a higher version, another price, one more and one less.
inline std::vector<std::string> week_campaigns_later() {
    std::vector<std::string> all = week_campaigns();
    const auto changed = [&](const std::string& id, const std::string& from,
                             const std::string& to) {
        for (std::string& text : all)
            if (text.find("\"" + id + "\"") != std::string::npos)
                text.replace(text.find(from), from.size(), to);
    };
    changed("w-basket", R"("schema":1,)", R"("schema":1,"version":2,)");
    changed("w-basket", R"([9000,1000])", R"([9000,1200])");
    changed("w-dwell-lot", R"(["control",0.2],["A",0.4])", R"(["control",0.1],["A",0.5])");
    all.pop_back();
    all.push_back(
        R"({"schema":1,"id":"w-evening","trigger":{"type":"sale"},"window":{"hours":[["17:00","22:00"]]},
        "action":{"type":"pct_off","bp":500,"max":400}})");
    return all;
}

inline Result<std::shared_ptr<const offers::CampaignSet>> week_set(
    const std::vector<std::string>& texts, const TimeZone& zone) {
    std::vector<offers::CampaignFile> files;
    for (const std::string& text : texts)
        files.push_back({.name = "campaign " + std::to_string(files.size() + 1), .text = text});
    return compile_campaigns(files, zone);
}

}  // namespace aisle::app
