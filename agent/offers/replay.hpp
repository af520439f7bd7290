#pragma once

#include <optional>
#include <string>

#include "agent/core/error.hpp"
#include "agent/offers/ask.hpp"

// Yesterday's decisions, made again from what they have stored: context and set give the full list
// of campaigns that were considered, and the very bytes of the decision.
namespace aisle::offers {

// The first field that is not what it was.
struct Difference {
    std::string field;  // at, trigger, context, campaign_set, winner, counts, nearest, ...
    std::string stored;
    std::string again;
};

enum class Replayable {
    Yes,
    OldContext,      // stored before contexts told what the ledger had answered
    UnknownContext,  // of a later program: never guessed
};

struct Replay {
    Replayable replayable = Replayable::Yes;
    std::optional<Decided> again;          // none where the context cannot be read
    std::optional<Difference> difference;  // nothing: the same, byte for byte
};

// `set` is the one that the decision's digest names: whoever looked it up has checked that. What
// cannot be made again, for it is only known from the record itself, is taken as told: its id, and
// of its stamp all but the wall clock.
Replay replay(const CampaignSet& set, const Decision& stored);

// What the decision says about an offer as it was made (revision 1): campaign, version, action,
// value, and whether it was withheld.
std::optional<Difference> differs(const CampaignSet& set, const Decided& again, const Offer& offer);

// `{"decision","trigger","at","campaign_set","winner","considered":[{"campaign","version",
// "reason"}]}`: every campaign that was considered, each with its one reason.
std::string explanation_json(const CampaignSet& set, const Decision& stored, const Decided& again);

}  // namespace aisle::offers
