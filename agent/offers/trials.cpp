#include <algorithm>

#include "agent/core/srm.hpp"
#include "agent/offers/digest.hpp"
#include "agent/offers/state.hpp"

// The sums of experiments: begun with a plan, looked at, told to HQ.
namespace aisle::offers {
namespace {

constexpr minutes kTellEvery{60};
constexpr minutes kKeepEnded{30 * 24 * 60};  // sums of a campaign that is gone

std::string shown(double number) {
    std::string text = std::to_string(number);
    return text.substr(0, text.find('.') + 6);
}

std::string p_text(double p) { return p < 0.00001 ? "p < 0.00001" : "p = " + shown(p); }

}  // namespace

// The trial of the campaign's present plan. One of another plan is told for the last time and
// ends: what was drawn by other weights is not added up with it.
Trial& Engine::State::trial_of(const Campaign& campaign, Turn& turn) {
    Trial& trial = trials[campaign.id];
    mark("trial/" + campaign.id.value);
    std::string plan = plan_of(campaign.experiment);
    if (trial.plan == plan) return trial;
    if (trial.untold) report(campaign.id, trial, turn);
    trial = Trial{.plan = std::move(plan), .since = turn.now, .told = turn.now};
    return trial;
}

void Engine::State::look_at_ratio(const Campaign& campaign, Trial& trial, Turn& turn) {
    std::int64_t exposures = 0;
    for (const auto& [name, group] : trial.groups) exposures += group.exposed;
    if (exposures < std::max(trial.next_look, kFirstLook) || trial.mismatch) return;
    trial.next_look = next_look(exposures);
    std::vector<RatioGroup> groups;
    for (const auto& [name, share] : expected_shares(campaign.experiment)) {
        const auto at = trial.groups.find(name);
        groups.push_back({.weight = share, .n = at == trial.groups.end() ? 0 : at->second.exposed});
    }
    const RatioLook look = aisle::look_at_ratio(groups);
    if (!look.alarm) return;
    trial.mismatch = Mismatch{.exposures = exposures, .p = look.p};
    turn.effects.alarms.push_back(
        {.campaign = campaign.id,
         .kind = "experiment.srm",
         .detail = p_text(look.p) + " after " + std::to_string(exposures) + " exposures",
         .at = turn.now});
    report(campaign.id, trial, turn);
}

void Engine::State::settle_switchbacks() {
    switchbacks.clear();
    for (const Campaign& campaign : set->all())
        if (campaign.state == CampaignState::Live && campaign.experiment.block.count() > 0)
            switchbacks.push_back(&campaign);
}

// Everything that is sold while a stretch runs belongs to it: nobody knows whom the screen has
// reached.
void Engine::State::observe_blocks(const Sale& sale, Turn& turn) {
    if (switchbacks.empty() || sale.type == SaleType::Return || !counts(sale)) return;
    Money spent;
    for (const SaleLine& line : sale.lines)
        if (!line.voided && line.void_of == 0) spent += line.net;
    for (const Campaign* const campaign : switchbacks) {
        const Experiment& experiment = campaign->experiment;
        std::string place = settings.store.value;
        if (!campaign->trigger.zone.empty()) place += "|" + campaign->trigger.zone.value;
        const Unit unit = unit_of(experiment, {.place = place, .at = sale.ended_at});
        Trial& trial = trial_of(*campaign, turn);
        // A till with a wrong clock would end stretches that have not begun.
        const Unit present = unit_of(experiment, {.place = place, .at = turn.now.wall});
        if (*unit.block > *present.block) continue;
        // A till's file may come late: what belongs to an earlier stretch is left out of both.
        if (*unit.block < trial.block.index) continue;
        if (*unit.block > trial.block.index) {
            end_block(*campaign, trial);
            trial.block = {.index = *unit.block, .group = draw(experiment, unit, {}).group};
        }
        ++trial.block.receipts;
        trial.block.spent_minor += spent.minor();
        trial.untold = true;
    }
}

void Engine::State::end_block(const Campaign& campaign, Trial& trial) {
    if (trial.block.index < 0) return;
    trial.groups[trial.block.group].spend.add(static_cast<double>(trial.block.receipts),
                                              static_cast<double>(trial.block.spent_minor));
    trial.block = {};
    mark("trial/" + campaign.id.value);
}

void Engine::State::report(const CampaignId& id, Trial& trial, Turn& turn) {
    const Campaign* const campaign = set->find(id);
    TrialReport told{.id = id_of("trial|" + settings.store.value + '|' + id.value + '|' +
                                 trial.plan + '|' + std::to_string(trial.since.boot) + '|' +
                                 std::to_string(trial.since.mono.time_since_epoch().count()) + '|' +
                                 std::to_string(trial.since.wall.time_since_epoch().count())),
                     .revision = ++trial.revision,
                     .campaign = id,
                     .experiment = campaign ? campaign->experiment.key : id.value,
                     .plan = trial.plan,
                     .blocks = campaign && campaign->experiment.block.count() > 0,
                     .since = trial.since.wall,
                     .groups = trial.groups,
                     .unobserved = trial.unobserved,
                     .mismatch = trial.mismatch,
                     .at = turn.now};
    if (campaign && plan_of(campaign->experiment) == trial.plan)
        for (const auto& [name, share] : expected_shares(campaign->experiment))
            if (share > 0) told.expected[name] = share;
    turn.effects.trials.push_back(std::move(told));
    trial.untold = false;
    trial.told = turn.now;
    mark("trial/" + id.value);
}

void Engine::State::tell_trials(Turn& turn) {
    for (auto at = trials.begin(); at != trials.end();) {
        const CampaignId& id = at->first;
        Trial& trial = at->second;
        if (unmeasured(trial.told, turn.now)) trial.told = turn.now, mark("trial/" + id.value);
        const auto since_told = [&](milliseconds wait) {
            return passed(Deadline{.set = trial.told, .wait = wait}, turn.now);
        };
        if (trial.untold && since_told(kTellEvery)) report(id, trial, turn);
        const bool over = !set->find(id) && !trial.untold && since_told(kKeepEnded);
        if (over) mark("trial/" + id.value);
        at = over ? trials.erase(at) : std::next(at);
    }
}

}  // namespace aisle::offers
