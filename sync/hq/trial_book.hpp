#pragma once

#include <cmath>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "agent/core/experiment_sums.hpp"
#include "agent/core/record.hpp"
#include "agent/records/trial_record.hpp"
#include "sync/hq/event_views.hpp"

// Experiments over all shops. One shop is too small for most of them: each sends sums
// (`experiment_sums`, docs/offers.md), which add up field by field, and nothing about anybody.
// Pure.
namespace aisle::hq {

inline constexpr std::size_t kTrialsMax = 400'000;  // reports; beyond, new ones are only counted

struct PooledGroup {
    double expected = 0;  // share of the exposures; of the first shop, the plan is the same in all
    std::int64_t exposed = 0;
    std::int64_t returned = 0;
    Sums spend;
    Sums margin;
};

// How a group differs from the one it is compared with. The interval holds at 95 % however often
// one looks (always_valid_half_width); without enough units it has no ends.
struct Effect {
    std::string group;
    std::string against;
    std::string outcome;    // "spend" or "margin": minor units a person, or a receipt of a block
    double difference = 0;  // for people with the part taken out that the past explains (CUPED)
    double half_width = 0;
    double base = 0;         // the mean of what it is compared with
    std::int64_t units = 0;  // whose time of observation is over, in both groups
    bool known = false;      // at least two units a group

    // The interval leaves out zero.
    [[nodiscard]] bool clear() const { return known && std::abs(difference) > half_width; }
};

// One plan of one campaign: figures of two plans are never added up.
struct PooledTrial {
    std::string campaign;
    std::string experiment;
    std::string plan;
    bool blocks = false;  // a switchback: units are stretches of time, outcomes ratios of totals
    WallTime since{};     // the first shop's
    std::int64_t stores = 0;
    std::int64_t mismatched = 0;  // shops that raised the ratio alarm
    std::int64_t unobserved = 0;
    double ratio_p = 1;      // of the pooled exposures against the plan's shares
    bool ratio_bad = false;  // no figure of it is to be used
    std::map<std::string, PooledGroup> groups;
    std::vector<Effect> effects;
};

class TrialBook {
public:
    static constexpr const char* kRoom = "hq.trial";

    // Malformed names the first bad row.
    Status restore(const std::vector<StateChange>& rows);
    // A notice `experiment_sums`. An older revision, and what cannot be read, changes nothing.
    std::vector<StateChange> told(const Notice& notice);

    // By campaign, then the latest plan first.
    [[nodiscard]] std::vector<PooledTrial> pooled() const;
    [[nodiscard]] std::size_t size() const { return reports_.size(); }
    [[nodiscard]] std::uint64_t refused() const { return refused_; }

private:
    struct Report {
        std::string store;
        std::int64_t revision = 0;
        records::TrialFigures figures;
    };
    std::map<std::string, Report> reports_;  // by id: one plan in one database of one shop
    std::uint64_t refused_ = 0;
};

// GET /api/v1/experiments.
std::string trials_json(const TrialBook& book, WallTime now);

}  // namespace aisle::hq
