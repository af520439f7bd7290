#include <algorithm>
#include <cmath>

#include "agent/offers/state.hpp"

// Who takes part in an experiment, and what he does afterwards. From the first exposure on a unit
// counts for the group it was drawn into, whatever it was shown later (intention to treat).
namespace aisle::offers {
namespace {

constexpr std::size_t kMatureMax = 200;  // units looked at in one tick
constexpr double kMilli = 1'000;

// Where nobody knows how long ago the exposure was, the time starts again.
bool observed(const Enrolment& enrolment, milliseconds observe, const Stamp& now) {
    return passed(Deadline{.set = enrolment.at, .wait = observe}, now);
}

// What a receipt adds to those who have brought it; returns count below zero.
struct Brought {
    Money spent;
    Money margin;
    std::int32_t returns = 0;
};

Brought brought(const Sale* sale, const Surroundings& around) {
    Brought made;
    if (!sale || !counts(*sale)) return made;
    for (const SaleLine& line : sale->lines) {
        if (line.voided || line.void_of != 0) continue;
        made.spent += line.net;
        const ProductRow* const product = around.product(line.sku);
        if (!product || product->cost <= Money{}) continue;
        const double cost = static_cast<double>(product->cost.minor()) *
                            static_cast<double>(line.qty_milli) / kMilli;
        // A quantity that no receipt can mean.
        if (std::abs(cost) > static_cast<double>(kMoneyMax.minor())) continue;
        made.margin += line.net - Money::minor(std::llround(cost));
    }
    made.returns = sale->type == SaleType::Return ? 1 : 0;
    return made;
}

// Where nobody is drawn for anything there is nothing to compare.
bool is_followed(const Campaign& campaign) {
    const Experiment& experiment = campaign.experiment;
    return experiment.global.share.value > 0 || experiment.holdout_share.value > 0 ||
           !experiment.arms.empty() || !campaign.guardrails.empty();
}

std::int64_t spent_before(const Ask& ask) {
    const auto* const value =
        ask.customer ? ask.customer->find("cust.spent_minor", ask.at.wall) : nullptr;
    const auto* const amount = value ? std::get_if<std::int64_t>(value) : nullptr;
    return amount ? *amount : 0;
}

}  // namespace

std::optional<Earlier> Engine::State::drawn(const Campaign& campaign, const Unit& unit) const {
    const auto known = units.find(unit.id);
    if (known == units.end() || unit.block) return std::nullopt;
    const auto at = std::ranges::find(known->second, campaign.id, &Enrolment::campaign);
    if (at == known->second.end()) return std::nullopt;
    return Earlier{.arm = at->group, .bucket_version = at->bucket_version};
}

// Each unit is counted once. One that was drawn under another plan stays in its arm and is not
// counted again: its share is not this plan's.
void Engine::State::expose(const Campaign& campaign, const Ask& ask, const Win& win, Turn& turn) {
    if (ask.unit.empty() || !is_followed(campaign)) return;
    Trial& trial = trial_of(campaign, turn);
    if (campaign.experiment.block.count() > 0) {
        ++trial.groups[win.arm].exposed;
        trial.untold = true;
        return;
    }
    const auto known = units.find(ask.unit);
    if (known == units.end() && units.size() >= kUnitsMax) {
        ++trial.unobserved;
        trial.untold = true;
        return;
    }
    auto& mine = known == units.end() ? units[ask.unit] : known->second;
    const auto at = std::ranges::find(mine, campaign.id, &Enrolment::campaign);
    // Who was drawn in a version that is blocked takes no part any more.
    if (at != mine.end() && at->bucket_version < campaign.experiment.min_bucket_version) return;
    const bool same = at != mine.end() &&
                      at->bucket_version == campaign.experiment.bucket_version &&
                      (at->plan == trial.plan || campaign.experiment.sticky);
    if (same) return;
    if (at != mine.end()) mine.erase(at);
    if (mine.size() >= kGrantsPerSubject) mine.erase(mine.begin());
    mine.push_back({.campaign = campaign.id,
                    .plan = trial.plan,
                    .group = win.arm,
                    .bucket_version = campaign.experiment.bucket_version,
                    .at = turn.now,
                    .kept = !ask.member.empty() && campaign.experiment.sticky,
                    .before_minor = spent_before(ask)});
    mark("unit/" + ask.unit);
    ++trial.groups[win.arm].exposed;
    trial.untold = true;
    look_at_ratio(campaign, trial, turn);
}

// A sale belongs to its member and to the basket that was asked about. `old` is its revision
// before.
void Engine::State::observe(const Sale* old, const Sale& sale, Turn& turn) {
    if (!old) observe_blocks(sale, turn);
    for (const std::string& unit :
         {sale.member, sale.vendor_id.empty() ? "" : "basket:" + sale.vendor_id}) {
        const auto known = unit.empty() ? units.end() : units.find(unit);
        if (known == units.end()) continue;
        const Brought before = brought(old, around), now = brought(&sale, around);
        for (Enrolment& enrolment : known->second) {
            if (!enrolment.open || sale.ended_at < enrolment.at.wall) continue;
            enrolment.spent_minor += (now.spent - before.spent).minor();
            enrolment.margin_minor += (now.margin - before.margin).minor();
            enrolment.returns += now.returns - before.returns;
            mark("unit/" + unit);
        }
    }
}

// Adds what has been observed long enough to its group, a bounded number of units a tick, in turn.
void Engine::State::mature(Turn& turn) {
    auto at = units.upper_bound(matured_to_);
    for (std::size_t i = 0; i < kMatureMax && at != units.end(); ++i) {
        matured_to_ = at->first;
        bool changed = false;
        for (Enrolment& one : at->second) {
            const Campaign* const campaign = set->find(one.campaign);
            if (!one.open) continue;
            if (unmeasured(one.at, turn.now)) one.at = turn.now, changed = true;
            // A campaign that is gone keeps the observation's usual time.
            const Experiment usual;
            const auto observe = campaign ? campaign->experiment.observe : usual.observe;
            if (!observed(one, observe, turn.now)) continue;
            one.open = false, changed = true;
            const auto trial = trials.find(one.campaign);
            if (trial == trials.end() || trial->second.plan != one.plan) continue;
            TrialGroup& group = trial->second.groups[one.group];
            const auto before = static_cast<double>(one.before_minor);
            group.spend.add(before, static_cast<double>(one.spent_minor));
            group.margin.add(before, static_cast<double>(one.margin_minor));
            group.returned += one.returns > 0 ? 1 : 0;
            trial->second.untold = true;
            mark("trial/" + one.campaign.value);
            unjudged.insert(one.campaign);
        }
        // A member's arm is remembered while its campaign is here; a visit's is of no more use.
        changed |= std::erase_if(at->second, [&](const Enrolment& one) {
                       return !one.open && (!one.kept || !set->find(one.campaign));
                   }) > 0;
        if (changed) mark("unit/" + at->first);
        at = at->second.empty() ? units.erase(at) : std::next(at);
    }
    if (at == units.end()) matured_to_.clear();
}

void Engine::State::forget_unit(const std::string& unit) {
    if (units.erase(unit) > 0) mark("unit/" + unit);
}

// Where both have been drawn, what was drawn under the present name holds.
void Engine::State::relink_unit(const std::string& from, const std::string& to) {
    auto earlier = units.extract(from);
    if (!earlier) return;
    auto& kept = units[to];
    for (Enrolment& one : earlier.mapped())
        if (std::ranges::find(kept, one.campaign, &Enrolment::campaign) == kept.end())
            kept.push_back(std::move(one));
    mark("unit/" + from), mark("unit/" + to);
}

}  // namespace aisle::offers
