#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "agent/core/ids.hpp"
#include "agent/core/money.hpp"
#include "agent/core/time.hpp"

// What the offers engine says and what staff and tills answer.
namespace aisle {

// What makes the campaigns be asked. The first four are about somebody; the others about a place or
// the whole shop, and what they bring about is a prompt for staff.
enum class TriggerKind {
    ZoneDwell,
    MemberSeen,
    Basket,
    Sale,
    ZoneEnter,
    Occupancy,  // people inside cross a level
    Footfall,   // entries within a window cross a level
    Time,       // a local time of day, or every so many minutes
    Weather,    // a fact of the shop's surroundings begins to hold
    Stock,      // a SKU's stock crosses a threshold
};
inline constexpr std::size_t kTriggerKinds = static_cast<std::size_t>(TriggerKind::Stock) + 1;

// offered -> accepted -> presented -> redeemed; declined or expired from any state before redeemed.
enum class OfferState { Offered, Accepted, Presented, Redeemed, Declined, Expired };

struct CampaignVerdict {
    CampaignId campaign;
    std::string reason;  // `chosen`, `holdout`, or why not: the closed list of docs/offers.md
};

// Why this, why not that: enough to give the same answer again.
struct Decision {
    std::string id;  // 32 hex digits
    TriggerKind trigger = TriggerKind::Sale;
    std::string context;       // JSON: now, facts, basket, member (pseudonym), zone
    std::string campaign_set;  // digest of the campaigns that were loaded
    CampaignId winner;         // empty: nobody
    std::map<std::string, std::int32_t> counts;  // campaigns by reason
    std::vector<CampaignVerdict> nearest;        // the rejected that came furthest, at most 8
    Stamp at;
};

struct ReasonChip {  // one fact behind an offer, in words for staff: key "dwell_s", value "92"
    std::string key;
    std::string value;
};

struct Offer {
    OfferId id;
    CampaignId campaign;
    std::int32_t campaign_version = 0;
    std::string action;                        // spend_tiers, pct_off, gift
    std::map<std::string, std::string> title;  // by language: zh-CN, en
    Money value;                               // what it is worth, or the most it can be worth
    TriggerKind trigger = TriggerKind::Sale;
    MemberKey member;  // empty: an anonymous offer
    std::string tier;
    std::string lifecycle;
    std::string eyes;  // what staff can see: "trolley 14", "till 2"
    ZoneId zone;
    TillId till;
    std::string basket;  // reservation key, for baskets
    std::vector<ReasonChip> reasons;
    std::string code;               // EAN-13, or empty where the campaign issues none
    std::vector<std::string> skus;  // what the redemption is recognised by; empty: any line
    OfferState state = OfferState::Offered;
    std::int32_t revision = 1;  // grows with each change
    Stamp made;
    Deadline expires;
    std::string by;              // staff or device that did the last step
    std::string decline_reason;  // from the campaign's list
    // What staff may answer when they decline: the campaign's ids. Empty: the shop's own list.
    std::vector<std::string> decline_reasons;
    bool ghost = false;  // withheld by the holdout: never shown, kept for the comparison
    Decision decision;
    std::string gift_sku = {};                   // that is promised; empty: none, or not chosen yet
    std::vector<std::string> gift_choices = {};  // one of these, until it is chosen
    std::int64_t points = 0;                     // that it brings when it is redeemed
};

enum class OfferAction { Accept, Present, Redeem, Decline };

struct OfferAct {
    OfferId offer;
    OfferAction action = OfferAction::Accept;
    std::string by;           // staff or device
    std::string reason;       // for Decline
    std::string choice = {};  // for Accept and Redeem of a gift_choice: the SKU
};

// How a redemption became known, most certain first.
enum class RedemptionProof { Code, Basket, Staff, Inferred };

struct Redemption {
    OfferId offer;
    CampaignId campaign;
    RedemptionProof proof = RedemptionProof::Staff;
    Money amount;
    SaleId sale;  // if known
    std::string by;
    MemberKey member;
    Stamp at;
    std::string gift_sku = {};  // that was given
    TillId till = {};
};

// What a member's points come to by one offer: earned, less what returns have taken back. The offer
// is the key and the greatest revision holds, so that a record that is sent again counts once.
struct PointsEntry {
    OfferId offer;
    CampaignId campaign;
    MemberKey member;
    SaleId sale;  // if known
    std::int64_t points = 0;
    std::int32_t revision = 1;
    Stamp at;
};

// What a return has undone of a redemption.
struct RedemptionReturn {
    OfferId offer;
    CampaignId campaign;
    SaleId sale;              // in which it was redeemed, if known
    SaleId returned_by;       // the receipt of the return
    TillId till;              // of the return
    MemberKey member;         // of the offer
    Money amount;             // of the discount, taken back this time
    Money left;               // of the discount, still standing
    std::int64_t points = 0;  // taken back this time
    std::string gift_sku;     // that belongs to the offer
    bool gift_kept = false;   // the goods came back without it
    bool whole = false;       // nothing of the redemption is left
    milliseconds after{0};    // the redemption
    Stamp at;
};

// Every change of a campaign's money: reserve, release, redeem, give_back (by a return). `left` is
// what is neither spent nor reserved.
struct BudgetMove {
    CampaignId campaign;
    std::string move;
    OfferId offer;
    Money amount;
    Money left;
    Stamp at;
};

}  // namespace aisle
