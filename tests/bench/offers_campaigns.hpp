#pragma once

#include <array>
#include <string>

#include "agent/conditions/facts.hpp"
#include "agent/core/offer.hpp"

// Campaigns of the kind that shops write, in any number, spread evenly over all ten triggers.
namespace aisle::bench {

inline constexpr int kZones = 20;
inline constexpr int kSkus = 50;
inline constexpr std::array<std::string_view, 4> kSkies{"rain", "snow", "sun", "wind"};

inline std::string zone_name(int i) { return "Z" + std::to_string(i % kZones); }

// The i-th campaign's kind; within a kind `i / 10` picks the zone, the SKU, the level.
inline TriggerKind kind_of(int i) { return static_cast<TriggerKind>(i % 10); }

inline std::string trigger_of(int i) {
    const int n = i / 10;
    switch (kind_of(i)) {
        case TriggerKind::ZoneDwell:
            return R"({"type":"zone_dwell","zone":")" + zone_name(n) + R"(","min_s":10})";
        case TriggerKind::ZoneEnter:
            return R"({"type":"zone_enter","zone":")" + zone_name(n) + R"(","rearm_s":0})";
        case TriggerKind::MemberSeen:
            return R"({"type":"member_seen"})";
        case TriggerKind::Basket:
            return R"({"type":"basket"})";
        case TriggerKind::Sale:
            return R"({"type":"sale"})";
        case TriggerKind::Occupancy:
            return R"({"type":"occupancy","level":)" + std::to_string(20 + n % 20) + "}";
        case TriggerKind::Footfall:
            return R"({"type":"footfall","window_min":15,"level":)" + std::to_string(5 + n % 20) +
                   "}";
        case TriggerKind::Time:
            return R"({"type":"time","every_min":)" + std::to_string(15 + n % 20) + "}";
        case TriggerKind::Weather:
            return R"({"type":"weather","is":")" +
                   std::string{kSkies.at(static_cast<std::size_t>(n) % kSkies.size())} + "\"}";
        case TriggerKind::Stock:
            return R"({"type":"stock","level":5,"sku":"SKU)" + std::to_string(n % kSkus) + "\"}";
    }
    return {};
}

// Conditions of four shapes: on the customer, on the shop, on both with an or, on texts and lists.
inline std::string condition_of(int i) {
    const std::string n = std::to_string(i % 90);
    if (i / 10 % 4 == 0)
        return R"({"cust.lifecycle":{"$in":["active","at_risk","new"]},"cust.rfm.m":{"$gte":)" +
               std::to_string(i % 5 + 1) +
               R"(},"$or":[{"ctx.weather":"rain"},{"ctx.occupancy":{"$lt":)" + n + "}}]}";
    if (i / 10 % 4 == 1)
        return R"({"stock.SKU)" + std::to_string(i % kSkus) +
               R"(":{"$gte":5},"ctx.weekday":{"$lte":6},"$nor":[{"ctx.holiday":true}]})";
    if (i / 10 % 4 == 2)
        return R"~({"cust.tier":{"$regex":"^(gold|silver)"},"cust.tags":{"$all":["coffee"]},)~"
               R"~("cust.days_since_last":{"$gt":)~" +
               n + R"~(},"ctx.hour":{"$gte":9,"$lt":21}})~";
    return R"({"$or":[{"cust.purchases":{"$gte":)" + n +
           R"(}},{"cust.categories":{"$in":["C1","C2"]},"ctx.entries_today":{"$exists":true}}],)"
           R"("$not":{"cust.tags":"staff"}})";
}

inline std::string campaign_of(int i) {
    const std::string n = std::to_string(i);
    std::string text = R"({"schema":1,"id":"c-)" + n + R"(","trigger":)" + trigger_of(i) +
                       R"(,"window":{"from":"2026-01-01","to":"2026-12-31",)"
                       R"("hours":[["08:00","22:00"]]},"when":)" +
                       condition_of(i) + R"(,"action":{"type":"spend_tiers","tiers":[[5000,)" +
                       std::to_string(100 + i % 900) + R"(],[20000,2500]]},"stack":{"priority":)" +
                       std::to_string(i % 100) +
                       R"(},"delivery":{"titles":{"en":"Save","zh-CN":"满减"},"max_cards":1000},)"
                       R"("limits":{"budget_fen":500000000,"cooldown":"PT2H",)"
                       R"("per_customer":[{"n":3,"per":"P1D"}]})";
    const bool about_somebody = kind_of(i) < TriggerKind::Occupancy;
    if (i % 3 == 0 && about_somebody) text += R"(,"audience":{"consent":["marketing.personal"]})";
    if (i % 3 == 1) text += R"(,"audience":{"exclude":["staff"]})";
    return text + "}";
}

}  // namespace aisle::bench
