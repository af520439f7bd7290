#include "sync/hq/trial_book.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "agent/core/srm.hpp"
#include "agent/records/json_text.hpp"
#include "agent/records/object_reader.hpp"

namespace aisle::hq {
namespace {

namespace json = boost::json;
using records::put;

Sums sums_of(const records::TrialSums& told) {
    const auto& [y, yy, x, xx, xy] = told.sums;
    return {.n = told.n, .y = y, .yy = yy, .x = x, .xx = xx, .xy = xy};
}

void add(PooledTrial& trial, const records::TrialFigures& told) {
    trial.since = trial.stores == 0 ? told.since : std::min(trial.since, told.since);
    trial.unobserved += told.unobserved;
    trial.mismatched += told.mismatch_after.has_value();
    for (const auto& [name, group] : told.groups) {
        PooledGroup& pooled = trial.groups[name];
        if (pooled.expected == 0) pooled.expected = group.expected;
        pooled.exposed += group.exposed;
        pooled.returned += group.returned;
        pooled.spend += sums_of(group.spend);
        pooled.margin += sums_of(group.margin);
    }
}

// A switchback's outcome is a ratio of totals, takings by receipts: its mean, and its variance with
// the stretch as the unit (the delta method for clusters).
Difference ratio_of(const Sums& sums) {
    if (sums.n < 2 || sums.x <= 0) return {};
    const double ratio = sums.y / sums.x;
    const double squares = sums.yy - 2 * ratio * sums.xy + ratio * ratio * sums.xx;
    const auto n = static_cast<double>(sums.n);
    const double mean_x = sums.x / n;
    return {.mean = ratio, .variance = std::max(0.0, squares) / (n - 1) / (n * mean_x * mean_x)};
}

Difference between(const PooledTrial& trial, const Sums& treated, const Sums& base) {
    if (!trial.blocks) return difference(treated, base, Adjust::Cuped);
    const Difference a = ratio_of(treated);
    const Difference b = ratio_of(base);
    return {.mean = a.mean - b.mean, .variance = a.variance + b.variance};
}

Effect effect(const PooledTrial& trial, const Sums& treated, const Sums& base) {
    Effect made{.units = treated.n + base.n, .known = treated.n > 1 && base.n > 1};
    if (!made.known) return made;
    const Difference found = between(trial, treated, base);
    made.difference = found.mean;
    made.base = trial.blocks ? ratio_of(base).mean : base.mean();
    // The variance of the difference as that of one of n observations.
    const auto n = static_cast<double>(made.units);
    made.half_width = always_valid_half_width({.n = n, .variance = found.variance * n});
    return made;
}

// Those who were withheld by the campaign's own lot: its control, else its own holdout. The chain's
// holdout sees no campaign at all and is another question.
std::string compared_with(const PooledTrial& trial) {
    for (const char* name : {"control", "holdout"})
        if (const auto found = trial.groups.find(name);
            found != trial.groups.end() && found->second.exposed > 0)
            return name;
    return {};
}

void compare(PooledTrial& trial) {
    const std::string against = compared_with(trial);
    if (against.empty()) return;
    const PooledGroup& base = trial.groups.at(against);
    for (const auto& [name, group] : trial.groups) {
        if (name == against || name == "global_holdout" || name == "holdout") continue;
        Effect spend = effect(trial, group.spend, base.spend);
        spend.group = name, spend.against = against, spend.outcome = "spend";
        Effect margin = effect(trial, group.margin, base.margin);
        margin.group = name, margin.against = against, margin.outcome = "margin";
        trial.effects.push_back(std::move(spend));
        trial.effects.push_back(std::move(margin));
    }
}

// Stretches of a switchback are not drawn one by one: their number says nothing.
void judge_ratio(PooledTrial& trial) {
    if (trial.blocks) return;
    std::vector<RatioGroup> groups;
    for (const auto& [name, group] : trial.groups)
        groups.push_back({.weight = group.expected, .n = group.exposed});
    const RatioLook look = look_at_ratio(groups);
    trial.ratio_p = look.p;
    trial.ratio_bad = look.alarm || trial.mismatched > 0;
}

json::object object_of(const Sums& sums) {
    json::object out;
    put(out, "n", sums.n);
    put(out, "mean", sums.mean());
    put(out, "variance", sums.variance());
    return out;
}

json::object object_of(const PooledGroup& group) {
    json::object out;
    put(out, "expected", group.expected);
    put(out, "exposed", group.exposed);
    put(out, "returned", group.returned);
    put(out, "spend", json::value(object_of(group.spend)));
    put(out, "margin", json::value(object_of(group.margin)));
    return out;
}

json::object object_of(const Effect& effect) {
    json::object out;
    put(out, "group", effect.group);
    put(out, "against", effect.against);
    put(out, "outcome", effect.outcome);
    put(out, "units", effect.units);
    if (!effect.known) return out;
    put(out, "difference", effect.difference);
    put(out, "low", effect.difference - effect.half_width);
    put(out, "high", effect.difference + effect.half_width);
    put(out, "base", effect.base);
    put(out, "clear", json::value(effect.clear()));
    return out;
}

json::object object_of(const PooledTrial& trial) {
    json::object out;
    put(out, "campaign", trial.campaign);
    put(out, "experiment", trial.experiment);
    put(out, "plan", trial.plan);
    put(out, "unit", trial.blocks ? "block" : "person");
    put(out, "since", trial.since);
    put(out, "stores", trial.stores);
    put(out, "mismatched", trial.mismatched);
    put(out, "unobserved", trial.unobserved);
    put(out, "ratio_p", trial.ratio_p);
    put(out, "usable", json::value(!trial.ratio_bad));
    json::object groups;
    for (const auto& [name, group] : trial.groups) put(groups, name, json::value(object_of(group)));
    put(out, "groups", json::value(std::move(groups)));
    json::array effects;
    for (const Effect& effect : trial.effects) effects.emplace_back(object_of(effect));
    put(out, "effects", json::value(std::move(effects)));
    return out;
}

}  // namespace

Status TrialBook::restore(const std::vector<StateChange>& rows) {
    for (const StateChange& row : rows) {
        const auto in = records::ObjectReader::parse(row.bytes);
        in.require({"store", "revision", "body"});
        Report report{.store = in.text("store"), .revision = in.integer<std::int64_t>("revision")};
        const std::string body = in.text("body");
        if (auto good = in.status(); !good) return good;
        auto figures = records::trial_from_json(body);
        if (!figures) return figures.error();
        report.figures = std::move(*figures);
        reports_.insert_or_assign(row.key, std::move(report));
    }
    return {};
}

std::vector<StateChange> TrialBook::told(const Notice& notice) {
    if (notice.kind != "experiment_sums" || notice.event_id.empty()) return {};
    const auto known = reports_.find(notice.event_id);
    if (known == reports_.end() && reports_.size() >= kTrialsMax) {
        ++refused_;
        return {};
    }
    if (known != reports_.end() && known->second.revision >= notice.revision) return {};
    auto figures = records::trial_from_json(notice.body);
    if (!figures) return {};  // it stays in `events`
    json::object row;
    put(row, "store", notice.store);
    put(row, "revision", notice.revision);
    put(row, "body", notice.body);
    reports_.insert_or_assign(notice.event_id,
                              Report{notice.store, notice.revision, std::move(*figures)});
    return {{kRoom, notice.event_id, json::serialize(row)}};
}

std::vector<PooledTrial> TrialBook::pooled() const {
    std::map<std::pair<std::string, std::string>, PooledTrial> by_plan;
    std::map<std::pair<std::string, std::string>, std::set<std::string>> stores;
    for (const auto& [id, report] : reports_) {
        const records::TrialFigures& told = report.figures;
        const std::pair key{told.campaign.value, told.plan};
        PooledTrial& trial = by_plan[key];
        add(trial, told);
        trial.campaign = told.campaign.value;
        trial.experiment = told.experiment;
        trial.plan = told.plan;
        trial.blocks = told.blocks;
        stores[key].insert(report.store);
        trial.stores = std::ssize(stores[key]);
    }
    std::vector<PooledTrial> all;
    for (auto& [key, trial] : by_plan) {
        judge_ratio(trial);
        compare(trial);
        all.push_back(std::move(trial));
    }
    std::ranges::stable_sort(all, [](const PooledTrial& a, const PooledTrial& b) {
        return a.campaign != b.campaign ? a.campaign < b.campaign : a.since > b.since;
    });
    return all;
}

std::string trials_json(const TrialBook& book, WallTime now) {
    json::array all;
    for (const PooledTrial& trial : book.pooled()) all.emplace_back(object_of(trial));
    json::object out;
    put(out, "now", now);
    put(out, "experiments", json::value(std::move(all)));
    return json::serialize(out);
}

}  // namespace aisle::hq
