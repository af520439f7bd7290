#pragma once

#include <array>

#include "tills_campaigns.hpp"
#include "tills_headquarters.hpp"
#include "tills_shop.hpp"

// Stores with four tills each that share a chain's budgets: random operations from the end of March
// to the first of November 2026, with the nights on which the clocks change lived through slowly.
namespace aisle::offers::tills {

struct Plan {
    std::int64_t operations = 20'000;
    int stores = 3;
    std::uint64_t seed = 1;
    Broken broken = Broken::Nothing;
    std::int64_t kill_every = 1'000;  // operations, on average
};

struct Lived {
    Violations violations;
    std::int64_t kills = 0;
    std::int64_t partitions = 0;
    std::int64_t jumps = 0;
    std::int64_t prompts = 0;
    std::int64_t redemptions = 0;
    std::int64_t spent = 0;
    int changes = 0;  // of the clocks that were lived through
    std::map<std::string, std::int64_t> operations;
};

class World {
public:
    World(const Plan& plan, const TimeZone& zone)
        : plan_{plan},
          zone_{zone},
          dice_{plan.seed},
          purse_{plan.operations},
          oracle_{rules(purse_)} {
        for (int n = 0; n < plan.stores; ++n) {
            stores_.push_back(std::make_unique<Store>(
                Store::Parts{.number = n, .set = fresh_set(), .broken = plan.broken}, oracle_,
                now_));
            counters_.emplace_back();
        }
        for (const std::string& campaign : kLeased) hq_.set(campaign, purse_.budget);
    }

    Lived live() {
        constexpr std::int64_t kRefills = 40;
        const std::int64_t refill = std::max<std::int64_t>(1, plan_.operations / kRefills);
        for (std::int64_t i = 0; i < plan_.operations; ++i) {
            pass_time();
            if (i % refill == refill - 1) refill_purse();
            at_ = static_cast<std::size_t>(roll(dice_, plan_.stores));
            operate();
            if (one_in(plan_.kill_every)) kill();
        }
        for (auto& store : stores_) store->land_all(), lived_.kills += store->kills;
        lived_.violations = oracle_.violations();
        lived_.prompts = oracle_.prompts();
        lived_.redemptions = oracle_.redemptions();
        lived_.spent = oracle_.spent();
        return lived_;
    }

private:
    static constexpr Millis kFirst = 1'773'968'400'000;  // 2026-03-20T01:00:00Z
    static constexpr Millis kLast = 1'793'494'800'000;   // 2026-11-01T01:00:00Z
    static constexpr std::array<Millis, 2> kChanges{1'774'746'000'000, 1'792'890'000'000};
    static constexpr Millis kHour = 3'600'000;
    static constexpr std::size_t kTills = 4;

    struct Till {
        Basket basket;
        BasketDecision answer;  // as far as it was told
        Sale last;
    };
    struct Counter {
        std::array<Till, kTills> tills;
        std::map<std::string, std::int64_t> given_back;  // by campaign, committed
        Millis cut_until = 0;                            // from headquarters
    };
    struct Chance {
        int weight;
        const char* name;
        void (World::*run)();
    };

    [[nodiscard]] std::shared_ptr<const CampaignSet> fresh_set() const {
        return campaigns(purse_, zone_, plan_.broken != Broken::NoHoldout);
    }
    Store& store() { return *stores_[at_]; }
    Counter& counter() { return counters_[at_]; }
    Till& till() { return counter().tills[static_cast<std::size_t>(roll(dice_, kTills))]; }
    Stamp now() { return store().stamp(now_); }
    bool one_in(std::int64_t n) { return roll(dice_, n) == 0; }
    void commit(bool asked, Effects effects, std::function<void()> then = {}) {
        store().commit(now_, asked, std::move(effects), std::move(then));
    }

    // Half of the operations lie within six hours of a change, the others evenly over the rest.
    void pass_time() {
        Millis to_change = kLast;
        for (const Millis change : kChanges)
            to_change = std::min(to_change, std::abs(now_ - change));
        const bool slow = to_change < 6 * kHour;
        const Millis mean =
            slow ? 24 * kHour * 2 / std::max<std::int64_t>(1, plan_.operations)
                 : (kLast - kFirst) * 2 / std::max<std::int64_t>(1, plan_.operations);
        const Millis before = now_;
        // Mostly a burst, sometimes a long silence; to the millisecond.
        now_ +=
            one_in(3) ? roll(dice_, 6 * mean + 2) : roll(dice_, std::min<Millis>(mean, 3'000) + 1);
        for (const Millis change : kChanges)
            if (!slow && before < change - 6 * kHour && now_ > change - 6 * kHour)
                now_ = change - 6 * kHour;
        for (const Millis change : kChanges) lived_.changes += before < change && now_ >= change;
    }

    void refill_purse() {
        purse_.refill();
        for (const std::string& campaign : kLeased) hq_.set(campaign, purse_.budget);
        for (const auto& [id, rule] : rules(purse_)) {
            oracle_.raise_budget(id, rule.budget);
            if (rule.redemptions) oracle_.raise_redemptions(id, *rule.redemptions);
        }
        for (auto& each : stores_) each->load(fresh_set());
    }

    void operate();

    void ask() {
        Till& at = till();
        if (at.basket.key.empty() || one_in(3)) new_basket(at);
        tell_basket(at);
    }
    void new_basket(Till& at) {
        at.basket = {.key = "b" + std::to_string(++numbers_),
                     .till = TillId{std::to_string(&at - counter().tills.data())}};
        if (one_in(2)) at.basket.member = somebody();
        const auto lines = 1 + roll(dice_, 5);
        for (int n = 1; n <= lines; ++n)
            at.basket.lines.push_back({.n = n,
                                       .sku = "SKU" + std::to_string(roll(dice_, 50)),
                                       .category = one_in(3) ? "tea" : "rice",
                                       .qty_milli = 1000,
                                       .gross = Money::minor(roll(dice_, 6'000))});
        at.answer = {};
    }
    void tell_basket(Till& at) {
        BasketAnswer answer = store().engine->basket(at.basket, now());
        commit(true, std::move(answer.effects),
               [&at, key = at.basket.key, told = std::move(answer.answer)] {
                   if (at.basket.key == key) at.answer = told;
               });
    }
    MemberKey somebody() { return member_name(roll(dice_, store().town.members())); }

    // The same question, the same receipt once more: its answer got lost.
    void resend() {
        Till& at = till();
        if (one_in(2) && !at.basket.key.empty()) return tell_basket(at);
        if (!at.last.sale.empty()) commit(false, store().engine->sale(&at.last, at.last, now()));
    }
    void cancel() {
        Till& at = till();
        commit(false, store().engine->cancel_basket(at.basket.key, now()));
        at.basket = {}, at.answer = {};
    }

    Sale receipt(const Till& at, SaleType type) {
        Sale sale{.sale = SaleId{"s" + std::to_string(++numbers_)}, .revision = 1, .type = type};
        sale.till = at.basket.till;
        sale.vendor_id = at.basket.key;
        sale.ended_at = now().wall;
        sale.member = at.basket.member.value;
        const int sign = type == SaleType::Return ? -1 : 1;
        for (const BasketLine& line : at.basket.lines) {
            SaleLine sold{.n = line.n, .sku = line.sku, .qty_milli = sign * line.qty_milli};
            sold.gross = sold.net = line.gross * sign;
            sale.total += sold.net;
            sale.lines.push_back(std::move(sold));
        }
        return sale;
    }
    void pay() {
        Till& at = till();
        if (at.basket.key.empty()) return;
        Sale sale = receipt(at, SaleType::Sale);
        const auto how = roll(dice_, 4);  // by id, by code, by the basket's key, or by hand
        for (const PricedOffer& offer : at.answer.offers) {
            if (how == 2) break;
            const std::string name = how == 0 ? offer.offer.value : how == 1 ? offer.code : "";
            sale.discounts.push_back({.offer = name, .kind = "amount", .amount = offer.amount});
        }
        if (how == 3) sale.vendor_id.clear();
        at.last = sale;
        at.basket = {}, at.answer = {};
        commit(false, store().engine->sale(nullptr, sale, now()));
    }
    void give_back() {
        Till& at = till();
        if (at.last.sale.empty()) return;
        Sale back = at.last;
        back.sale = SaleId{"s" + std::to_string(++numbers_)};
        back.type = SaleType::Return;
        back.vendor_id.clear();
        back.ended_at = now().wall;
        for (SaleLine& line : back.lines)
            line.qty_milli = -line.qty_milli, line.gross = -line.gross, line.net = -line.net;
        for (SaleDiscount& discount : back.discounts) discount.amount = -discount.amount;
        back.total = -back.total;
        commit(false, store().engine->sale(nullptr, back, now()));
    }

    void seen() {
        store().town.busy = one_in(10);
        const bool asked = one_in(3);
        commit(asked, store().engine->member_seen(somebody(), asked, now()));
    }
    void walk() {
        const Stamp at = now();
        const std::string tag = std::to_string(roll(dice_, 30));
        commit(false, store().engine->visit({.tag = TagKey{"t" + tag},
                                             .label = "trolley " + tag,
                                             .zone = ZoneId{"Z1"},
                                             .entered = at.wall,
                                             .entered_mono = at.mono,
                                             .open = !one_in(3)},
                                            at));
    }
    void tick() { commit(false, store().engine->tick(now())); }
    void tap() {
        if (store().cards.empty()) return;
        constexpr std::array kSteps{OfferAction::Accept, OfferAction::Accept, OfferAction::Present,
                                    OfferAction::Redeem, OfferAction::Redeem, OfferAction::Decline};
        const auto n =
            static_cast<std::size_t>(roll(dice_, static_cast<std::int64_t>(store().cards.size())));
        const OfferAct act{.offer = store().cards[n].id,
                           .action = kSteps[static_cast<std::size_t>(roll(dice_, kSteps.size()))],
                           .by = one_in(4) ? "wang" : "li"};
        commit(false, store().engine->act(act, now()).effects);
    }
    void code() {
        if (store().codes.empty()) return;
        const auto n =
            static_cast<std::size_t>(roll(dice_, static_cast<std::int64_t>(store().codes.size())));
        auto used = store().engine->redeem_code(
            {.code = store().codes[n], .till = TillId{"1"}, .by = "till"}, now());
        if (used) commit(false, std::move(*used));
    }

    void lease() {
        if (now_ < counter().cut_until) return;
        const auto n = static_cast<std::size_t>(roll(dice_, std::ssize(kLeased)));
        const std::string& campaign = kLeased[n];
        if (one_in(3)) return return_lease(campaign);
        for (const LeaseStatus& status : store().engine->leases())
            if (status.campaign.value == campaign && status.left < Money::minor(2'500))
                hq_.ask(static_cast<int>(at_), campaign);
        take_grants();
    }
    void take_grants() {
        const auto store_number = static_cast<int>(at_);
        // A message may come again, and its store be killed before it has committed it.
        for (const Headquarters::Grant& grant : hq_.on_the_way[store_number]) {
            if (store().holds_lease(grant.id) || one_in(4)) continue;
            Effects effects = store().engine->lease_granted(CampaignId{grant.campaign},
                                                            Money::minor(grant.amount), now());
            effects.state.push_back({"lease", "lease/" + grant.id, "taken"});
            commit(true, std::move(effects), [this, store_number, grant] {
                if (taken_.insert(grant.id).second)
                    oracle_.lease(store_number, grant.campaign, grant.amount);
            });
            store().land_all();
        }
        auto& waiting = hq_.on_the_way[store_number];
        while (!waiting.empty() && taken_.contains(waiting.front().id) && one_in(2))
            waiting.pop_front();
    }
    void return_lease(const std::string& campaign) {
        const auto store_number = static_cast<int>(at_);
        auto back = store().engine->lease_returned(CampaignId{campaign},
                                                   Money::minor(roll(dice_, 3'000)), now());
        if (back.amount == Money{}) return;
        commit(true, std::move(back.effects),
               [this, store_number, campaign, amount = back.amount.minor()] {
                   Counter& here = counters_[static_cast<std::size_t>(store_number)];
                   oracle_.lease(store_number, campaign, -amount);
                   here.given_back[campaign] += amount;
                   hq_.returned(store_number, campaign, here.given_back[campaign]);
               });
    }

    void disturb_clock() {
        Clocks& clocks = store().clocks;
        ++lived_.jumps;
        if (clocks.quality < ClockQuality::Ntp && one_in(2)) return clocks.jump(dice_);
        if (clocks.quality < ClockQuality::Ntp) return clocks.learn(dice_);
        clocks.quality = ClockQuality::Rtc;  // its server is gone; it goes on right
    }
    void kill() { store().kill(now_, one_in(3), dice_); }
    void cut_off() {
        constexpr Millis kThreeDays = 72 * kHour;
        if (now_ < counter().cut_until) return;
        counter().cut_until = now_ + kThreeDays;
        ++lived_.partitions;
    }

    Plan plan_;
    const TimeZone& zone_;
    Dice dice_;
    Purse purse_;
    Oracle oracle_;
    Headquarters hq_;
    std::vector<std::unique_ptr<Store>> stores_;
    std::vector<Counter> counters_;
    std::set<std::string> taken_;
    Millis now_ = kFirst;
    std::size_t at_ = 0;
    std::int64_t numbers_ = 0;
    Lived lived_;
};

inline void World::operate() {
    constexpr std::array<Chance, 13> kChances{{{2'000, "basket", &World::ask},
                                               {500, "cancel", &World::cancel},
                                               {1'600, "sale", &World::pay},
                                               {300, "return", &World::give_back},
                                               {400, "resend", &World::resend},
                                               {1'000, "member_seen", &World::seen},
                                               {908, "visit", &World::walk},
                                               {1'000, "staff", &World::tap},
                                               {500, "code", &World::code},
                                               {1'300, "tick", &World::tick},
                                               {440, "lease", &World::lease},
                                               {50, "clock", &World::disturb_clock},
                                               {2, "partition", &World::cut_off}}};
    auto left = roll(dice_, 10'000);
    for (const Chance& chance : kChances) {
        left -= chance.weight;
        if (left >= 0) continue;
        ++lived_.operations[chance.name];
        return (this->*chance.run)();
    }
}

inline Lived live(const Plan& plan, const TimeZone& zone) { return World{plan, zone}.live(); }

}  // namespace aisle::offers::tills
