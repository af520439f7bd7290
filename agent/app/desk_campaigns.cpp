#include <algorithm>
#include <cmath>

#include "agent/app/desk.hpp"

// What staff see of the campaigns, and the one thing that they may do with them.
namespace aisle::app {
namespace {

constexpr std::int64_t kSideMin = 100;  // of each side, before a variance says anything
// 80 % power at two-sided 5 % for a difference of a tenth: (1.96 + 0.84)^2 * 2 / 0.1^2.
constexpr double kUnitsPerVariance = 2.8 * 2.8 * 2 / 0.01;

std::string_view text_of(offers::CampaignState state) {
    switch (state) {
        case offers::CampaignState::Draft:
            return "draft";
        case offers::CampaignState::Live:
            return "live";
        case offers::CampaignState::Paused:
            return "paused";
        case offers::CampaignState::Ended:
            break;
    }
    return "ended";
}

staff::TrialSide side_of(const offers::CampaignStatus::Side& side) {
    return {.exposed = side.exposed,
            .observed = side.spend.n,
            .mean = Money::minor(std::llround(side.spend.mean()))};
}

// How many more the smaller side needs before a tenth more or less of what the others spend would
// show in four of five cases.
std::int64_t needed(const offers::CampaignStatus& status) {
    const std::int64_t fewest = std::min(status.prompted.spend.n, status.left_alone.spend.n);
    const Sums& spend = status.left_alone.spend;
    if (fewest < kSideMin || spend.mean() <= 0) return std::max<std::int64_t>(0, kSideMin - fewest);
    const double wanted = kUnitsPerVariance * spend.variance() / (spend.mean() * spend.mean());
    const double more = std::ceil(wanted) - static_cast<double>(fewest);
    return more > 0 ? static_cast<std::int64_t>(std::min(more, 1e9)) : 0;
}

staff::CampaignNow now_of(const offers::Campaign& campaign, const offers::CampaignStatus& status) {
    return {.campaign = campaign.id,
            .version = campaign.version,
            .title = campaign.delivery.title,
            .action = std::string{to_text(campaign.action)},
            .trigger = campaign.trigger.kind,
            .state = std::string{text_of(campaign.state)},
            .paused = status.paused,
            .leased = campaign.limits.leased,
            .budget = status.budget,
            .spent = status.spent,
            .reserved = status.reserved,
            .left = status.left,
            .live = status.live,
            .treated = side_of(status.prompted),
            .withheld = side_of(status.left_alone),
            .compared = status.prompted.exposed + status.left_alone.exposed > 0,
            .mismatched = status.mismatched,
            .needed = needed(status)};
}

}  // namespace

std::vector<staff::CampaignNow> Desk::campaigns() const {
    const offers::Engine& offers = *parts_.engines.offers;
    std::vector<staff::CampaignNow> all;
    for (const offers::CampaignStatus& status : offers.status()) {
        const offers::Campaign* const campaign = offers.campaigns().find(status.campaign);
        const bool shown = campaign->state == offers::CampaignState::Live ||
                           campaign->state == offers::CampaignState::Paused;
        if (shown) all.push_back(now_of(*campaign, status));
    }
    return all;
}

staff::FunnelNow Desk::funnel() const {
    const Date today = parts_.engines.footfall.today(parts_.clock.now().wall).date;
    staff::FunnelNow funnel = parts_.floor.funnel().now();
    if (funnel.business_date == today) return funnel;
    return {.business_date = today, .all = {}, .campaigns = {}};
}

void Desk::stop_campaign(staff::CampaignStop stop, std::function<void(staff::StopOutcome)> reply) {
    Work work{.apply =
                  [this, stop, reply](Turn& turn, std::span<const Found>) {
                      using staff::StopOutcome;
                      const offers::Verdict verdict = parts_.floor.stop_campaign(turn, stop);
                      const StopOutcome outcome =
                          verdict == offers::Verdict::Done   ? StopOutcome::Done
                          : verdict == offers::Verdict::Same ? StopOutcome::Same
                                                             : StopOutcome::Unknown;
                      turn.after.push_back([reply, outcome] { reply(outcome); });
                  },
              .failed = [reply](const Error&) { reply(staff::StopOutcome::NotNow); },
              .waits = true};
    if (!parts_.pipeline.submit(std::move(work))) reply(staff::StopOutcome::NotNow);
}

}  // namespace aisle::app
