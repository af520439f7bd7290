#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "agent/core/error.hpp"
#include "agent/core/traffic.hpp"
#include "agent/offers/abuse_flag.hpp"
#include "agent/offers/ask.hpp"
#include "agent/offers/codes.hpp"
#include "agent/offers/effects.hpp"

namespace aisle::offers {

// What the engine asks the rest of the house, in the middle of a call, on the loop. Answers are
// values or stay good until the next call.
class Surroundings {
public:
    virtual ~Surroundings() = default;
    // cust.* of a member: what customers::Customers::facts gives.
    [[nodiscard]] virtual conditions::Facts customer(const MemberKey& member,
                                                     const Stamp& now) const = 0;
    // Everything else that holds now: ctx.weather, ctx.occupancy, stock.SKU9, ... It is asked for
    // at each decision and each second: whoever answers keeps it ready.
    [[nodiscard]] virtual const conditions::Facts& context(const Stamp& now) const = 0;
    // The same made ready for the set that is loaded, or null: then each decision does it itself.
    [[nodiscard]] virtual const ShopContext* ready(const Stamp&) const { return nullptr; }
    // Customers who came in through this door, or through all that count, in [from, to). Nothing:
    // nobody counts them.
    struct Entries {
        DoorId door;
        WallTime from{};
        WallTime to{};
    };
    [[nodiscard]] virtual std::optional<std::int64_t> entries(const Entries&) const {
        return std::nullopt;
    }
    // Category and brand of a SKU, or null.
    [[nodiscard]] virtual const ProductRow* product(std::string_view sku) const = 0;
};

// What disturbs a shop at most, over all campaigns together; zero: no limit. Prompts only: who asks
// is answered.
struct LoadLimits {
    std::int64_t zone_prompts = 0;  // live in one zone
    std::int64_t staff_offers = 0;  // that one member of staff has taken up and not ended
    std::int64_t queue = 0;         // people; no prompt while a known queue is longer
};

struct Settings {
    StoreId store;
    CodeRange codes;
    milliseconds reservation{15 * 60 * 1000};  // of a basket
    milliseconds inference_slack{10 * 60 *
                                 1000};  // a sale may end so long after the offer has expired
    Money inference_tolerance =
        Money::minor(100);  // and its discount be so far from what the offer is worth
    // A tag that leaves a zone and is back so soon has not been away: beacons flap.
    milliseconds visit_gap{60 * 1000};
    LoadLimits loads;
    AbuseSettings abuse;
    std::int64_t was_price_days = 30;  // what a struck-through price has to be proven by
};

inline constexpr std::string_view kRoom = "offers";
inline constexpr std::size_t kCouponsMax = 20'000;     // beyond: no new coupon (reason `full`)
inline constexpr std::size_t kPaidLinesMax = 100'000;  // of paid orders; the oldest is forgotten
inline constexpr int kWrongCodesMax = 10;              // at one till, in kWrongCodesFor
inline constexpr milliseconds kWrongCodesFor{10 * 60 * 1000};
inline constexpr std::size_t kTillsMax = 256;
// Bounds, and what happens beyond: no new offer (reason `full`), the oldest is forgotten, no new
// visit is followed.
inline constexpr std::size_t kLiveMax = 5'000;
inline constexpr std::size_t kClosedKept = 20'000;
inline constexpr std::size_t kVisitsMax = 10'000;
inline constexpr std::size_t kSubjectsMax =
    200'000;  // with grants that some limit looks back to; the sweep of each tick makes room
inline constexpr std::size_t kGrantsPerSubject = 64;
inline constexpr std::size_t kUnitsMax =
    50'000;  // followed in experiments; further exposures are only counted as unobserved

struct CampaignStatus {
    CampaignId campaign;
    std::int32_t version = 0;
    CampaignState state = CampaignState::Live;
    std::optional<Money> budget;
    Money spent;
    Money reserved;
    Money left;  // zero where no budget is set
    std::int64_t redemptions = 0;
    std::int64_t offered = 0;   // shown, since the campaign came
    std::int64_t withheld = 0;  // ghosts
    std::int64_t live = 0;
    std::string paused;       // by this guardrail, or kStoppedHere; empty: it runs
    bool mismatched = false;  // the ratio alarm of its experiment has been raised
    // Of its experiment: who was prompted beside who was withheld.
    struct Side {
        std::int64_t exposed = 0;
        Sums spend;
    };
    Side prompted;
    Side left_alone;
};
// Why a campaign is paused that staff have stopped in this shop.
inline constexpr std::string_view kStoppedHere = "stopped_here";

// A campaign's part of a chain-wide budget, as sums of this epoch.
struct LeaseStatus {
    CampaignId campaign;
    bool wanted = false;  // the campaign is loaded, live and leased
    Money budget;         // of the chain
    Money most;           // that one offer can cost; zero where nobody knows
    Money granted;
    Money returned;
    Money spent;
    Money reserved;
    Money left;  // neither spent nor reserved nor given back
};

struct CodeUse {
    std::string code;
    TillId till;
    std::string by;
    SaleId sale;                  // if known
    std::optional<Money> amount;  // what was really taken off; else what the offer is worth
};

// The shop's offers: who is offered what, what becomes of it, and what it costs. One thread: the
// loop's. Pure: the time is an argument. Every call returns its effects, and restoring the rows
// that were committed gives the same engine.
//
// A member without consent for marketing.personal is treated as anonymous by the prompts (visit,
// member_seen without `asked`, sale); a basket or a check-in is somebody asking, and there a
// campaign's own `audience.consent` decides.
class Engine {
public:
    // Denied if the code range is no range.
    static Result<std::unique_ptr<Engine>> make(Settings settings,
                                                const Surroundings& surroundings);
    ~Engine();

    // Another set from now on. Live offers stay; budgets and counters go by campaign id.
    void load(std::shared_ptr<const CampaignSet> set);
    [[nodiscard]] const CampaignSet& campaigns() const;

    // A visit that has opened is watched until it closes; dwell is reached in tick().
    Effects visit(const ZoneVisit& visit, const Stamp& now);
    // `asked`: a check-in, the customer stands here and asks.
    Effects member_seen(const MemberKey& member, bool asked, const Stamp& now);
    // A finished sale or its revision: redeems what it names by code, offer id or basket key,
    // infers what staff have keyed by hand, then asks the campaigns with trigger `sale`. A revision
    // redeems only what the earlier one did not bring.
    Effects sale(const Sale* old, const Sale& sale, const Stamp& now);
    // baskets:decide. The same key again replaces its reservation. Missing categories and brands
    // are filled in.
    BasketAnswer basket(const Basket& basket, const Stamp& now);
    // What the till pays out for goods that come back. Nothing changes: the receipt of the return
    // does that. Denied: no such order here, or it is too long ago; Malformed as refund_of().
    [[nodiscard]] Result<ReturnDecision> returning(const ReturnAsk& ask) const;
    Effects cancel_basket(const std::string& key, const Stamp& now);

    // One person under two pseudonyms: what was offered to `from`, and what limits look back to,
    // belongs to `to` from now on.
    Effects relink(const MemberKey& from, const MemberKey& to, const Stamp& now);

    // What was prompted on a consent that has ended, and that nobody has taken up, is not shown any
    // more.
    Effects consent_withdrawn(const MemberKey& member, const Stamp& now);
    // Nothing of the member is known any more: live offers end without a name, limits forget.
    Effects erase(const MemberKey& member, const Stamp& now);

    Acted act(const OfferAct& act, const Stamp& now);
    // Denied names the first use (time and till), or that the code is unknown or expired.
    Result<Effects> redeem_code(const CodeUse& use, const Stamp& now);

    // Dwell reached, levels crossed, times come, offers and reservations expired. Call it each
    // second and once after a restore.
    Effects tick(const Stamp& now);

    // What staff may see: neither ghosts nor reservations of baskets, nothing that has expired.
    // Newest first.
    [[nodiscard]] std::vector<Offer> live() const;
    // Any live offer, or null.
    [[nodiscard]] const Offer* find(const OfferId& offer) const;
    [[nodiscard]] std::vector<CampaignStatus> status() const;
    // The lowest price of a unit of this article that the shop has charged in the days configured:
    // all that may be struck through. Nothing: it is not proven.
    [[nodiscard]] std::optional<Money> proven_price(std::string_view sku, Date today) const;

    // Staff stop a campaign here: no new offer from this moment on, live ones stay. Another version
    // of it runs again, and so does resume(). Verdict Same: it was so already; Unknown: no such
    // campaign. Resuming lifts a guardrail's pause as well.
    Acted stop(const CampaignId& campaign, const std::string& by, const Stamp& now);
    Acted resume(const CampaignId& campaign, const std::string& by, const Stamp& now);

    // Leases of chain-wide budgets (docs/downlink.md). What the store spends of a leased campaign
    // never passes what it was granted and has not given back.
    // In order of campaign: those that are leased, and those that still hold something.
    [[nodiscard]] std::vector<LeaseStatus> leases() const;
    Effects lease_granted(const CampaignId& campaign, Money amount, const Stamp& now);
    struct GivenBack {
        Money amount;  // at most what was asked for, and what is left
        Effects effects;
    };
    GivenBack lease_returned(const CampaignId& campaign, Money at_most, const Stamp& now);
    // A clone or an old image may hold the same leases and codes: none of them is good any more.
    Effects new_epoch(const Stamp& now);

    // Malformed names the first bad row and leaves the engine empty.
    Status restore(std::span<const StateChange> rows);
    // All rows, in order of key: what restore() would need.
    [[nodiscard]] std::vector<StateChange> rows() const;

private:
    class State;
    explicit Engine(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace aisle::offers
