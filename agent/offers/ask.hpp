#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/conditions/facts.hpp"
#include "agent/core/basket.hpp"
#include "agent/core/offer.hpp"
#include "agent/offers/assignment.hpp"
#include "agent/offers/campaign_set.hpp"
#include "agent/offers/reason.hpp"

// One question to the campaigns, and the whole answer.
namespace aisle::offers {

class ShopContext;

// A coupon on the counter: its code, and the campaign that it is good for.
struct Presented {
    CampaignId campaign;
    std::string code;  // empty in a replay: the campaign is enough
};

// Everything that a decision may look at. The facts must outlive the call.
struct Ask {
    TriggerKind trigger = TriggerKind::Basket;
    Stamp at;
    MemberKey member;              // empty: anonymous
    bool withheld_member = false;  // a member is known but has not agreed to personal offers
    std::string subject;  // re-arming and caps go by: a member, else a tag, a basket, a sale
    std::string unit;     // experiments go by: a member, else one visit, basket or sale
    StoreId store;        // with the zone: where a switchback draws
    ZoneId zone;
    // Which edge was crossed (Trigger::edge); empty: all campaigns of the kind are asked.
    std::string edge;
    TillId till;
    std::string eyes;  // "trolley 14"
    // zone_dwell: so long by now (nothing: long enough for all), and campaigns with min_s up to
    // `dwell_from_s` have had their chance in this visit.
    std::optional<std::int64_t> dwell_s;
    std::int64_t dwell_from_s = -1;
    std::string visit;   // that dwells: a delayed prompt waits only as long as it lasts
    bool asked = false;  // somebody asks (basket, check-in): a holdout withholds nothing
    std::vector<Presented> coupons = {};  // codes that were presented and are good
    const Basket* basket = nullptr;       // basket and sale triggers: the lines to be priced
    const conditions::Facts* customer =
        nullptr;  // cust.*; audience and consent are read from cust.tags, cust.consent
    const conditions::Facts* context = nullptr;  // ctx.*, stock.*, ...
    const conditions::Facts* event = nullptr;    // trigger.*: what an edge has measured
    const ShopContext* ready = nullptr;          // of `context`; null: the decision does it itself
};

// Which campaigns an ask is for: the second argument of CampaignSet::candidates.
std::string_view index_key(const Ask& ask);

// What an action takes off a basket. For a gift `off` is zero and `worth` what the gift costs the
// budget.
struct Price {
    Money off;
    Money worth;
    std::vector<LineShare>
        shares;  // by line number, adds up to `off`; lines without a share are left out
    std::string gift_sku;
    std::vector<std::string> gift_choices = {};  // one of these, where nothing is chosen yet
    std::int64_t points = 0;                     // extra ones
    bool gives = false;  // something that is neither money nor goods: a coupon, a task, words

    [[nodiscard]] bool nothing() const {
        return off == Money{} && gift_sku.empty() && gift_choices.empty() && points == 0 && !gives;
    }
};

// The limits' side of a gate: what has been granted, what is left. The engine answers from its
// state, a dry run from nothing.
class Ledger {
public:
    virtual ~Ledger() = default;
    // Nothing, or the reason (Guardrail to Redemptions, NoLease, Full) why not now.
    [[nodiscard]] virtual std::optional<Reason> refuses(const Campaign& campaign,
                                                        const Ask& ask) const = 0;
    // What is neither spent nor reserved; nothing: no budget is set.
    [[nodiscard]] virtual std::optional<Money> left(const Campaign& campaign) const = 0;
    // The arm that this unit was drawn into before; what it names stays good until the next call.
    [[nodiscard]] virtual std::optional<Earlier> drawn(const Campaign&, const Unit&) const {
        return std::nullopt;
    }
    // Pieces of a gift that are promised, or given and not yet gone from the fact `stock.SKU`.
    [[nodiscard]] virtual std::int64_t promised(const std::string&) const { return 0; }
};

struct Considered {
    std::uint32_t campaign = 0;  // index into CampaignSet::all()
    Reason reason = Reason::Chosen;
};

struct Win {
    std::uint32_t campaign = 0;
    Reason reason = Reason::Chosen;
    Price price;       // of the basket; for other triggers the most that the action can be worth
    std::string arm;   // "global_holdout", "holdout", "control", the arm's name, or "treated"
    std::string unit;  // that was drawn: Ask::unit, or the block of a switchback
    CampaignId alternative = {};  // of a personal one: what is there for everybody; empty: nothing
};

struct Decided {
    Decision decision;                   // without an id: the engine gives one
    std::vector<Considered> considered;  // every candidate, by priority
    std::vector<Win>
        wins;  // prompts: at most one; baskets: item level first, then order, by priority
};

// Pure: the same set, ledger answers and ask give the same answer, byte for byte.
Decided decide(const CampaignSet& set, const Ask& ask, const Ledger& ledger);

struct LedgerAnswers;
// Of a stored context. 1 had no version and no answers: such a decision cannot be made again.
inline constexpr std::int64_t kContextVersion = 2;
// The ask as JSON: now, trigger, facts, basket, member, zone, and what the ledger answered. With
// the set that `digest` names it gives the whole decision again (replay.hpp); `aislectl offers
// decide` reads it as well.
std::string context_json(const Ask& ask, const ShopContext* ready, const LedgerAnswers& answers,
                         std::string_view digest);

}  // namespace aisle::offers
