#pragma once

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>

#include "agent/core/customer.hpp"
#include "agent/offers/engine.hpp"
#include "tests/kit/builders.hpp"

// A shop around the offers engine: campaigns as short texts, members and products by name, and what
// was committed.
namespace aisle::offers {

inline const kit::FixedZone kShanghai;
inline const MemberKey kAda{"00000000000000000000000000000ada"};

// A campaign with these parts; `parts` overrides and adds. Nobody is held out unless a test says
// so.
inline std::string campaign(const std::string& id, const std::string& trigger,
                            const std::string& action, const std::string& parts = "") {
    std::string text = R"({"schema": 1, "id": ")" + id + R"(", "trigger": )" + trigger +
                       R"(, "action": )" + action;
    if (parts.find("\"experiment\"") == std::string::npos)
        text += R"(, "experiment": {"holdout": 0})";
    return text + (parts.empty() ? "}" : ", " + parts + "}");
}
inline const std::string kBasket = R"({"type": "basket"})";
inline const std::string kSeen = R"({"type": "member_seen"})";
inline const std::string kAfterSale = R"({"type": "sale"})";
inline std::string dwell(const std::string& zone, int min_s, int rearm_s = 0) {
    return R"({"type": "zone_dwell", "zone": ")" + zone + R"(", "min_s": )" +
           std::to_string(min_s) + R"(, "rearm_s": )" + std::to_string(rearm_s) + "}";
}
inline const std::string kTenOffHundred = R"({"type": "spend_tiers", "tiers": [[10000, 1000]]})";
inline const std::string kTenPercent = R"({"type": "pct_off", "bp": 1000, "max": 5000})";

inline std::vector<CampaignFile> files_of(const std::vector<std::string>& campaigns) {
    std::vector<CampaignFile> files;
    for (const std::string& text : campaigns)
        files.push_back({.name = "c" + std::to_string(files.size() + 1) + ".json", .text = text});
    return files;
}

inline CampaignSet::Loaded load(const std::vector<std::string>& campaigns) {
    return CampaignSet::load(files_of(campaigns), {.store = &kShanghai});
}

inline std::shared_ptr<const CampaignSet> set_of(const std::vector<std::string>& campaigns) {
    auto loaded = load(campaigns);
    if (!loaded) {
        ADD_FAILURE() << to_text(loaded.error().front());
        return std::make_shared<const CampaignSet>();
    }
    return std::make_shared<const CampaignSet>(std::move(*loaded));
}

// The first fault as text, or "none".
inline std::string fault_in(const std::string& text) {
    const auto loaded = load({text});
    return loaded ? "none" : to_text(loaded.error().front());
}

inline Basket basket_of(std::initializer_list<std::int64_t> amounts,
                        const std::string& key = "b1") {
    Basket basket{.key = key, .till = TillId{"2"}};
    int n = 0;
    for (const std::int64_t amount : amounts) {
        ++n;
        basket.lines.push_back({.n = n,
                                .sku = "SKU" + std::to_string(n),
                                .qty_milli = 1000,
                                .gross = Money::minor(amount)});
    }
    return basket;
}

struct FakeSurroundings final : Surroundings {
    std::map<MemberKey, conditions::Facts> members;
    conditions::Facts shop;
    std::map<WallTime, std::int64_t> came_in;  // empty: nobody counts
    std::map<std::string, ProductRow, std::less<>> products;

    [[nodiscard]] conditions::Facts customer(const MemberKey& member, const Stamp&) const override {
        const auto at = members.find(member);
        return at == members.end() ? conditions::Facts{} : at->second;
    }
    [[nodiscard]] const conditions::Facts& context(const Stamp&) const override { return shop; }
    [[nodiscard]] std::optional<std::int64_t> entries(const Entries& asked) const override {
        if (came_in.empty()) return std::nullopt;
        std::int64_t n = 0;
        for (const auto& [at, people] : came_in)
            if (asked.from <= at && at < asked.to) n += people;
        return n;
    }
    [[nodiscard]] const ProductRow* product(std::string_view sku) const override {
        const auto at = products.find(sku);
        return at == products.end() ? nullptr : &at->second;
    }

    void add_member(const MemberKey& member, bool consents = true) {
        conditions::Facts facts;
        facts.set("cust.known", true);
        facts.set("cust.tags", conditions::to_list({"vip"}));
        facts.set("cust.tier", std::string{"gold"});
        facts.set("cust.lifecycle", std::string{"at_risk"});
        const std::vector<std::string> purposes{std::string{kConsentMarketing}};
        facts.set("cust.consent",
                  conditions::to_list(consents ? purposes : std::vector<std::string>{}));
        members[member] = facts;
    }
};

struct Shop {
    explicit Shop(const std::vector<std::string>& texts) : campaigns{set_of(texts)} {
        around.add_member(kAda);
        engine = fresh();
    }

    [[nodiscard]] std::unique_ptr<Engine> fresh() const {
        Settings settings;
        settings.store = StoreId{"s-0001"};
        settings.codes.key = "a store's secret";
        auto made = Engine::make(settings, around);
        if (!made) std::abort();
        (*made)->load(campaigns);
        return std::move(*made);
    }

    // Keeps what a call would commit, and hands the effects on.
    Effects commit(Effects effects) {
        for (const StateChange& row : effects.state) {
            if (row.bytes.empty())
                disk.erase(row.key);
            else
                disk[row.key] = row.bytes;
        }
        return effects;
    }
    BasketAnswer ask(const Basket& basket, const Stamp& now) {
        BasketAnswer answer = engine->basket(basket, now);
        answer.effects = commit(std::move(answer.effects));
        return answer;
    }
    Acted act(const OfferId& offer, OfferAction action, const std::string& by, const Stamp& now,
              const std::string& reason = "") {
        Acted acted =
            engine->act({.offer = offer, .action = action, .by = by, .reason = reason}, now);
        acted.effects = commit(std::move(acted.effects));
        return acted;
    }
    Effects see(const Stamp& now, bool asked = false) {
        return commit(engine->member_seen(kAda, asked, now));
    }
    // The one offer that seeing Ada brings; its id is empty where nothing was offered.
    Offer seen(const Stamp& now, bool asked = false) {
        const Effects effects = see(now, asked);
        return effects.offers.empty() ? Offer{} : effects.offers.front();
    }
    Effects sell(const Sale& sale, const Stamp& now, const Sale* old = nullptr) {
        return commit(engine->sale(old, sale, now));
    }
    Effects tick(const Stamp& now) { return commit(engine->tick(now)); }

    [[nodiscard]] std::vector<StateChange> committed() const {
        std::vector<StateChange> rows;
        for (const auto& [key, bytes] : disk) rows.push_back({std::string{kRoom}, key, bytes});
        return rows;
    }
    // An engine that has been restored from what was committed.
    [[nodiscard]] std::unique_ptr<Engine> restored() const {
        auto engine_again = fresh();
        EXPECT_TRUE(engine_again->restore(committed()));
        return engine_again;
    }
    [[nodiscard]] CampaignStatus status() const { return engine->status().front(); }

    FakeSurroundings around;
    std::shared_ptr<const CampaignSet> campaigns;
    std::unique_ptr<Engine> engine;
    std::map<std::string, std::string> disk;
};

// Why the campaign of a set of one was not taken.
inline std::string reason_of(const Effects& effects) {
    if (effects.withheld.empty()) return effects.offers.empty() ? "nothing considered" : "offered";
    return effects.withheld.front().counts.begin()->first;
}

inline ZoneVisit visit_of(const std::string& tag, const std::string& zone, const Stamp& entered,
                          bool open = true) {
    return {.tag = TagKey{tag},
            .bearer = TagBearer::Trolley,
            .label = "trolley " + tag,
            .zone = ZoneId{zone},
            .entered = entered.wall,
            .entered_mono = entered.mono,
            .open = open};
}

}  // namespace aisle::offers
