#include "agent/offers/vectors.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include <boost/json.hpp>

#include "agent/conditions/growthbook.hpp"
#include "agent/conditions/script_values.hpp"
#include "agent/offers/assignment.hpp"
#include "agent/offers/feature_json.hpp"
#include "agent/offers/features.hpp"

namespace aisle::offers {
namespace {

namespace json = boost::json;
namespace script = conditions::script;

constexpr std::size_t kFileBytesMax = 16 * 1024 * 1024;

enum class Verdict { Passed, Failed, Skipped };
using Judge = Verdict (*)(const json::array& row);

Verdict passed_if(bool right) { return right ? Verdict::Passed : Verdict::Failed; }

// Equal as jest's toEqual has it: key order is nothing, numbers by value.
bool same(const json::value& a, const json::value& b) {
    if (a.is_number() && b.is_number()) return script::to_number(a) == script::to_number(b);
    if (a.is_array() && b.is_array()) return std::ranges::equal(a.get_array(), b.get_array(), same);
    if (!a.is_object() || !b.is_object()) return a.kind() == b.kind() && a == b;
    return a.get_object().size() == b.get_object().size() &&
           std::ranges::all_of(a.get_object(), [&](const auto& item) {
               const json::value* const other = b.get_object().if_contains(item.key());
               return other && same(item.value(), *other);
           });
}

// The cases give fractions to eight digits, rounded down.
bool close(double a, double b) { return std::abs(a - b) < 1.5e-8; }

bool close_ranges(const std::vector<BucketRange>& made, const json::value& expected) {
    return std::ranges::equal(
        made, array_or_none(expected), [](const BucketRange& range, const json::value& pair) {
            const BucketRange wanted = range_from(pair);
            return close(range.from, wanted.from) && close(range.to, wanted.to);
        });
}

std::string text_at(const json::array& row, std::size_t i) {
    return i < row.size() && row[i].is_string() ? std::string{row[i].get_string()} : std::string{};
}

const json::object& object_at(const json::array& row, std::size_t i) {
    static const json::value kNull;
    return object_or_none(i < row.size() ? row[i] : kNull);
}

// Each judge is given a row with at least as many entries as its group needs.
Verdict judge_condition(const json::array& row) {  // name, condition, attributes, expected, groups?
    const bool holds = conditions::growthbook_matches(row[1], row[2], object_at(row, 4));
    return passed_if(row[3].is_bool() && holds == row[3].get_bool());
}

Verdict judge_hash(const json::array& row) {  // seed, id, version, expected
    const std::string seed = text_at(row, 0), id = text_at(row, 1);
    const auto hash = growthbook_hash({.seed = seed, .id = id}, index_from(row[2]));
    if (row[3].is_null()) return passed_if(!hash);
    return passed_if(hash && *hash == script::to_number(row[3]));
}

Verdict judge_ranges(const json::array& row) {  // name, [variations, coverage, weights], expected
    const json::array& asked = array_or_none(row[1]);
    if (asked.size() < 3) return Verdict::Failed;
    Split split{.variations = static_cast<std::size_t>(std::max(0, index_from(asked[0])))};
    if (asked[1].is_number()) split.coverage = script::to_number(asked[1]);
    split.weights = numbers_in(asked[2]);
    return passed_if(close_ranges(bucket_ranges(split), row[2]));
}

Verdict judge_choice(const json::array& row) {  // name, place, ranges, expected
    std::vector<BucketRange> ranges;
    for (const json::value& range : array_or_none(row[2])) ranges.push_back(range_from(range));
    return passed_if(choose_variation(script::to_number(row[1]), ranges) ==
                     script::to_number(row[3]));
}

Verdict judge_namespace(const json::array& row) {  // name, id, [name, from, to], expected
    const bool in = in_layer(array_or_none(row[2]), text_at(row, 1));
    return passed_if(row[3].is_bool() && in == row[3].get_bool());
}

Verdict judge_equal_weights(const json::array& row) {  // variations, expected
    const double asked = script::to_number(row[0]);
    const auto made = equal_weights(static_cast<std::int64_t>(asked));
    return passed_if(std::ranges::equal(made, numbers_in(row[1]), close));
}

Verdict judge_feature(const json::array& row) {  // name, context, feature, expected
    Features features{object_at(row, 1)};
    json::object expected = object_at(row, 3);
    if (!expected.contains("ruleId")) expected["ruleId"] = "";
    return passed_if(same(features.feature(text_at(row, 2)), expected));
}

bool has_query(const json::object& context) {
    const json::value& url = at(context, "url");
    return url.is_string() && url.get_string().find('?') != json::string::npos;
}

Verdict judge_run(const json::array& row) {  // name, context, experiment, value, in, hash used
    const json::object& context = object_at(row, 1);
    if (has_query(context)) return Verdict::Skipped;
    const json::object made = Features{context}.run(object_at(row, 2));
    return passed_if(same(at(made, "value"), row[3]) && same(at(made, "inExperiment"), row[4]) &&
                     same(at(made, "hashUsed"), row[5]));
}

// name, context, documents, feature, expected result, expected documents. A document that no rule
// of the context reads may be named or not: whether it was loaded at all is the SDK's affair.
Verdict judge_sticky(const json::array& row) {
    Features features{object_at(row, 1)};
    features.keep_sticky(array_or_none(row[2]));
    const json::object answer = features.feature(text_at(row, 3));
    if (!same(at(answer, "experimentResult"), row[4])) return Verdict::Failed;
    const json::object& expected = object_at(row, 5);
    for (const auto& item : expected)
        if (!same(at(features.sticky(), item.key()), item.value())) return Verdict::Failed;
    for (const auto& item : features.sticky())
        if (!expected.contains(item.key()) && features.reaches(object_or_none(item.value())))
            return Verdict::Failed;
    return Verdict::Passed;
}

Verdict skip(const json::array&) { return Verdict::Skipped; }

struct GroupRule {
    std::string_view group;
    std::size_t entries;  // a row's least
    std::size_t name;     // where its name stands
    Judge judge;
};
constexpr std::array<GroupRule, 13> kGroups{{{"evalCondition", 4, 0, judge_condition},
                                             {"hash", 4, 1, judge_hash},
                                             {"getBucketRange", 3, 0, judge_ranges},
                                             {"feature", 4, 0, judge_feature},
                                             {"run", 6, 0, judge_run},
                                             {"chooseVariation", 4, 0, judge_choice},
                                             {"getQueryStringOverride", 0, 0, skip},
                                             {"inNamespace", 4, 0, judge_namespace},
                                             {"getEqualWeights", 2, 0, judge_equal_weights},
                                             {"decrypt", 0, 0, skip},
                                             {"stickyBucket", 6, 0, judge_sticky},
                                             {"urlRedirect", 0, 0, skip},
                                             {"contextualBandit", 4, 0, judge_feature}}};

void count(Verdict verdict, std::string name, VectorGroup& tally) {
    if (verdict == Verdict::Passed) ++tally.passed;
    if (verdict == Verdict::Skipped) ++tally.skipped;
    if (verdict != Verdict::Failed) return;
    ++tally.failed;
    tally.failures.push_back(std::move(name));
}

VectorGroup run_group(std::string_view group, const json::array& rows) {
    VectorGroup tally{.group = std::string{group}};
    const auto rule = std::ranges::find(kGroups, group, &GroupRule::group);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const json::array& row = array_or_none(rows[i]);
        Verdict verdict = Verdict::Skipped;
        if (rule != kGroups.end() && rule->judge != skip)
            verdict = row.size() < rule->entries ? Verdict::Failed : rule->judge(row);
        const std::string name = text_at(row, rule == kGroups.end() ? 0 : rule->name);
        count(verdict, std::to_string(i) + " " + name, tally);
    }
    return tally;
}

bool compares(std::string_view order, const json::array& row) {
    const auto found = script::padded_version(row[0]) <=> script::padded_version(row[1]);
    if (order == "lt") return found < 0;
    return order == "gt" ? found > 0 : found == 0;
}

// Of earlier specifications: {"lt": [[version, version, expected]], "gt", "eq"}.
VectorGroup run_versions(const json::object& orders) {
    VectorGroup tally{.group = "versionCompare"};
    for (const auto& item : orders)
        for (const json::value& entry : array_or_none(item.value())) {
            const json::array& row = array_or_none(entry);
            const bool right = row.size() >= 3 && row[2].is_bool() &&
                               compares(item.key(), row) == row[2].get_bool();
            count(passed_if(right), std::string{item.key()} + " " + text_at(row, 0), tally);
        }
    return tally;
}

}  // namespace

Result<std::vector<VectorGroup>> run_vectors(std::string_view file) {
    if (file.size() > kFileBytesMax) return malformed("the vectors are too large");
    boost::system::error_code failed;
    const json::value all = json::parse(json::string_view{file.data(), file.size()}, failed);
    if (failed) return malformed("the vectors are not JSON: " + failed.message());
    if (!all.is_object()) return malformed("the vectors must be an object of groups");
    std::vector<VectorGroup> groups;
    for (const auto& item : all.get_object()) {
        if (item.value().is_array())
            groups.push_back(run_group(item.key(), item.value().get_array()));
        else if (item.key() == "versionCompare" && item.value().is_object())
            groups.push_back(run_versions(item.value().get_object()));
    }
    return groups;
}

}  // namespace aisle::offers
