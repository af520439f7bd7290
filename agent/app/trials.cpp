#include "agent/app/trials.hpp"

#include "agent/records/abuse_record.hpp"
#include "agent/records/trial_record.hpp"
#include "agent/runtime/log.hpp"

namespace aisle::app {
namespace {

records::TrialSums sums_of(const Sums& sums) {
    return {.n = sums.n, .sums = {sums.y, sums.yy, sums.x, sums.xx, sums.xy}};
}

records::TrialFigures figures_of(const offers::TrialReport& report) {
    records::TrialFigures figures{.id = report.id,
                                  .revision = report.revision,
                                  .campaign = report.campaign,
                                  .experiment = report.experiment,
                                  .plan = report.plan,
                                  .blocks = report.blocks,
                                  .since = report.since,
                                  .unobserved = report.unobserved,
                                  .at = report.at};
    for (const auto& [name, share] : report.expected) figures.groups[name].expected = share;
    for (const auto& [name, group] : report.groups) {
        records::TrialGroupFigures& made = figures.groups[name];
        made.exposed = group.exposed;
        made.returned = group.returned;
        made.spend = sums_of(group.spend);
        made.margin = sums_of(group.margin);
    }
    if (!report.mismatch) return figures;
    figures.mismatch_after = report.mismatch->exposures;
    figures.mismatch_p = report.mismatch->p;
    return figures;
}

}  // namespace

void add_trials(Turn& turn, const offers::Effects& effects, Audit& audit) {
    for (const offers::TrialReport& report : effects.trials)
        turn.add(records::trial_record(figures_of(report)));
    for (const offers::CampaignAlarm& alarm : effects.alarms) {
        audit.record(turn, {.actor = "agent",
                            .action = alarm.kind,
                            .subject = alarm.campaign.value,
                            .detail = alarm.detail});
        log::warn(
            "campaign_alarm",
            {{"campaign", alarm.campaign.value}, {"kind", alarm.kind}, {"detail", alarm.detail}});
    }
}

// The audit and the log name the till and what was seen. Who it was is in the record alone, which
// erasure reaches; the audit's chain may not be changed.
void add_flags(Turn& turn, const offers::Effects& effects, Audit& audit) {
    for (const offers::AbuseFlag& flag : effects.flags) {
        const std::string kind{to_text(flag.kind)};
        turn.add(records::abuse_record({.abuse = kind,
                                        .campaign = flag.campaign,
                                        .till = flag.till,
                                        .staff = flag.staff,
                                        .member = flag.member,
                                        .count = flag.count,
                                        .expected = flag.expected,
                                        .p = flag.p,
                                        .detail = flag.detail,
                                        .at = flag.at}));
        audit.record(turn, {.actor = "agent",
                            .action = "abuse.flag",
                            .subject = flag.till.empty() ? kind : "till " + flag.till.value,
                            .detail = kind + ": " + flag.detail});
        log::warn("abuse_flag", {{"kind", kind},
                                 {"till", flag.till.value},
                                 {"campaign", flag.campaign.value},
                                 {"detail", flag.detail}});
    }
}

}  // namespace aisle::app
