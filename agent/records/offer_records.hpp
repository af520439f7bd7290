#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "agent/core/customer.hpp"
#include "agent/core/error.hpp"
#include "agent/core/offer.hpp"
#include "agent/core/record.hpp"

// Records of the stream `offers`. Bodies: docs/wire-format.md.
namespace aisle::records {

// The body of `offer`. Keys in a fixed order, every key always there.
std::string offer_json(const Offer& offer);
Result<Offer> offer_from_json(std::string_view json);

// Kind `offer`: the offer as it stands, event_id its id, revision its revision. Each step is a
// further revision.
Record offer_record(const Offer& offer, const Stamp& at);

// Kind `withheld`: a prompt that nobody saw. Of the holdout (`ghost`), event_id the offer's id...
Record withheld_record(const Offer& ghost, const Stamp& at);
// ...or a decision without a winner: event_id the decision's id; it tells the reasons and the
// nearest campaigns.
Record withheld_record(const Decision& decision, const Stamp& at);

struct Withheld {
    Decision decision;
    std::optional<Offer> ghost;  // with the same decision
};
Result<Withheld> withheld_from_json(std::string_view json);

// Kind `exposure`: an offer came before the eyes of `by` (staff or device). A ghost's exposure is
// `withheld`.
Record exposure_record(const Offer& offer, std::string_view by, const Stamp& at);

// Kind `outcome`: where an offer's life ended or moved to: its state, who did it, why it was
// declined.
Record outcome_record(const Offer& offer, const Stamp& at);

// A customer changed its life-cycle stage.
struct StageTransition {
    MemberKey member;
    LifecycleStage from = LifecycleStage::New;
    LifecycleStage to = LifecycleStage::New;
    Stamp at;
};
// Kind `transition`.
Record transition_record(const StageTransition& transition);
Result<StageTransition> transition_from_json(std::string_view json);

}  // namespace aisle::records
