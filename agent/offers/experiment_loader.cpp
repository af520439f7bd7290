#include <algorithm>
#include <array>
#include <cmath>

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include "agent/offers/loader.hpp"

// The parts of a campaign's file that say who is left out, who gets which arm, and what ends it.
namespace aisle::offers {
namespace {

namespace json = boost::json;

constexpr std::size_t kArmsMax = 20;
constexpr std::size_t kGuardrailsMax = 10;
constexpr std::int64_t kDelayMax = 3'600;
constexpr std::int64_t kVersionMax = 1'000;
// Out of every campaign that does not say otherwise, as GrowthBook proposes.
constexpr BasisPoints kGlobalShare{500};

// A share as a fraction, exact to a basis point.
std::optional<BasisPoints> share_of(double fraction) {
    if (!(fraction >= 0 && fraction <= 1)) return std::nullopt;
    return BasisPoints{static_cast<std::int32_t>(std::lround(fraction * 10'000))};
}

// A name (the share stays), a share between 0 and 1, or {"name", "share"}.
void read_holdout(Reader& experiment, std::string_view key, Holdout& made) {
    const json::value* const value = experiment.take(key);
    if (!value) return;
    if (value->is_string() && !value->get_string().empty()) {
        made.name = value->get_string();
    } else if (value->is_number()) {
        const auto share = share_of(value->to_number<double>());
        if (!share) return experiment.fault(key, "must be between 0 and 1");
        made.share = *share;
    } else if (value->is_object()) {
        Reader reader{value->get_object(), experiment.path(key), experiment.faults()};
        made.name = reader.text("name").value_or(made.name);
        if (const auto number = reader.number("share")) {
            const auto share = share_of(*number);
            if (!share) return reader.fault("share", "must be between 0 and 1");
            made.share = *share;
        }
        reader.finish();
    } else {
        experiment.fault(key, "must be a name, a share or {\"name\", \"share\"}");
    }
}

// {"name", "weight"} and what the arm does otherwise than the campaign.
Arm read_arm_object(Reader& reader) {
    Arm arm{.name = reader.text("name").value_or("")};
    if (arm.name.empty()) reader.missing("name");
    const auto weight = reader.number("weight");
    if (!weight) reader.missing("weight");
    arm.weight = weight.value_or(0);
    arm.prompt = reader.boolean("prompt").value_or(true);
    arm.delay = seconds{reader.integer("delay_s", {.min = 0, .max = kDelayMax}).value_or(0)};
    arm.title = read_titles(reader);
    if (const json::object* const action = reader.object("action"))
        arm.action = read_action(*action, reader.path("action"), reader.faults());
    reader.finish();
    return arm;
}

std::optional<Arm> read_arm(const json::value& value, const std::string& path,
                            FieldFaults& faults) {
    if (const json::object* const object = value.if_object()) {
        Reader reader{*object, path, faults};
        return read_arm_object(reader);
    }
    const json::array* const pair = value.if_array();
    if (pair && pair->size() == 2 && (*pair)[0].is_string() && (*pair)[1].is_number())
        return Arm{.name = std::string{(*pair)[0].get_string()},
                   .weight = (*pair)[1].to_number<double>()};
    faults.push_back({path, "must be [name, weight]"});
    return std::nullopt;
}

// Names that an exposure could not tell from those that are not drawn.
bool is_taken(const std::string& name) {
    return name == "holdout" || name == "global_holdout" || name == "treated";
}

void read_arms(Reader& experiment, Experiment& made) {
    const json::array* const arms = experiment.array("arms");
    if (!arms) return;
    if (arms->size() > kArmsMax) return experiment.fault("arms", "are too many");
    double sum = 0;
    for (std::size_t i = 0; i < arms->size(); ++i) {
        const std::string here = "arms[" + std::to_string(i) + "]";
        auto arm = read_arm((*arms)[i], experiment.path(here), experiment.faults());
        if (!arm) return;
        if (!(arm->weight >= 0 && arm->weight <= 1))
            return experiment.fault(here, "must weigh between 0 and 1");
        if (is_taken(arm->name)) experiment.fault(here, "has a name that means something else");
        for (const Arm& other : made.arms)
            if (other.name == arm->name) experiment.fault(here, "has the name of another arm");
        // A price is never drawn by lot behind the customer's back.
        if (arm->action && !made.open_prices)
            experiment.fault(here + ".action", "needs experiment.open_prices to be true");
        sum += arm->weight;
        made.arms.push_back(std::move(*arm));
    }
    if (sum > 1.000'001) experiment.fault("arms", "must weigh at most 1 together");
}

void read_layer(Reader& experiment, Experiment& made) {
    const json::array* const parts = experiment.array("namespace");
    if (!parts) return;
    const bool formed = parts->size() == 3 && (*parts)[0].is_string() &&
                        !(*parts)[0].get_string().empty() && (*parts)[1].is_number() &&
                        (*parts)[2].is_number();
    const double from = formed ? (*parts)[1].to_number<double>() : 0;
    const double to = formed ? (*parts)[2].to_number<double>() : 0;
    if (!formed || !(from >= 0 && from < to && to <= 1))
        return experiment.fault("namespace", "must be [name, from, to] with 0 <= from < to <= 1");
    made.layer = Layer{.name = std::string{(*parts)[0].get_string()}, .from = from, .to = to};
}

void read_stickiness(Reader& experiment, Experiment& made) {
    const Range versions{.min = 0, .max = kVersionMax};
    made.sticky = experiment.boolean("sticky").value_or(true);
    made.bucket_version =
        static_cast<std::int32_t>(experiment.integer("bucket_version", versions).value_or(0));
    made.min_bucket_version =
        static_cast<std::int32_t>(experiment.integer("min_bucket_version", versions).value_or(0));
    if (made.min_bucket_version > made.bucket_version)
        experiment.fault("min_bucket_version", "must not be above bucket_version");
}

void read_unit(Reader& experiment, Experiment& made) {
    const std::string unit = experiment.text("unit").value_or("person");
    const auto block = experiment.integer("block_min", {.min = 5, .max = 1'440});
    if (unit != "person" && unit != "block")
        return experiment.fault("unit", "must be person or block");
    if (unit == "person" && block) experiment.fault("block_min", "needs the unit block");
    if (unit == "block") made.block = minutes{block.value_or(30)};
}

// Nothing for a metric that the agent cannot know: it is HQ's, and checked for its form only.
std::optional<Guardrail> read_guardrail(Reader& reader) {
    constexpr std::array kMetrics{GuardMetric::MarginPerBasket, GuardMetric::RefundRate,
                                  GuardMetric::DeclineRate, GuardMetric::BudgetBurn};
    const auto name = reader.text("metric");
    if (!name) reader.missing("metric");
    const auto least = reader.number("min_rel");
    const auto most = reader.number("max");
    const auto* const metric = std::ranges::find_if(
        kMetrics, [&](GuardMetric one) { return name && to_text(one) == *name; });
    if (metric == kMetrics.end()) return std::nullopt;
    const bool relative = *metric == GuardMetric::MarginPerBasket;
    const auto& limit = relative ? least : most;
    if (!limit) return reader.missing(relative ? "min_rel" : "max"), std::nullopt;
    if (relative && !(*limit >= -1 && *limit <= 0))
        reader.fault("min_rel", "must be between -1 and 0");
    if (!relative && !(*limit >= 0)) reader.fault("max", "must not be below 0");
    return Guardrail{.metric = *metric, .limit = *limit};
}

}  // namespace

std::map<std::string, std::string> read_titles(Reader& holder) {
    std::map<std::string, std::string> made;
    const json::object* const titles = holder.object("titles");
    if (!titles) return made;
    Reader reader{*titles, holder.path("titles"), holder.faults()};
    for (const auto& item : *titles)
        if (const auto title = reader.text(item.key())) made[std::string{item.key()}] = *title;
    return made;
}

Experiment read_experiment(const json::object* object, const std::string& campaign,
                           FieldFaults& faults) {
    Experiment experiment{.key = campaign,
                          .seed = campaign,
                          .holdout = campaign,
                          .global = {.name = "global", .share = kGlobalShare}};
    if (!object) return experiment;
    Reader reader{*object, "experiment", faults};
    experiment.key = reader.text("key").value_or(campaign);
    experiment.seed = reader.text("seed").value_or(experiment.key);
    reader.integer("hash_version", {.min = 2, .max = 2});
    Holdout own{.name = campaign, .share = experiment.holdout_share};
    read_holdout(reader, "holdout", own);
    experiment.holdout = own.name;
    experiment.holdout_share = own.share;
    // Who asks for no holdout at all wants everybody, unless he names the global one.
    if (own.share == BasisPoints{0}) experiment.global.share = BasisPoints{0};
    read_holdout(reader, "global", experiment.global);
    experiment.open_prices = reader.boolean("open_prices").value_or(false);
    read_arms(reader, experiment);
    read_layer(reader, experiment);
    read_stickiness(reader, experiment);
    read_unit(reader, experiment);
    if (const auto text = reader.text("observe")) {
        const auto observe = parse_duration(*text);
        if (!observe) reader.fault("observe", "must be an ISO 8601 duration such as P1D or PT2H");
        experiment.observe = observe.value_or(experiment.observe);
    }
    reader.finish();
    return experiment;
}

std::vector<Guardrail> read_guardrails(Reader& campaign) {
    std::vector<Guardrail> rails;
    const json::array* const list = campaign.array("guardrails");
    if (!list) return rails;
    if (list->size() > kGuardrailsMax) return campaign.fault("guardrails", "are too many"), rails;
    for (std::size_t i = 0; i < list->size(); ++i) {
        const std::string here = "guardrails[" + std::to_string(i) + "]";
        const json::object* const object = (*list)[i].if_object();
        if (!object) {
            campaign.fault(here, "must be {\"metric\", \"min_rel\"}");
            continue;
        }
        Reader reader{*object, here, campaign.faults()};
        if (const auto rail = read_guardrail(reader)) rails.push_back(*rail);
        reader.finish();
    }
    return rails;
}

}  // namespace aisle::offers
