#include <algorithm>

#include "agent/conditions/script_values.hpp"
#include "agent/offers/feature_json.hpp"
#include "agent/offers/features.hpp"

// Sticky bucketing: who was drawn once stays, whatever the weights say later, until the
// experiment's bucketVersion is raised.
namespace aisle::offers {
namespace {

namespace json = boost::json;
namespace script = conditions::script;

constexpr int kBlockedVersionsMax = 1'000;

std::string document_key(std::string_view attribute, std::string_view value) {
    return std::string{attribute} + "||" + std::string{value};
}

std::string assignment_key(const json::object& experiment, int version) {
    return text_or(experiment, "key", "") + "__" + std::to_string(version);
}

int version_of(const json::object& experiment, std::string_view name) {
    return std::max(0, index_from(at(experiment, name)));
}

}  // namespace

void Features::keep_sticky(const json::array& documents) {
    sticky_.emplace();
    for (const json::value& entry : documents) {
        const json::object& document = object_or_none(entry);
        (*sticky_)[document_key(script::to_text(at(document, "attributeName")),
                                script::to_text(at(document, "attributeValue")))] = document;
    }
}

bool Features::sticks(const json::object& experiment) const {
    return sticky_ && !script::truthy(at(experiment, "disableStickyBucketing"));
}

bool Features::reaches(const json::object& document) const {
    const std::string name = script::to_text(at(document, "attributeName"));
    const Identity who = identity(name);
    if (who.text != script::to_text(at(document, "attributeValue"))) return false;
    for (const auto& feature : part("features"))
        for (const json::value& entry :
             array_or_none(at(object_or_none(feature.value()), "rules"))) {
            const json::object& rule = object_or_none(entry);
            if (text_or(rule, "hashAttribute", "id") == name ||
                text_or(rule, "fallbackAttribute", "") == name)
                return true;
        }
    return false;
}

// The draw that was kept under the hash attribute wins over the one under the fallback.
Features::Stuck Features::stuck(const json::object& experiment) const {
    json::object drawn;
    const std::string fallback = text_or(experiment, "fallbackAttribute", "id");
    for (const std::string& name : {fallback, text_or(experiment, "hashAttribute", "id")}) {
        const Identity who = identity(name);
        if (who.text.empty()) continue;
        const json::value& document = at(*sticky_, document_key(name, who.text));
        for (const auto& item : object_or_none(at(object_or_none(document), "assignments")))
            drawn[item.key()] = item.value();
    }
    const int oldest = std::min(version_of(experiment, "minBucketVersion"), kBlockedVersionsMax);
    for (int version = 0; version < oldest; ++version)
        if (drawn.contains(assignment_key(experiment, version))) return {.blocked = true};
    const json::value& arm =
        at(drawn, assignment_key(experiment, version_of(experiment, "bucketVersion")));
    if (!arm.is_string()) return {};
    const json::array& metas = array_or_none(at(experiment, "meta"));
    for (std::size_t i = 0; i < metas.size(); ++i)
        if (at(object_or_none(metas[i]), "key") == arm) return {.variation = static_cast<int>(i)};
    return {};
}

void Features::stick(const json::object& experiment, const Identity& who, std::string_view arm) {
    json::value& document = (*sticky_)[document_key(who.attribute, who.text)];
    if (!document.is_object()) {
        json::object fresh;
        fresh["attributeName"] = who.attribute;
        fresh["attributeValue"] = who.text;
        fresh["assignments"] = json::object{};
        document = std::move(fresh);
    }
    json::value& assignments = document.get_object()["assignments"];
    if (!assignments.is_object()) assignments = json::object{};
    const int version = version_of(experiment, "bucketVersion");
    assignments.get_object()[assignment_key(experiment, version)] = arm;
}

}  // namespace aisle::offers
