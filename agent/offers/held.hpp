#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "agent/core/basket.hpp"
#include "agent/core/offer.hpp"
#include "agent/offers/returns.hpp"

// What the engine keeps of an offer, a campaign, a customer and a visit. Inside this room only;
// each is one row.
namespace aisle::offers {

// Another boot without two good clocks: nobody knows how long ago it was, so the wait starts again.
inline bool unmeasured(const Stamp& set, const Stamp& now) {
    return set.boot != now.boot &&
           (set.quality < ClockQuality::Ntp || now.quality < ClockQuality::Ntp);
}

// A one-time code that was handed out for a later visit.
struct Coupon {
    CampaignId campaign;  // that it is good for; empty: there is none
    Deadline from = {};
    Deadline until = {};
    std::string basket = {};  // that it is reserved for

    [[nodiscard]] bool empty() const { return campaign.empty(); }
};

// Pieces of a gift that were given since the fact `stock.SKU` said `told`. What is promised follows
// from the offers.
struct GiftStock {
    std::int64_t told = 0;
    std::int64_t given = 0;
};

// Codes that nobody has issued, tried at one till: who goes on trying is not answered for a while.
struct WrongCodes {
    int tried = 0;
    Deadline forgotten;
};

struct Held {
    Offer offer;
    std::string subject;
    Money reserved;                      // of the campaign's money, for this offer
    std::string arm;                     // of the campaign's experiment
    bool waiting = false;                // for its arm's delay: nobody has been shown it yet
    std::string visit;                   // that it waits in: who has gone is not prompted any more
    std::vector<LineShare> shares = {};  // of a basket, by its lines
    bool by_coupon = false;              // `offer.code` is a coupon's: it outlives this offer
    Coupon issues = {};                  // what its redemption hands out, under `offer.code`
    bool lapsed =
        false;  // its time is over, but it is kept for late till files; follows from tick()
};

struct Account {
    Money spent;
    Money reserved;
    std::int64_t redeemed = 0;
    std::int64_t offered = 0;
    std::int64_t withheld = 0;
    std::int64_t ended = 0;           // prompts that staff have seen the end of,
    std::int64_t declined = 0;        // and of these were declined
    std::string paused;               // by this guardrail,
    std::int32_t paused_version = 0;  // until another version of the campaign comes
    std::int64_t live = 0;            // shown ones; follows from the offers, not part of the row
    // Of a leased campaign: spent - lease_base + reserved <= granted - returned.
    Money granted;
    Money returned;
    Money lease_base;  // what was spent before the first lease of this epoch

    [[nodiscard]] Money lease_spent() const { return spent - lease_base; }
    // What may still be reserved; below zero only where offers from before the lease are live.
    [[nodiscard]] Money lease_left() const { return granted - returned - lease_spent() - reserved; }
};

// That a subject has been offered a campaign. Kept while any of the campaign's limits looks back so
// far.
struct Grant {
    CampaignId campaign;
    OfferId offer;
    Stamp at;
    milliseconds keep{0};
    bool ghost = false;
    std::string message;  // of the campaign's delivery
};

struct Watch {
    TagKey tag;
    std::string label;
    MemberKey member;
    ZoneId zone;
    Stamp entered;
    std::int64_t fired_s = -1;  // campaigns with min_s up to this have been asked
    // Beacons flap: a tag that is back within Settings::visit_gap goes on with its visit, and what
    // counts as dwell is the time that it was really there.
    Stamp since{};              // of the present stay
    milliseconds dwelt{0};      // in the stays before
    std::optional<Stamp> left;  // it is away at the moment
};

struct Closed {
    OfferId offer;
    std::string code;
    OfferState state = OfferState::Expired;
    std::string by;
    SaleId sale;
    TillId till;
    WallTime at{};
    std::uint64_t order = 0;
};

struct Ending {
    std::string reason;
    std::string by;
    SaleId sale;
    TillId till;
};

struct Use {
    RedemptionProof proof = RedemptionProof::Staff;
    Money amount;
    std::string by;
    SaleId sale;
    TillId till;
    std::string gift = {};  // of several, the one that was given
};

}  // namespace aisle::offers
