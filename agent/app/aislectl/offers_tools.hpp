#pragma once

#include <string>
#include <vector>

#include "agent/app/aislectl/tool.hpp"
#include "agent/app/decision_log.hpp"

// What the calls below `aislectl offers` share.
namespace aisle::app::ctl {

// Where stored decisions and their campaigns come from.
struct DecisionSource {
    std::string data = "/var/lib/aisle";
    std::string journal;  // a file instead of `data`
    std::vector<std::string> campaigns;
    std::string from;
    std::string to;
    std::string zone = "Asia/Shanghai";
};
void add_source(CLI::App& call, DecisionSource& source);
// Opens it, fills the library and hands over one decision after the other.
Result<DecisionGaps> read_decisions(const DecisionSource& source, SetLibrary& sets,
                                    const EachDecision& each);

// Below `aislectl offers`.
void add_offers_replay(CLI::App& offers, Outcome& outcome);
void add_offers_diff(CLI::App& offers, Outcome& outcome);
void add_offers_simulate(CLI::App& offers, Outcome& outcome);
void add_offers_stop(CLI::App& offers, Outcome& outcome);  // and resume

}  // namespace aisle::app::ctl
