#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>

#include "agent/core/error.hpp"
#include "agent/core/ids.hpp"
#include "agent/core/record.hpp"

namespace aisle::records {

// n, Σy, Σy², Σx, Σx², Σxy: add up over shops field by field (docs/offers.md).
struct TrialSums {
    std::int64_t n = 0;
    std::array<double, 5> sums{};
};

struct TrialGroupFigures {
    double expected = 0;  // share of the exposures
    std::int64_t exposed = 0;
    std::int64_t returned = 0;
    TrialSums spend;
    TrialSums margin;
};

// An experiment's sums in this shop so far.
struct TrialFigures {
    std::string id;  // 32 hex digits
    std::int32_t revision = 1;
    CampaignId campaign;
    std::string experiment;
    std::string plan;
    bool blocks = false;
    WallTime since{};
    std::map<std::string, TrialGroupFigures> groups;
    std::int64_t unobserved = 0;
    std::optional<std::int64_t> mismatch_after;  // exposures
    double mismatch_p = 1;
    Stamp at;
};

// Kind `experiment_sums`, stream offers, event_id the trial's id: the greatest revision holds.
// One unit's draw is the kind `experiment` (exposure_record.hpp).
Record trial_record(const TrialFigures& trial);
// Its body; `id`, `revision` and `at` stand beside it. Malformed names the field; sums that are not
// numbers, or below zero where they count, are refused.
Result<TrialFigures> trial_from_json(std::string_view body);

}  // namespace aisle::records
