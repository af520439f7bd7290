#pragma once

#include <map>
#include <optional>
#include <string>

#include "agent/core/experiment_sums.hpp"
#include "agent/core/ids.hpp"
#include "agent/core/time.hpp"

// What the engine keeps of a campaign's experiment: who has been drawn, and what came of it. Inside
// this room only, but for TrialReport; each is one row.
namespace aisle::offers {

// One unit in one campaign's experiment, from its first exposure. It is observed until the
// campaign's `observe` is over; a member's is kept beyond, because his arm is sticky.
struct Enrolment {
    CampaignId campaign;
    std::string plan;
    std::string group;
    std::int32_t bucket_version = 0;
    Stamp at;
    bool open = true;
    bool kept = false;              // a member's
    std::int64_t before_minor = 0;  // spent before: the covariate
    std::int64_t spent_minor = 0;
    std::int64_t margin_minor = 0;
    std::int32_t returns = 0;
};

struct TrialGroup {
    std::int64_t exposed = 0;
    Sums spend;
    Sums margin;                // only lines whose cost is known
    std::int64_t returned = 0;  // units with a return, of spend.n

    friend bool operator==(const TrialGroup&, const TrialGroup&) = default;
};

// The stretch of a switchback that is running.
struct OpenBlock {
    std::int64_t index = -1;
    std::string group;
    std::int64_t receipts = 0;
    std::int64_t spent_minor = 0;
};

struct Mismatch {
    std::int64_t exposures = 0;
    double p = 1;
};

// One plan of one campaign in this shop. Another plan begins anew.
struct Trial {
    std::string plan;
    Stamp since;
    std::int32_t revision = 0;  // told to HQ
    Stamp told;
    bool untold = false;
    std::map<std::string, TrialGroup> groups;
    std::int64_t unobserved = 0;  // exposures that nobody had room to follow
    std::int64_t next_look = 0;
    std::optional<Mismatch> mismatch;
    OpenBlock block;
};

// All sums of a trial so far: the greatest revision of an id holds, and reports of different ids
// (shops, plans, databases) are added up.
struct TrialReport {
    std::string id;  // 32 hex digits
    std::int32_t revision = 0;
    CampaignId campaign;
    std::string experiment;
    std::string plan;
    bool blocks = false;  // a switchback: n are blocks, x their receipts, y what these came to
    WallTime since{};
    std::map<std::string, TrialGroup> groups;
    std::map<std::string, double> expected;  // share of the exposures, by group
    std::int64_t unobserved = 0;
    std::optional<Mismatch> mismatch;
    Stamp at;
};

// What somebody should look at, and what the engine has done about it.
struct CampaignAlarm {
    CampaignId campaign;
    std::string kind;    // "experiment.srm", "guardrail.pause"
    std::string detail;  // "margin_per_basket -0.083 below -0.05"
    Stamp at;
};

}  // namespace aisle::offers
