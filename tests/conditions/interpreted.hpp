#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include <re2/re2.h>
#include <boost/json.hpp>

#include "agent/conditions/condition.hpp"

// The interpreted form that the compiled one is held against: the condition's JSON is walked each
// time, facts are found by their names, patterns are compiled when they are met. It gives the same
// truth values (docs/offers.md); what it leaves out is only the work at load.
namespace aisle::bench {

namespace json = boost::json;
using conditions::Facts;
using conditions::Scalar;
using conditions::Truth;
using conditions::Value;

class Interpreter {
public:
    Interpreter(std::initializer_list<const Facts*> facts, WallTime now)
        : facts_{facts}, now_{now} {}

    [[nodiscard]] Truth test(const json::object& condition) const {
        Truth all = Truth::True;
        for (const auto& [key, value] : condition) {
            all = all & one(key, value);
            if (all == Truth::False) break;
        }
        return all;
    }

private:
    // What was told last wins.
    [[nodiscard]] const Value* find(std::string_view key) const {
        for (auto at = facts_.rbegin(); at != facts_.rend(); ++at)
            if (const Value* const value = (*at)->find(key, now_)) return value;
        return nullptr;
    }

    [[nodiscard]] Truth one(std::string_view key, const json::value& value) const {
        if (key == "$and") return each(value.get_array(), Truth::False);
        if (key == "$or") return each(value.get_array(), Truth::True);
        if (key == "$nor") return !each(value.get_array(), Truth::True);
        if (key == "$not") return !test(value.get_object());
        return operators(value, find(key));
    }

    [[nodiscard]] Truth each(const json::array& conditions, Truth decides) const {
        Truth so_far = !decides;
        for (const json::value& condition : conditions) {
            const Truth truth = test(condition.get_object());
            if (truth == decides) return decides;
            if (truth == Truth::Unknown) so_far = truth;
        }
        return so_far;
    }

    static Truth operators(const json::value& wanted, const Value* fact) {
        const json::object* const object = wanted.if_object();
        if (!object) return fact ? known(equal(*fact, wanted)) : Truth::Unknown;
        Truth all = Truth::True;
        for (const auto& [name, operand] : *object) {
            all = all & by_operator(name, operand, fact);
            if (all == Truth::False) break;
        }
        return all;
    }

    static Truth by_operator(std::string_view name, const json::value& operand, const Value* fact) {
        if (name == "$exists") return known((fact != nullptr) == operand.get_bool());
        if (name == "$not") return !operators(operand, fact);
        if (!fact) return Truth::Unknown;
        if (name == "$eq") return known(equal(*fact, operand));
        if (name == "$ne") return known(!equal(*fact, operand));
        if (name == "$in") return known(in(*fact, operand.get_array()));
        if (name == "$nin") return known(!in(*fact, operand.get_array()));
        if (name == "$regex" || name == "$regexi") return known(like(*fact, operand, name.back()));
        const auto* const list = std::get_if<std::vector<Scalar>>(fact);
        if (name == "$all") return known(list && has_all(*list, operand.get_array()));
        if (name == "$size") return known(list && has_size(*list, operand));
        if (name == "$elemMatch") return known(list && any_matches(*list, operand));
        if (name == "$type") return known(operand.get_string() == type_of(*fact));
        return known(in_order(name, *fact, operand));
    }

    static Truth known(bool holds) { return holds ? Truth::True : Truth::False; }

    static std::optional<double> figure(const Value& fact) {
        if (const auto* const whole = std::get_if<std::int64_t>(&fact))
            return static_cast<double>(*whole);
        if (const auto* const real = std::get_if<double>(&fact)) return *real;
        return std::nullopt;
    }
    static bool equal(const Value& fact, const json::value& wanted) {
        if (const auto number = figure(fact))
            return wanted.is_number() && *number == wanted.to_number<double>();
        if (const auto* const text = std::get_if<std::string>(&fact))
            return wanted.is_string() && std::string_view{wanted.get_string()} == *text;
        if (const auto* const yes = std::get_if<bool>(&fact))
            return wanted.is_bool() && wanted.get_bool() == *yes;
        const auto& list = std::get<std::vector<Scalar>>(fact);
        return wanted.is_array() &&
               std::ranges::equal(list, wanted.get_array(), [](const Scalar& a, const auto& b) {
                   return equal(conditions::to_value(a), b);
               });
    }
    static bool is_any(const Value& fact, const json::array& list) {
        return std::ranges::any_of(list, [&](const json::value& one) { return equal(fact, one); });
    }
    static bool in(const Value& fact, const json::array& list) {
        const auto* const several = std::get_if<std::vector<Scalar>>(&fact);
        if (!several) return is_any(fact, list);
        return std::ranges::any_of(
            *several, [&](const Scalar& one) { return is_any(conditions::to_value(one), list); });
    }
    static bool has_all(const std::vector<Scalar>& list, const json::array& wanted) {
        return std::ranges::all_of(wanted, [&](const json::value& one) {
            return std::ranges::any_of(
                list, [&](const Scalar& has) { return equal(conditions::to_value(has), one); });
        });
    }
    static bool has_size(const std::vector<Scalar>& list, const json::value& operand) {
        const Value size = static_cast<std::int64_t>(list.size());
        return operators(operand, &size) == Truth::True;
    }
    static bool any_matches(const std::vector<Scalar>& list, const json::value& operand) {
        return std::ranges::any_of(list, [&](const Scalar& one) {
            const Value value = conditions::to_value(one);
            return operators(operand, &value) == Truth::True;
        });
    }
    static std::string_view type_of(const Value& fact) {
        constexpr std::string_view kTypes[] = {"boolean", "number", "number", "string", "array"};
        return kTypes[fact.index()];
    }
    static bool like(const Value& fact, const json::value& operand, char last) {
        const auto* const text = std::get_if<std::string>(&fact);
        if (!text) return false;
        re2::RE2::Options options;
        options.set_case_sensitive(last != 'i');
        const auto& pattern = operand.get_string();
        return re2::RE2::PartialMatch(
            *text, re2::RE2{re2::StringPiece{pattern.data(), pattern.size()}, options});
    }
    static bool in_order(std::string_view name, const Value& fact, const json::value& operand) {
        std::partial_ordering order = std::partial_ordering::unordered;
        if (const auto number = figure(fact); number && operand.is_number())
            order = *number <=> operand.to_number<double>();
        if (const auto* const text = std::get_if<std::string>(&fact); text && operand.is_string())
            order = std::string_view{*text} <=> std::string_view{operand.get_string()};
        if (name == "$gt") return order > 0;
        if (name == "$gte") return order >= 0;
        return name == "$lt" ? order < 0 : order <= 0;
    }

    std::vector<const Facts*> facts_;
    WallTime now_;
};

}  // namespace aisle::bench
