#include "agent/offers/guardrails.hpp"
#include "agent/offers/state.hpp"

// Staff stop a campaign in this shop, and look at how it goes.
namespace aisle::offers {

// A stop is kept where a guardrail's pause is kept, so that it survives a restart and ends as that
// does: another version, which somebody has looked at, runs again.
Acted Engine::State::set_stopped(const CampaignId& id, bool stop, const std::string& by,
                                 const Stamp& now) {
    const Campaign* const campaign = set->find(id);
    if (!campaign) return {.verdict = Verdict::Unknown, .detail = "no such campaign"};
    const bool stopped = paused(*campaign);
    if (stop == stopped && (!stop || account_of(id).paused == kStoppedHere))
        return {.verdict = Verdict::Same, .detail = stop ? "stopped" : "runs"};
    Turn turn{.now = now};
    Account& account = account_of(id);
    const std::string before = account.paused;
    account.paused = stop ? std::string{kStoppedHere} : std::string{};
    account.paused_version = stop ? campaign->version : 0;
    // Who resumes after a guardrail's pause has seen its figures: they are counted anew.
    if (!stop) account.ended = account.declined = 0;
    mark("account/" + id.value);
    turn.effects.alarms.push_back({.campaign = id,
                                   .kind = stop ? "campaign.stop" : "campaign.resume",
                                   .detail = stop ? "by " + by : "by " + by + " after " + before,
                                   .at = now});
    return {.verdict = Verdict::Done, .effects = finish(turn)};
}

void Engine::State::compare(const Campaign& campaign, const Trial& trial,
                            CampaignStatus& status) const {
    for (const auto& [name, group] : trial.groups) {
        auto& side = is_withheld(campaign.experiment, name) ? status.left_alone : status.prompted;
        side.exposed += group.exposed;
        side.spend += group.spend;
    }
}

}  // namespace aisle::offers
