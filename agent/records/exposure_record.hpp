#pragma once

#include <string>

#include "agent/core/ids.hpp"
#include "agent/core/record.hpp"

namespace aisle::records {

// Somebody was put into a group of an experiment at the moment when an offer was due, shown or not.
struct GroupExposure {
    CampaignId campaign;
    std::string experiment;
    std::string subject;  // pseudonym of a member or tag, or a basket's key
    std::string arm;      // "holdout", "control", an arm's name, "treated"
    OfferId offer;
    Stamp at;
};
// Kind `experiment`, stream offers, without an identity of its own.
Record experiment_record(const GroupExposure& exposure);

}  // namespace aisle::records
