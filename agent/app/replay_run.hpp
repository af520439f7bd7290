#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>

#include <boost/json.hpp>

#include "agent/app/decision_log.hpp"
#include "agent/offers/replay.hpp"

namespace aisle::app {

// Goes through stored decisions and makes each again. Says a line of JSON for every record that is
// not what it was, and counts the rest. The same records and sets give the same lines, byte for
// byte.
class ReplayRun {
public:
    using Line = std::function<void(const boost::json::object&)>;
    // Both outlive the run.
    ReplayRun(SetLibrary& sets, Line line) : sets_{sets}, line_{std::move(line)} {}

    // Prints the full list of considered campaigns of this decision, offer or record (by any of
    // their ids).
    void explain(std::string id) { explain_ = std::move(id); }

    // Called for each decision once, whether or not it is the same; for figures.
    using Each = std::function<void(const DecisionRecord&, const offers::CampaignSet&,
                                    const offers::Decided& again)>;
    void each_decision(Each each) { each_ = std::move(each); }

    void take(const DecisionRecord& record);
    // The last line. `gaps` are those of the source.
    [[nodiscard]] boost::json::object summary(const DecisionGaps& gaps) const;

    [[nodiscard]] std::int64_t different() const { return different_; }
    [[nodiscard]] bool explained() const { return explained_; }
    // All that was found could be made again.
    [[nodiscard]] bool whole() const { return missing_.empty() && unknown_contexts_ == 0; }

private:
    void tell(const DecisionRecord& record, const offers::Difference& difference);
    void count(const DecisionRecord& record, const offers::CampaignSet& set,
               const offers::Decided& again);

    SetLibrary& sets_;
    Line line_;
    Each each_;
    std::string explain_;
    bool explained_ = false;
    std::set<std::string> decisions_;              // a decision stands in every step of its offers
    std::map<std::string, std::int64_t> missing_;  // records by set
    std::map<std::string, std::int64_t> reasons_;  // considered campaigns
    std::int64_t records_ = 0;
    std::int64_t considered_ = 0;
    std::int64_t same_ = 0;
    std::int64_t different_ = 0;
    std::int64_t old_contexts_ = 0;
    std::int64_t unknown_contexts_ = 0;
};

}  // namespace aisle::app
