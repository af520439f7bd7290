#pragma once

#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "agent/offers/abuse.hpp"
#include "agent/offers/closed_offers.hpp"
#include "agent/offers/edges.hpp"
#include "agent/offers/engine.hpp"
#include "agent/offers/grants.hpp"
#include "agent/offers/held.hpp"
#include "agent/offers/price_book.hpp"
#include "agent/offers/trial.hpp"

namespace aisle::offers {

// One call: its time and what follows from it.
struct Turn {
    const Stamp& now;
    Effects effects = {};
    std::vector<Held> redeemed = {};  // in this call: what the sale's record of it is made of
};

// All that the engine remembers. What changes is marked by its row's key, and flush() turns the
// marks into rows.
class Engine::State final : public Ledger {
public:
    State(Settings its_settings, Codes its_codes, const Surroundings& surroundings)
        : settings{std::move(its_settings)},
          codes{std::move(its_codes)},
          around{surroundings},
          abuse{settings.abuse},
          prices{settings.was_price_days} {}

    // ledger.cpp
    [[nodiscard]] std::optional<Reason> refuses(const Campaign& campaign,
                                                const Ask& ask) const override;
    [[nodiscard]] std::optional<Money> left(const Campaign& campaign) const override;
    void reserve(const Campaign& campaign, Held& held, Money amount, Turn& turn);
    void release(Held& held, Turn& turn);
    Money spend(Held& held, Money amount, Turn& turn);
    void grant(const Campaign& campaign, const Held& held, const Stamp& now);
    void take_back_grant(const Held& held);
    Account& account_of(const CampaignId& campaign);
    [[nodiscard]] const Account* account_of(const Campaign& campaign) const;
    void settle_accounts();
    void sweep_grants(const Stamp& now);
    void relink(const MemberKey& from, const MemberKey& to);

    // loads.cpp
    [[nodiscard]] std::optional<Reason> overloaded(const Campaign& campaign, const Ask& ask) const;
    [[nodiscard]] static bool quiet(const Campaign& campaign, const Stamp& now);
    [[nodiscard]] bool hands_full(const std::string& staff) const;
    void count_load(const Held& held, std::int64_t by);

    // enrolments.cpp
    [[nodiscard]] std::optional<Earlier> drawn(const Campaign& campaign,
                                               const Unit& unit) const override;
    void expose(const Campaign& campaign, const Ask& ask, const Win& win, Turn& turn);
    void observe(const Sale* old, const Sale& sale, Turn& turn);
    void mature(Turn& turn);
    void forget_unit(const std::string& unit);
    void relink_unit(const std::string& from, const std::string& to);
    // trials.cpp
    Trial& trial_of(const Campaign& campaign, Turn& turn);
    void look_at_ratio(const Campaign& campaign, Trial& trial, Turn& turn);
    void settle_switchbacks();
    void observe_blocks(const Sale& sale, Turn& turn);
    void end_block(const Campaign& campaign, Trial& trial);
    void report(const CampaignId& campaign, Trial& trial, Turn& turn);
    void tell_trials(Turn& turn);
    // guardrails.cpp
    [[nodiscard]] bool paused(const Campaign& campaign) const;
    void judge_guardrails(Turn& turn);
    // stopping.cpp
    Acted set_stopped(const CampaignId& campaign, bool stop, const std::string& by,
                      const Stamp& now);
    void compare(const Campaign& campaign, const Trial& trial, CampaignStatus& status) const;

    // leases.cpp
    void give_back_to_chain(Turn& turn);
    // erasure.cpp
    void withdraw_prompts(const MemberKey& member, Turn& turn);
    void erase(const MemberKey& member, Turn& turn);

    // offering.cpp
    [[nodiscard]] bool agrees_to_prompts(const conditions::Facts& customer, const Stamp& now) const;
    void prompt(Ask ask, Turn& turn);
    Held& offer(const Ask& ask, const Decision& decision, const Win& win, Turn& turn);
    void give_code(const Ask& ask, const Campaign& campaign, Held& held);
    void find_alternatives(Decided& decided) const;
    void show(Held& held, Turn& turn);
    std::string next_id(const Stamp& now);

    // watching.cpp
    void watch(const ZoneVisit& visit, Turn& turn);
    void leave(const ZoneVisit& visit, Turn& turn);
    void enter(const std::string& key, const Watch& watch, Turn& turn);
    void reach_dwell(Turn& turn);
    void end_visits(Turn& turn);
    [[nodiscard]] bool present(const std::string& visit) const;
    [[nodiscard]] bool room_for_visit();
    void settle_thresholds();
    // crossing.cpp
    void settle_edges();
    void cross_edges(Turn& turn);
    void tell_edge(const Campaign& campaign, const std::string& name,
                   const conditions::Facts& facts, Turn& turn);

    // baskets.cpp
    BasketDecision price_basket(Basket basket, Turn& turn);
    void free_basket(const std::string& key, const char* why, Turn& turn);

    // coupons.cpp
    void take_codes(const Basket& basket, Ask& ask, BasketDecision& answer, Turn& turn);
    [[nodiscard]] std::string fault_of(const std::string& code, const std::string& basket,
                                       const Stamp& now) const;
    bool locked(const TillId& till, const Stamp& now) const;
    void count_wrong(const TillId& till, const Stamp& now);
    void hand_out(const Held& held, Turn& turn);
    void free_coupon(const Held& held, OfferState state);
    OfferId take_up(const std::string& code, const Use& use, Turn& turn);
    void sweep_coupons(Turn& turn);
    // gifts.cpp
    [[nodiscard]] std::int64_t promised(const std::string& sku) const override;
    void promise(const Offer& offer, std::int64_t pieces);
    bool choose(Offer& offer, const std::string& sku);
    void give(const std::string& sku, Turn& turn);
    void settle_gifts(const conditions::Facts& context, const Stamp& now);
    // paid.cpp
    [[nodiscard]] PaidOrder order_of(const Sale& sale, std::vector<Money>& off) const;
    [[nodiscard]] PaidOffer paid_offer(const Held& held, const Sale& sale, const PaidOrder& order,
                                       std::vector<Money>& off) const;
    void remember_paid(const Sale& sale, const Turn& turn);
    void forget_paid(const SaleId& sale);
    void take_back(const Sale& back, Turn& turn);
    [[nodiscard]] PaidOrder* paid_under(const std::string& name);
    [[nodiscard]] std::vector<ReturnRule> rules_of(const PaidOrder& order) const;
    void undo(PaidOrder& order, const Refund& refund, const Sale& back, Turn& turn);
    Money give_back(PaidOffer& offer, const TakenBack& taken, Turn& turn);
    void rename_paid(const MemberKey& from, const MemberKey& to);
    void index_one(const SaleId& sale);
    void index_paid();

    // steps.cpp
    Acted act(const OfferAct& act, const Stamp& now);
    Result<Effects> redeem_code(const CodeUse& use, const Stamp& now);
    void close(const OfferId& id, OfferState state, const Ending& ending, Turn& turn);
    void redeem(const OfferId& id, const Use& use, Turn& turn);
    void expire(Turn& turn);
    [[nodiscard]] bool over(const Held& held, const Stamp& now) const;
    [[nodiscard]] std::string first_use(const Closed& closed) const;

    // sales.cpp
    void redeem_named(const Sale* old, const Sale& sale, Turn& turn);
    void name_ended(const std::string& name, const Sale& sale, Turn& turn);
    void infer(const Sale& sale, Turn& turn);
    void ask_after(const Sale& sale, Turn& turn);

    // witness.cpp
    void watch_redemption(const Held& held, const Use& use, const Stamp& now);
    [[nodiscard]] bool is_ours(const std::string& name) const;
    [[nodiscard]] Money spend_in(const Scope& scope, const Sale& sale) const;
    void watch_sale(const Sale* old, const Sale& sale, const Turn& turn);
    [[nodiscard]] std::optional<Money> was_price(const Campaign& campaign, const Stamp& now) const;
    void take_watched(Turn& turn);

    // rows.cpp
    Effects finish(Turn& turn);
    [[nodiscard]] std::string row(const std::string& key) const;
    [[nodiscard]] std::vector<std::string> keys() const;
    Status restore(std::span<const StateChange> rows);
    void mark(std::string key) { marked.insert(std::move(key)); }

    Settings settings;
    Codes codes;
    const Surroundings& around;
    std::shared_ptr<const CampaignSet> set = std::make_shared<const CampaignSet>();
    std::map<std::string, std::vector<std::int64_t>> thresholds;  // min_s by zone, ascending

    std::map<OfferId, Held> live;
    std::map<std::string, OfferId> by_code;                 // live ones
    std::map<std::string, std::set<OfferId>> reservations;  // by basket
    // What is on people's hands now; follows from the live offers.
    std::map<std::string, std::int64_t> zone_prompts;  // by zone
    std::map<std::string, std::int64_t> staff_offers;  // taken up, by who has them
    std::map<CampaignId, Account> accounts;            // made by account_of()
    std::vector<const Account*> account_at;            // by place in the set; null: there is none
    Grants grants;                                     // by subject
    std::map<std::string, Watch> visits;               // by tag and zone
    std::map<std::string, EdgeState> edges;            // by kind and edge
    bool edges_settled = false;                        // with the present set
    std::vector<std::pair<const std::string, EdgeState>*> looked_at;  // in the order of its edges
    std::map<std::string, std::vector<Enrolment>> units;              // by what was drawn
    std::map<CampaignId, Trial> trials;
    std::vector<const Campaign*> switchbacks;  // the live ones of the set
    std::set<CampaignId> unjudged;             // their guardrails may say something else now
    ClosedOffers closed;
    std::map<std::string, Coupon> coupons;               // handed out and not used, by code
    std::map<std::string, GiftStock> gifts;              // by SKU
    std::map<std::string, std::int64_t> promised_gifts;  // follows from the offers
    std::map<TillId, WrongCodes> wrong_codes;            // not kept over a restart
    std::map<SaleId, PaidOrder> paid;                    // sales with offers, for their returns
    std::map<std::string, SaleId> paid_names;  // offers, basket keys; follows from the orders
    std::map<MemberKey, std::set<SaleId>> paid_members;
    std::map<std::uint64_t, SaleId> paid_order;  // oldest first
    std::size_t paid_lines = 0;
    AbuseWatch abuse;
    PriceBook prices;
    const Sale* selling = nullptr;   // the receipt that is being looked at
    bool changed_campaigns = false;  // and the watch has not been told
    std::uint64_t ids = 0;
    std::uint64_t codes_given = 0;

private:
    bool restore_row(const StateChange& row);
    std::string coupons_swept_to_;
    std::string matured_to_;
    std::set<std::string> marked;
};

}  // namespace aisle::offers
