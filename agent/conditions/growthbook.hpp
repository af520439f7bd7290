#pragma once

#include <string>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

// The `vectors` mode: conditions exactly as GrowthBook's SDKs judge them (specification 0.8.0),
// absent = null. JavaScript's coercions are part of the contract: "8" > 5 holds, null compares as
// 0, a bad regex matches nothing.
namespace aisle::conditions {

// `groups` are the saved groups that $inGroup and $notInGroup name. Never throws; unknown operators
// are false.
[[nodiscard]] bool growthbook_matches(const boost::json::value& condition,
                                      const boost::json::value& attributes,
                                      const boost::json::object& groups = {});

struct VectorTally {
    std::string group;
    int passed = 0;
    int failed = 0;
    int skipped = 0;
};

// Runs the cases `[name, condition, attributes, expected, groups?]` of the group evalCondition.
[[nodiscard]] VectorTally run_condition_vectors(const boost::json::array& cases);

}  // namespace aisle::conditions
