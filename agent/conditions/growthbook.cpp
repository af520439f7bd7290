#include "agent/conditions/growthbook.hpp"

#include <algorithm>
#include <optional>

#include <re2/re2.h>
#include <boost/json/array.hpp>

#include "agent/conditions/script_values.hpp"

namespace aisle::conditions {
namespace {

namespace json = boost::json;
using script::Case;

constexpr std::size_t kDepthMax = 64;  // conditions nest no deeper: what does is false

// One evaluation. Walks the condition as GrowthBook's own evaluator does, case by case.
class Evaluator {
public:
    explicit Evaluator(const json::object& groups) : groups_{groups} {}

    bool condition(const json::value& condition, const json::value& attributes);

private:
    bool any(const json::value& conditions, const json::value& attributes);
    bool all(const json::value& conditions, const json::value& attributes);
    bool value(const json::value& condition, const json::value& actual, Case fold);
    bool operation(std::string_view name, const json::value& expected, const json::value& actual);
    std::optional<bool> membership(std::string_view name, const json::value& expected,
                                   const json::value& actual);
    bool has_all(const json::value& expected, const json::value& actual, Case fold);
    bool element(const json::value& expected, const json::value& actual);

    const json::object& groups_;
    std::size_t depth_ = 0;
};

bool is_operators(const json::value& value) {
    return value.is_object() && !value.get_object().empty() &&
           std::ranges::all_of(value.get_object(),
                               [](const auto& item) { return item.key().starts_with('$'); });
}

bool is_in(const json::value& expected, const json::value& actual, Case fold) {
    if (!expected.is_array()) return false;
    const auto listed = [&](const json::value& one) {
        return std::ranges::any_of(expected.get_array(), [&](const json::value& other) {
            return script::strictly_equal(one, other, fold);
        });
    };
    if (actual.is_array()) return std::ranges::any_of(actual.get_array(), listed);
    return listed(actual);
}

bool matches(const json::value& pattern, const json::value& actual, Case fold) {
    if (!pattern.is_string()) return false;
    re2::RE2::Options options;
    options.set_log_errors(false);
    options.set_case_sensitive(fold == Case::Exact);
    const re2::RE2 regex{std::string{pattern.get_string()}, options};
    return regex.ok() && re2::RE2::PartialMatch(script::to_text(actual), regex);
}

bool Evaluator::condition(const json::value& condition, const json::value& attributes) {
    if (!condition.is_object() || depth_ >= kDepthMax) return false;
    ++depth_;
    const bool holds = std::ranges::all_of(condition.get_object(), [&](const auto& item) {
        const std::string_view key = item.key();
        if (key == "$or") return any(item.value(), attributes);
        if (key == "$nor") return !any(item.value(), attributes);
        if (key == "$and") return all(item.value(), attributes);
        if (key == "$not") return !this->condition(item.value(), attributes);
        return value(item.value(), script::at_path(attributes, key), Case::Exact);
    });
    --depth_;
    return holds;
}

bool Evaluator::any(const json::value& conditions, const json::value& attributes) {
    if (!conditions.is_array() || conditions.get_array().empty()) return true;
    return std::ranges::any_of(conditions.get_array(),
                               [&](const json::value& one) { return condition(one, attributes); });
}

bool Evaluator::all(const json::value& conditions, const json::value& attributes) {
    if (!conditions.is_array()) return true;
    return std::ranges::all_of(conditions.get_array(),
                               [&](const json::value& one) { return condition(one, attributes); });
}

bool Evaluator::value(const json::value& condition, const json::value& actual, Case fold) {
    if (condition.is_string()) {
        const std::string wanted = script::to_text(condition);
        if (fold == Case::Exact) return script::to_text(actual) == wanted;
        return script::lower(script::to_text(actual)) == script::lower(wanted);
    }
    if (condition.is_number()) return script::to_number(actual) == script::to_number(condition);
    if (condition.is_bool())
        return !actual.is_null() && script::truthy(actual) == condition.get_bool();
    if (condition.is_null()) return actual.is_null();
    if (!is_operators(condition)) return script::same_json(condition, actual);
    if (depth_ >= kDepthMax) return false;
    ++depth_;
    const bool holds = std::ranges::all_of(condition.get_object(), [&](const auto& item) {
        return operation(item.key(), item.value(), actual);
    });
    --depth_;
    return holds;
}

bool Evaluator::element(const json::value& expected, const json::value& actual) {
    if (!actual.is_array()) return false;
    return std::ranges::any_of(actual.get_array(), [&](const json::value& one) {
        if (!script::truthy(one)) return false;
        return is_operators(expected) ? value(expected, one, Case::Exact)
                                      : condition(expected, one);
    });
}

bool Evaluator::has_all(const json::value& expected, const json::value& actual, Case fold) {
    if (!expected.is_array() || !actual.is_array()) return false;
    return std::ranges::all_of(expected.get_array(), [&](const json::value& wanted) {
        return std::ranges::any_of(
            actual.get_array(), [&](const json::value& one) { return value(wanted, one, fold); });
    });
}

// The operators about belonging; nothing for any other.
std::optional<bool> Evaluator::membership(std::string_view name, const json::value& expected,
                                          const json::value& actual) {
    if (name == "$in") return is_in(expected, actual, Case::Exact);
    if (name == "$ini") return is_in(expected, actual, Case::Fold);
    if (name == "$nin") return expected.is_array() && !is_in(expected, actual, Case::Exact);
    if (name == "$nini") return expected.is_array() && !is_in(expected, actual, Case::Fold);
    if (name == "$all") return has_all(expected, actual, Case::Exact);
    if (name == "$alli") return has_all(expected, actual, Case::Fold);
    if (name == "$inGroup" || name == "$notInGroup") {
        const json::value* const group =
            expected.is_string() ? groups_.if_contains(expected.get_string()) : nullptr;
        const bool member = group && is_in(*group, actual, Case::Exact);
        return member == (name == "$inGroup");
    }
    return std::nullopt;
}

// `$lt` and the like for plain values, `$vlt` and the like for versions.
std::optional<bool> ordering(std::string_view name, std::partial_ordering order) {
    if (name == "lt") return order < 0;
    if (name == "lte") return order <= 0;
    if (name == "gt") return order > 0;
    if (name == "gte") return order >= 0;
    return std::nullopt;
}

std::optional<bool> comparison(std::string_view name, const json::value& expected,
                               const json::value& actual) {
    if (name == "$eq") return script::strictly_equal(actual, expected, Case::Exact);
    if (name == "$ne") return !script::strictly_equal(actual, expected, Case::Exact);
    if (!name.starts_with("$v")) return ordering(name.substr(1), script::compare(actual, expected));
    const auto order = script::padded_version(actual) <=> script::padded_version(expected);
    if (name == "$veq") return order == 0;
    if (name == "$vne") return order != 0;
    return ordering(name.substr(2), order);
}

bool Evaluator::operation(std::string_view name, const json::value& expected,
                          const json::value& actual) {
    if (const auto belongs = membership(name, expected, actual)) return *belongs;
    if (const auto compares = comparison(name, expected, actual)) return *compares;
    if (name == "$exists") return script::truthy(expected) == !actual.is_null();
    if (name == "$not") return !value(expected, actual, Case::Exact);
    if (name == "$regex") return matches(expected, actual, Case::Exact);
    if (name == "$regexi") return matches(expected, actual, Case::Fold);
    if (name == "$elemMatch") return element(expected, actual);
    if (name == "$type")
        return expected.is_string() && script::type_of(actual) == expected.get_string();
    if (name == "$size")
        return actual.is_array() &&
               value(expected, json::value(actual.get_array().size()), Case::Exact);
    return false;
}

}  // namespace

bool growthbook_matches(const json::value& condition, const json::value& attributes,
                        const json::object& groups) {
    return Evaluator{groups}.condition(condition, attributes);
}

VectorTally run_condition_vectors(const json::array& cases) {
    VectorTally tally{.group = "evalCondition"};
    const json::object none;
    for (const json::value& entry : cases) {
        const auto* const row = entry.if_array();
        if (!row || row->size() < 4 || !(*row)[3].is_bool()) {
            ++tally.skipped;
            continue;
        }
        const auto* const groups = row->size() > 4 ? (*row)[4].if_object() : nullptr;
        const bool holds = growthbook_matches((*row)[1], (*row)[2], groups ? *groups : none);
        ++(holds == (*row)[3].get_bool() ? tally.passed : tally.failed);
    }
    return tally;
}

}  // namespace aisle::conditions
