#include "agent/offers/guardrails.hpp"

#include "agent/offers/state.hpp"

namespace aisle::offers {
namespace {

constexpr double kTuned = 1'000;  // observations at which an interval is narrowest

std::optional<double> low_margin(double limit, const RailFigures& figures) {
    const Sums& treated = figures.treated_margin;
    const Sums& withheld = figures.withheld_margin;
    if (treated.n < kRailUnits || withheld.n < kRailUnits || withheld.mean() <= 0)
        return std::nullopt;
    const double share = 1 + limit;
    const double below = share * withheld.mean() - treated.mean();
    const auto n = static_cast<double>(treated.n + withheld.n);
    const double variance = treated.variance() / static_cast<double>(treated.n) +
                            share * share * withheld.variance() / static_cast<double>(withheld.n);
    const double half =
        always_valid_half_width({.n = n, .variance = variance * n, .tuned = kTuned});
    if (below <= half) return std::nullopt;
    return treated.mean() / withheld.mean() - 1;
}

struct Part {
    std::int64_t of = 0;
    std::int64_t n = 0;
    std::int64_t least = 0;
};

std::optional<double> high_share(double limit, const Part& part) {
    if (part.of < part.least) return std::nullopt;
    const auto of = static_cast<double>(part.of);
    const double share = static_cast<double>(part.n) / of;
    // Where all or none did, half of one is taken as uncertain.
    const double spread = std::max(share * (1 - share), 0.5 / of);
    if (share - always_valid_half_width({.n = of, .variance = spread, .tuned = kTuned}) <= limit)
        return std::nullopt;
    return share;
}

}  // namespace

std::optional<double> broken_at(const Guardrail& rail, const RailFigures& figures) {
    switch (rail.metric) {
        case GuardMetric::MarginPerBasket:
            return low_margin(rail.limit, figures);
        case GuardMetric::RefundRate:
            return high_share(rail.limit,
                              {.of = figures.observed, .n = figures.returned, .least = kRailUnits});
        case GuardMetric::DeclineRate:
            return high_share(rail.limit,
                              {.of = figures.ended, .n = figures.declined, .least = kRailPrompts});
        case GuardMetric::BudgetBurn:
            break;
    }
    if (figures.spent_share < kRailBurnFrom ||
        figures.spent_share <= rail.limit * figures.elapsed_share)
        return std::nullopt;
    return figures.elapsed_share > 0 ? figures.spent_share / figures.elapsed_share : rail.limit + 1;
}

bool is_withheld(const Experiment& experiment, const std::string& group) {
    const Arm* const arm = arm_named(experiment, group);
    if (arm) return !arm->prompt || arm->name == "control";
    return group == "holdout" || group == "global_holdout";
}

namespace {

RailFigures figures_of(const Campaign& campaign, const Account& account, const Trial* trial,
                       const Stamp& now) {
    RailFigures figures{.ended = account.ended, .declined = account.declined};
    if (trial) {
        for (const auto& [name, group] : trial->groups) {
            const bool withheld = is_withheld(campaign.experiment, name);
            (withheld ? figures.withheld_margin : figures.treated_margin) += group.margin;
            if (withheld) continue;
            figures.observed += group.spend.n;
            figures.returned += group.returned;
        }
    }
    const Window& window = campaign.window;
    if (campaign.limits.budget && *campaign.limits.budget > Money{} && window.from && window.to) {
        figures.spent_share = static_cast<double>(account.spent.minor()) /
                              static_cast<double>(campaign.limits.budget->minor());
        figures.elapsed_share = static_cast<double>((now.wall - *window.from).count()) /
                                static_cast<double>((*window.to - *window.from).count());
    }
    return figures;
}

std::string rounded(double number) {
    const std::string text = std::to_string(number);
    return text.substr(0, text.find('.') + 5);
}

}  // namespace

bool Engine::State::paused(const Campaign& campaign) const {
    const Account* const account = account_of(campaign);
    return account && !account->paused.empty() && account->paused_version == campaign.version;
}

// Pauses at once and says so; what is live stays what it is. Another version of the campaign, which
// somebody has looked at, runs again, and its refusals are counted anew.
void Engine::State::judge_guardrails(Turn& turn) {
    for (const CampaignId& id : unjudged) {
        const Campaign* const campaign = set->find(id);
        if (!campaign || campaign->guardrails.empty() || paused(*campaign)) continue;
        Account& account = account_of(id);
        if (!account.paused.empty()) {
            account.paused.clear();
            account.ended = account.declined = 0;
            mark("account/" + id.value);
        }
        const auto trial = trials.find(id);
        const RailFigures figures = figures_of(
            *campaign, account, trial == trials.end() ? nullptr : &trial->second, turn.now);
        for (const Guardrail& rail : campaign->guardrails) {
            const auto value = broken_at(rail, figures);
            if (!value) continue;
            account.paused = to_text(rail.metric);
            account.paused_version = campaign->version;
            mark("account/" + id.value);
            const bool least = rail.metric == GuardMetric::MarginPerBasket;
            turn.effects.alarms.push_back({.campaign = id,
                                           .kind = "guardrail.pause",
                                           .detail = account.paused + " " + rounded(*value) +
                                                     (least ? " below " : " above ") +
                                                     rounded(rail.limit),
                                           .at = turn.now});
            break;
        }
    }
    unjudged.clear();
}

}  // namespace aisle::offers
