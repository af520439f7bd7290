#pragma once

#include <string>
#include <vector>

#include "agent/core/basket.hpp"
#include "agent/core/offer.hpp"
#include "agent/core/record.hpp"
#include "agent/offers/abuse_flag.hpp"
#include "agent/offers/ask.hpp"
#include "agent/offers/trial.hpp"

namespace aisle::offers {

// That somebody was put into a group of a campaign's experiment at the moment when the offer was
// due.
struct Exposure {
    CampaignId campaign;
    std::string experiment;
    std::string subject;  // pseudonym of a member or tag, a basket's key, or a switchback's block
    std::string arm;      // "global_holdout", "holdout", "control", an arm's name, "treated"
    OfferId offer;
    Stamp at;
};

// How an offer ended.
struct Outcome {
    OfferId offer;
    CampaignId campaign;
    OfferState state = OfferState::Expired;
    std::string reason;  // of a decline; "cancelled" and "replaced" for reservations
    std::string by;
    bool ghost = false;
    Stamp at;
};

// A code or an offer that a sale or a person brought and that could not be redeemed.
struct Refusal {
    std::string code;  // or the offer's id
    SaleId sale;
    TillId till;         // where it was named this time
    std::string reason;  // names the first use: time and till (or who), or how and when it ended
    Stamp at;
};

// What follows from one call. The caller makes records of it and commits them with `state` in one
// transaction; nobody is told before that.
struct Effects {
    std::vector<Offer> offers;  // new or changed, ghosts among them: records of kind `offer`
    std::vector<Decision>
        withheld;  // decisions without an offer although campaigns were considered
    // What each decision of this call has looked at, by place in the set: for figures.
    std::vector<std::vector<Considered>> considered;
    std::vector<Exposure> exposures;
    std::vector<Outcome> outcomes;
    std::vector<Redemption> redemptions;
    std::vector<BudgetMove> budget;
    std::vector<Refusal> refusals;
    std::vector<PointsEntry> points;
    std::vector<RedemptionReturn> returns;  // what abuse is looked for in
    std::vector<TrialReport> trials;
    std::vector<CampaignAlarm> alarms;
    std::vector<AbuseFlag> flags;
    std::vector<StateChange> state;
};

enum class Verdict {
    Done,
    Same,     // the same person has done just that before: nothing changes
    Taken,    // somebody else has it: `detail` says who
    Illegal,  // not a step from the state it is in
    Expired,
    Unknown,
};
std::string_view to_text(Verdict verdict);  // done, same, taken, illegal, expired, unknown

struct Acted {
    Verdict verdict = Verdict::Done;
    std::string detail;
    Effects effects;  // also for Expired: the act may be what notices it
};

struct BasketAnswer {
    BasketDecision answer;
    Effects effects;
};

}  // namespace aisle::offers
