#include "agent/offers/features.hpp"

#include <algorithm>

#include "agent/conditions/growthbook.hpp"
#include "agent/conditions/script_values.hpp"
#include "agent/offers/assignment.hpp"
#include "agent/offers/bucketing.hpp"
#include "agent/offers/feature_json.hpp"

namespace aisle::offers {
namespace {

namespace json = boost::json;
namespace script = conditions::script;

// leafId of a contextual bandit whose leaves have not matched.
constexpr int kNoLeaf = -1;

// The variation that an address names, as in "?my-test=1"; nothing for numbers that are none.
std::optional<int> named_in_address(std::string_view url, std::string_view key,
                                    std::size_t variations) {
    const auto mark = url.find('?');
    if (mark == std::string_view::npos) return std::nullopt;
    std::string_view query = url.substr(mark + 1);
    query = query.substr(0, std::min(query.find('#'), query.find('?')));
    while (!query.empty()) {
        const std::string_view pair = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(query.size(), pair.size() + 1));
        const auto equals = pair.find('=');
        if (pair.substr(0, equals) != key || equals == std::string_view::npos) continue;
        int number = 0;
        std::size_t digits = 0;
        for (const char c : pair.substr(equals + 1, 6)) {
            if (c < '0' || c > '9') break;
            number = number * 10 + (c - '0'), ++digits;
        }
        if (digits == 0 || number >= static_cast<int>(variations)) return std::nullopt;
        return number;
    }
    return std::nullopt;
}

json::object feature_result(json::value value, std::string_view source, std::string_view rule) {
    json::object made;
    const bool on = script::truthy(value);
    made["value"] = std::move(value);
    made["on"] = on;
    made["off"] = !on;
    made["source"] = source;
    made["ruleId"] = rule;
    return made;
}

// An experiment as a rule describes it. What GrowthBook's own leaves out because it is empty is
// left out here too: the echo in the result is compared.
json::object experiment_of(const json::object& rule, std::string_view key) {
    json::object made;
    const json::value* const contextual = rule.if_contains("contextualVariations");
    made["variations"] =
        contextual && contextual->is_array() ? *contextual : at(rule, "variations");
    made["key"] = text_or(rule, "key", key);
    for (const char* const name : {"coverage", "bucketVersion", "minBucketVersion"})
        if (const auto* const value = rule.if_contains(name)) made[name] = *value;
    for (const char* const name :
         {"weights", "hashAttribute", "fallbackAttribute", "disableStickyBucketing", "namespace",
          "meta", "ranges", "name", "phase", "seed", "hashVersion", "filters", "condition"})
        if (const auto& value = at(rule, name); script::truthy(value)) made[name] = value;
    return made;
}

std::vector<BucketRange> ranges_of(const json::object& experiment, std::size_t variations) {
    if (const auto* const list = at(experiment, "ranges").if_array()) {
        std::vector<BucketRange> ranges;
        for (const json::value& range : *list) ranges.push_back(range_from(range));
        return ranges;
    }
    Split split{.variations = variations};
    const json::value& coverage = at(experiment, "coverage");
    if (coverage.is_number()) split.coverage = script::to_number(coverage);
    split.weights = numbers_in(at(experiment, "weights"));
    return bucket_ranges(split);
}

}  // namespace

const json::object& Features::part(std::string_view name) const {
    return object_or_none(at(context_, name));
}

bool Features::holds(const json::value& condition) const {
    return conditions::growthbook_matches(condition, at(context_, "attributes"),
                                          part("savedGroups"));
}

Features::Identity Features::identity(std::string_view attribute) const {
    Identity who{.attribute = std::string{attribute}};
    const json::object& attributes = part("attributes");
    // A name with a dot that is there as it stands goes before the way into an object.
    const json::value* const plain = attributes.if_contains(attribute);
    who.value = plain ? *plain : script::at_path(at(context_, "attributes"), attribute);
    if (!plain && who.value.is_null()) who.value = "";
    if (script::truthy(who.value)) who.text = script::to_text(who.value);
    return who;
}

Features::Identity Features::identity(const json::object& holder, bool with_fallback) const {
    Identity who = identity(text_or(holder, "hashAttribute", "id"));
    if (!who.text.empty() || !with_fallback) return who;
    const std::string fallback = text_or(holder, "fallbackAttribute", "");
    if (fallback.empty()) return who;
    Identity other = identity(fallback);
    return other.text.empty() ? who : other;
}

bool Features::filtered_out(const json::value& filters) const {
    const json::array* const list = filters.if_array();
    if (!list) return false;
    return std::ranges::any_of(*list, [&](const json::value& entry) {
        const json::object& filter = object_or_none(entry);
        const Identity who = identity(text_or(filter, "attribute", "id"));
        const std::string seed = text_or(filter, "seed", "");
        const auto place = who.text.empty() ? std::nullopt
                                            : growthbook_hash({.seed = seed, .id = who.text},
                                                              int_or(filter, "hashVersion", 2));
        const json::array* const ranges = at(filter, "ranges").if_array();
        return !place || !ranges || std::ranges::none_of(*ranges, [&](const json::value& range) {
            return range_from(range).has(*place);
        });
    });
}

bool Features::in_rollout(const json::object& rule, std::string_view key) const {
    const json::value& range = at(rule, "range");
    const json::value& coverage = at(rule, "coverage");
    if (!range.is_array() && !coverage.is_number()) return true;
    const double share = coverage.is_number() ? script::to_number(coverage) : 1;
    if (!range.is_array() && share == 0) return false;
    const Identity who = identity(rule, sticks(rule));
    if (who.text.empty()) return false;
    const std::string seed = text_or(rule, "seed", key);
    const auto place =
        growthbook_hash({.seed = seed, .id = who.text}, int_or(rule, "hashVersion", 1));
    if (!place) return false;
    return range.is_array() ? range_from(range).has(*place) : *place <= share;
}

// Whether the features and rules that come before have said yes. Each parent is asked afresh, with
// only those on the way down to here excluded.
Features::Gate Features::prerequisites(const json::object& holder) {
    const json::array* const parents = at(holder, "parentConditions").if_array();
    if (!parents) return Gate::Open;
    for (const json::value& entry : *parents) {
        const json::object& parent = object_or_none(entry);
        const auto so_far = asked_;
        const json::object answer = evaluate(text_or(parent, "id", ""));
        asked_ = so_far;
        if (is_text(at(answer, "source"), "cyclicPrerequisite")) return Gate::Cyclic;
        json::object told;
        told["value"] = at(answer, "value");
        const json::value& condition = at(parent, "condition");
        const bool fits = condition.is_null() || conditions::growthbook_matches(condition, told);
        if (!fits) return script::truthy(at(parent, "gate")) ? Gate::Blocked : Gate::Shut;
    }
    return Gate::Open;
}

json::object Features::feature(std::string_view key) {
    asked_.clear();
    questions_ = 0;
    return evaluate(key);
}

json::object Features::evaluate(std::string_view key) {
    if (asked_.contains(key) || asked_.size() >= kPrerequisiteDepthMax ||
        ++questions_ > kFeaturesPerQuestion)
        return feature_result(nullptr, "cyclicPrerequisite", "");
    asked_.emplace(key);
    const json::value* const known = part("features").if_contains(key);
    if (!known || !known->is_object()) return feature_result(nullptr, "unknownFeature", "");
    const json::object& feature = known->get_object();
    if (const json::array* const rules = at(feature, "rules").if_array())
        for (const json::value& rule : *rules)
            if (auto answer = by_rule(object_or_none(rule), key)) return std::move(*answer);
    return feature_result(at(feature, "defaultValue"), "defaultValue", "");
}

std::optional<json::object> Features::by_rule(const json::object& rule, std::string_view key) {
    switch (prerequisites(rule)) {
        case Gate::Cyclic:
            return feature_result(nullptr, "cyclicPrerequisite", "");
        case Gate::Blocked:
            return feature_result(nullptr, "prerequisite", "");
        case Gate::Shut:
            return std::nullopt;
        case Gate::Open:
            break;
    }
    if (filtered_out(at(rule, "filters"))) return std::nullopt;
    if (const json::value* const value = rule.if_contains("force")) {
        const json::value& condition = at(rule, "condition");
        if (!condition.is_null() && !holds(condition)) return std::nullopt;
        if (!in_rollout(rule, key)) return std::nullopt;
        return feature_result(*value, "force", text_or(rule, "id", ""));
    }
    return by_experiment(rule, key);
}

// The leaf of a contextual bandit that fits the attributes sets the weights; where none does the
// rule's own stay.
void Features::choose_leaf(const json::object& rule, json::object& experiment) const {
    const std::string ref = text_or(rule, "contextualBanditRef", "");
    const json::value* const known =
        ref.empty() ? nullptr : part("contextualBandits").if_contains(ref);
    if (!known || !known->is_object()) return;
    const json::object& bandit = known->get_object();
    json::object chosen;
    chosen["leafId"] = kNoLeaf;
    if (const json::array* const leaves = at(bandit, "contexts").if_array())
        for (const json::value& entry : *leaves) {
            const json::object& leaf = object_or_none(entry);
            if (!at(leaf, "condition").is_null() && !holds(at(leaf, "condition"))) continue;
            chosen["leafId"] = at(leaf, "leafId");
            experiment["weights"] = at(leaf, "weights");
            break;
        }
    if (at(experiment, "weights").is_array()) {
        chosen["variationWeights"] = at(experiment, "weights");
    } else {
        const auto* const variations = at(experiment, "variations").if_array();
        const std::size_t n = variations ? variations->size() : 0;
        json::array equal;
        for (const double weight : equal_weights(static_cast<std::int64_t>(n)))
            equal.emplace_back(weight);
        chosen["variationWeights"] = std::move(equal);
    }
    if (const auto* const version = bandit.if_contains("banditVersion"))
        chosen["banditVersion"] = *version;
    experiment["contextualBandit"] = std::move(chosen);
}

std::optional<json::object> Features::by_experiment(const json::object& rule,
                                                    std::string_view key) {
    json::object experiment = experiment_of(rule, key);
    if (!at(experiment, "variations").is_array()) return std::nullopt;
    choose_leaf(rule, experiment);
    const Place place = place_in(experiment);
    json::object trial = result(experiment, place, key);
    const bool in = at(trial, "inExperiment").as_bool();
    // The leaf tells of a draw: who was put there by hand, or not at all, was not drawn.
    if (!in || !place.hash_used) experiment.erase("contextualBandit");
    if (const json::object* const leaf = at(experiment, "contextualBandit").if_object())
        for (const auto& item : *leaf) trial[item.key()] = item.value();
    if (!in || script::truthy(at(trial, "passthrough"))) return std::nullopt;
    json::object answer = feature_result(at(trial, "value"), "experiment", text_or(rule, "id", ""));
    answer["experiment"] = std::move(experiment);
    answer["experimentResult"] = std::move(trial);
    return answer;
}

json::object Features::run(const json::object& experiment) {
    asked_.clear();
    questions_ = 0;
    return result(experiment, place_in(experiment), "");
}

json::object Features::result(const json::object& experiment, const Place& place,
                              std::string_view feature) const {
    const json::array& variations = array_or_none(at(experiment, "variations"));
    const bool in =
        place.variation >= 0 && static_cast<std::size_t>(place.variation) < variations.size();
    const auto index = static_cast<std::size_t>(in ? place.variation : 0);
    const json::array& metas = array_or_none(at(experiment, "meta"));
    const json::object& meta =
        index < metas.size() ? object_or_none(metas[index]) : object_or_none(json::value{});
    const Identity who = identity(experiment, sticks(experiment));
    json::object made;
    made["key"] = text_or(meta, "key", std::to_string(index));
    made["featureId"] = feature.empty() ? json::value(nullptr) : json::value(feature);
    made["inExperiment"] = in;
    made["hashUsed"] = place.hash_used;
    made["variationId"] = index;
    made["value"] = index < variations.size() ? variations[index] : json::value(nullptr);
    made["hashAttribute"] = who.attribute;
    made["hashValue"] = who.value;
    made["stickyBucketUsed"] = place.sticky;
    if (const auto& name = at(meta, "name"); script::truthy(name)) made["name"] = name;
    if (place.bucket) made["bucket"] = *place.bucket;
    if (script::truthy(at(meta, "passthrough"))) made["passthrough"] = at(meta, "passthrough");
    return made;
}

std::optional<int> Features::forced(const json::object& experiment, std::size_t variations) const {
    const std::string key = text_or(experiment, "key", "");
    if (const auto* const url = at(context_, "url").if_string())
        if (const auto named = named_in_address(*url, key, variations)) return named;
    const json::value* const by_hand = part("forcedVariations").if_contains(key);
    if (!by_hand) return std::nullopt;
    return index_from(*by_hand);
}

// The conditions under which somebody without an earlier draw may be drawn.
bool Features::admits(const json::object& experiment, const Identity& who) {
    if (const json::value& filters = at(experiment, "filters"); filters.is_array()) {
        if (filtered_out(filters)) return false;
    } else if (const json::array* const layer = at(experiment, "namespace").if_array()) {
        if (!in_layer(*layer, who.text)) return false;
    }
    const json::value& condition = at(experiment, "condition");
    if (!condition.is_null() && !holds(condition)) return false;
    if (prerequisites(experiment) != Gate::Open) return false;
    const json::array* const groups = at(experiment, "groups").if_array();
    return !groups || std::ranges::any_of(*groups, [&](const json::value& group) {
        return group.is_string() && script::truthy(at(part("groups"), group.get_string()));
    });
}

Features::Place Features::draw(const json::object& experiment, const Identity& who) {
    const bool kept = sticks(experiment);
    const Stuck before = kept ? stuck(experiment) : Stuck{};
    if (before.variation < 0 && !admits(experiment, who)) return {};
    const std::string seed = text_or(experiment, "seed", text_or(experiment, "key", ""));
    const auto bucket =
        growthbook_hash({.seed = seed, .id = who.text}, int_or(experiment, "hashVersion", 1));
    if (!bucket) return {};
    Place place{.variation = before.variation, .hash_used = true, .sticky = before.variation >= 0};
    if (!place.sticky) {
        const std::size_t variations = array_or_none(at(experiment, "variations")).size();
        place.variation = choose_variation(*bucket, ranges_of(experiment, variations));
    }
    if (before.blocked) return {.sticky = true};
    if (place.variation < 0) return {};
    if (const json::value* const force = experiment.if_contains("force"))
        return {.variation = index_from(*force)};
    if (script::truthy(at(context_, "qaMode")) || is_text(at(experiment, "status"), "stopped"))
        return {};
    place.bucket = bucket;
    return place;
}

Features::Place Features::place_in(const json::object& plain) {
    const std::size_t variations = array_or_none(at(plain, "variations")).size();
    if (variations < 2 || variations > kVariationsMax || is_false(at(context_, "enabled")))
        return {};
    const json::value* const changes = part("overrides").if_contains(text_or(plain, "key", ""));
    json::object experiment = plain;
    if (changes && changes->is_object())
        for (const auto& item : changes->get_object()) experiment[item.key()] = item.value();
    // Addresses are the web's: what is bound to one has no place in a shop.
    if (at(experiment, "urlPatterns").is_array()) return {};
    if (const auto index = forced(experiment, variations)) return {.variation = *index};
    if (is_text(at(experiment, "status"), "draft") || is_false(at(experiment, "active"))) return {};
    const Identity who = identity(experiment, sticks(experiment));
    if (who.text.empty()) return {};
    const Place place = draw(experiment, who);
    if (place.hash_used && sticks(experiment))
        stick(experiment, who, result(experiment, place, "").at("key").as_string());
    return place;
}

}  // namespace aisle::offers
