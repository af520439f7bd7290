#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include <boost/json.hpp>

#include "agent/conditions/condition.hpp"
#include "tests/kit/builders.hpp"

// A condition as text, judged against some facts.
namespace aisle::conditions {

inline std::vector<CompileFault> faults_of(std::string_view text) {
    Slots slots;
    const auto made = Condition::compile(boost::json::parse(text), slots, "when");
    return made ? std::vector<CompileFault>{} : made.error();
}

inline std::string fault_of(std::string_view text) {
    const auto faults = faults_of(text);
    return faults.empty() ? "none" : faults.front().path + ": " + faults.front().reason;
}

inline Truth judge(std::string_view text, const Facts& facts) {
    Slots slots;
    const auto made = Condition::compile(boost::json::parse(text), slots, "when");
    if (!made) return ADD_FAILURE() << text << made.error().front().reason, Truth::Unknown;
    Bound bound{slots, kit::kNoon};
    bound.add(facts);
    return made->test(bound);
}

}  // namespace aisle::conditions
