#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "agent/offers/effects.hpp"

// What must never be seen by anybody outside of the engine, counted from what was said to tills and
// staff after each commit. It knows the rules as plain numbers and the true time, and shares no
// code with the ledger, the campaigns, the clocks or the draw.
namespace aisle::offers::tills {

using Millis = std::int64_t;  // true time since 1970; no machine here knows it

// Minutes of the local day, [from, to); over midnight where to < from.
struct QuietHours {
    int from = 0;
    int to = 0;
};

struct Rule {
    std::int64_t budget = 0;  // of the store, or of the whole chain
    bool leased = false;
    std::optional<std::int64_t> redemptions;
    std::int64_t cap = 0;  // offers to one member within `cap_ms`; 0: none
    Millis cap_ms = 0;
    Millis cooldown_ms = 0;
    std::optional<QuietHours> quiet;
    std::string holdout;  // its name seeds the draw
    int holdout_bp = 0;
};

struct Violations {
    std::int64_t overspent = 0;          // more promised or spent than there is
    std::int64_t above_reservation = 0;  // a redemption dearer than what was promised
    std::int64_t redemptions = 0;        // more of them than the campaign allows
    std::int64_t caps = 0;
    std::int64_t cooldowns = 0;
    std::int64_t quiet = 0;
    std::int64_t held_out = 0;  // somebody of a holdout was prompted
    std::int64_t twice = 0;     // an offer was redeemed twice

    [[nodiscard]] std::int64_t all() const {
        return overspent + above_reservation + redemptions + caps + cooldowns + quiet + held_out +
               twice;
    }
};

// What was committed in one store at one time.
struct Said {
    int store = 0;
    Millis at = 0;
    bool asked = false;  // a till or a customer has asked: nobody was disturbed
    ClockQuality quality = ClockQuality::None;
};

// Berlin's wall in 2026, by the two instants of its changes.
inline int berlin_minute(Millis at) {
    constexpr Millis kForward = 1'774'746'000'000, kBack = 1'792'890'000'000;
    const Millis east = at >= kForward && at < kBack ? 120 : 60;
    return static_cast<int>((at / 60'000 + east) % 1'440);
}

inline bool within(const QuietHours& hours, int minute) {
    if (hours.from < hours.to) return minute >= hours.from && minute < hours.to;
    return minute >= hours.from || minute < hours.to;
}

// GrowthBook's second hash, written down once more.
inline int bucket(const std::string& seed, const std::string& id) {
    const auto fnv = [](const std::string& text) {
        std::uint32_t hash = 2'166'136'261U;
        for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 16'777'619U;
        return hash;
    };
    return static_cast<int>(fnv(std::to_string(fnv(seed + id))) % 10'000);
}

class Oracle {
public:
    explicit Oracle(std::map<std::string, Rule> rules) : rules_{std::move(rules)} {}

    void raise_budget(const std::string& campaign, std::int64_t budget) {
        rules_.at(campaign).budget = budget;
    }
    void raise_redemptions(const std::string& campaign, std::int64_t most) {
        rules_.at(campaign).redemptions = most;
    }
    // The store holds so much more (or less) of the chain's money; HQ's side says when.
    void lease(int store, const std::string& campaign, std::int64_t amount) {
        till_money(store, campaign).leased += amount;
    }

    void see(const Said& said, const Effects& effects) {
        for (const Exposure& exposure : effects.exposures)
            units_[exposure.offer.value] = exposure.subject;
        for (const Redemption& redemption : effects.redemptions) redeemed(said, redemption);
        for (const BudgetMove& move : effects.budget)
            if (move.move == "give_back") given_back(said, move);
        for (const RedemptionReturn& back : effects.returns)
            if (back.whole && !back.gift_kept && undone_.insert(back.offer.value).second &&
                !rules_.at(back.campaign.value).leased)
                --till_money(said.store, back.campaign.value).redeemed;
        for (const Offer& offer : effects.offers) changed(said, offer);
        for (const auto& [campaign, rule] : rules_) balance(said.store, campaign, rule);
    }

    [[nodiscard]] const Violations& violations() const { return violations_; }
    [[nodiscard]] std::int64_t spent() const { return spent_all_; }
    [[nodiscard]] std::int64_t prompts() const { return prompts_; }
    [[nodiscard]] std::int64_t redemptions() const {
        return static_cast<std::int64_t>(redeemed_.size());
    }

private:
    struct Live {
        std::string campaign;
        std::int64_t value = 0;
        std::string basket;
        std::string member;
    };
    struct MoneyHere {
        std::int64_t spent = 0;
        std::int64_t promised = 0;
        std::int64_t leased = 0;
        std::int64_t live = 0;
        std::int64_t redeemed = 0;
    };
    struct Grant {
        Millis at = 0;
        std::string offer;
    };

    MoneyHere& till_money(int store, const std::string& campaign) {
        return money_[{store, campaign}];
    }

    void redeemed(const Said& said, const Redemption& redemption) {
        violations_.twice +=
            redeemed_.emplace(redemption.offer.value, redemption.amount.minor()).second ? 0 : 1;
        MoneyHere& money = till_money(said.store, redemption.campaign.value);
        money.spent += redemption.amount.minor();
        ++money.redeemed;
        spent_all_ += redemption.amount.minor();
        const auto at = live_.find(redemption.offer.value);
        if (at == live_.end()) return;
        if (redemption.amount.minor() > at->second.value) ++violations_.above_reservation;
        end(said.store, at, true);
    }

    // A return may free what its redemption has spent, once and not a cent more.
    void given_back(const Said& said, const BudgetMove& move) {
        auto& left = redeemed_[move.offer.value];
        left -= move.amount.minor();
        if (left < 0) ++violations_.overspent;
        till_money(said.store, move.campaign.value).spent -= move.amount.minor();
    }

    void changed(const Said& said, const Offer& offer) {
        const bool over = offer.state == OfferState::Expired ||
                          offer.state == OfferState::Declined ||
                          offer.state == OfferState::Redeemed;
        if (offer.ghost) {
            if (over) units_.erase(offer.id.value);
            return;
        }
        const auto at = live_.find(offer.id.value);
        if (over && at != live_.end()) end(said.store, at, false);
        if (over) units_.erase(offer.id.value);
        if (over || at != live_.end()) return;
        MoneyHere& money = till_money(said.store, offer.campaign.value);
        money.promised += offer.value.minor();
        ++money.live;
        live_[offer.id.value] = {.campaign = offer.campaign.value,
                                 .value = offer.value.minor(),
                                 .basket = offer.basket,
                                 .member = offer.member.value};
        const Rule& rule = rules_.at(offer.campaign.value);
        if (!offer.member.empty()) judge_frequency(said, offer, rule);
        if (said.asked || offer.trigger == TriggerKind::Basket) return;
        ++prompts_;
        judge_prompt(said, offer, rule);
    }

    // A basket that was not paid for has used nothing up.
    void end(int store, std::map<std::string, Live>::iterator at, bool used) {
        const Live& live = at->second;
        MoneyHere& money = till_money(store, live.campaign);
        money.promised -= live.value;
        --money.live;
        if (!live.basket.empty() && !used) {
            auto& mine = grants_[{store, live.member, live.campaign}];
            std::erase_if(mine, [&](const Grant& grant) { return grant.offer == at->first; });
        }
        live_.erase(at);
    }

    void judge_frequency(const Said& said, const Offer& offer, const Rule& rule) {
        auto& mine = grants_[{said.store, offer.member.value, offer.campaign.value}];
        std::int64_t recent = 0;
        for (const Grant& grant : mine) {
            recent += said.at - grant.at < rule.cap_ms ? 1 : 0;
            if (said.at - grant.at < rule.cooldown_ms) ++violations_.cooldowns;
        }
        if (rule.cap > 0 && recent >= rule.cap) ++violations_.caps;
        std::erase_if(mine, [&](const Grant& grant) {
            return said.at - grant.at >= std::max(rule.cap_ms, rule.cooldown_ms);
        });
        mine.push_back({.at = said.at, .offer = offer.id.value});
    }

    void judge_prompt(const Said& said, const Offer& offer, const Rule& rule) {
        if (rule.quiet) {
            const Millis shown = offer.made.wall.time_since_epoch().count();
            // A clock that nobody has set may show another year, whose changes are not known here.
            const bool this_year = shown >= 1'767'225'600'000 && shown < 1'798'761'600'000;
            const bool by_its_clock = this_year && within(*rule.quiet, berlin_minute(shown));
            const bool in_truth =
                said.quality >= ClockQuality::Ntp && within(*rule.quiet, berlin_minute(said.at));
            if (by_its_clock || in_truth || said.quality == ClockQuality::None) ++violations_.quiet;
        }
        const auto unit = units_.find(offer.id.value);
        if (unit == units_.end() || bucket(rule.holdout, unit->second) < rule.holdout_bp)
            ++violations_.held_out;
    }

    void balance(int store, const std::string& campaign, const Rule& rule) {
        const MoneyHere& money = till_money(store, campaign);
        if (money.spent + money.promised > (rule.leased ? money.leased : rule.budget))
            ++violations_.overspent;
        if (rule.redemptions && money.redeemed + money.live > *rule.redemptions)
            ++violations_.redemptions;
        if (!rule.leased) return;
        std::int64_t chain = 0;
        for (const auto& [where, part] : money_)
            if (where.second == campaign) chain += part.spent + part.promised;
        if (chain > rule.budget) ++violations_.overspent;
    }

    std::map<std::string, Rule> rules_;
    std::map<std::string, Live> live_;  // by offer
    std::map<std::pair<int, std::string>, MoneyHere> money_;
    struct Whom {
        int store = 0;
        std::string member;
        std::string campaign;
        friend auto operator<=>(const Whom&, const Whom&) = default;
    };
    std::map<Whom, std::vector<Grant>> grants_;
    std::map<std::string, std::string> units_;      // what was drawn, by offer
    std::map<std::string, std::int64_t> redeemed_;  // by offer: what it cost and was not given back
    std::set<std::string> undone_;                  // of these, by returns as a whole
    std::int64_t spent_all_ = 0;
    std::int64_t prompts_ = 0;
    Violations violations_;
};

}  // namespace aisle::offers::tills
