#include "agent/staff/campaign_desk.hpp"

#include <utility>

#include "agent/staff/answers.hpp"
#include "agent/staff/card.hpp"

namespace aisle::staff {
namespace {

namespace json = boost::json;
using runtime::HttpReply;
using runtime::HttpRequest;
using runtime::HttpResponse;

json::object side_of(const TrialSide& side) {
    json::object out;
    out["exposed"] = side.exposed;
    out["observed"] = side.observed;
    out["mean"] = side.mean.minor();
    return out;
}

json::value trial_of(const CampaignNow& campaign) {
    if (!campaign.compared) return nullptr;
    json::object out;
    out["treated"] = side_of(campaign.treated);
    out["withheld"] = side_of(campaign.withheld);
    out["mismatched"] = campaign.mismatched;
    out["needed"] = campaign.needed;
    return out;
}

json::value budget_of(const CampaignNow& campaign) {
    if (!campaign.budget) return nullptr;
    json::object out;
    out["budget"] = campaign.budget->minor();
    out["spent"] = campaign.spent.minor();
    out["reserved"] = campaign.reserved.minor();
    out["left"] = campaign.left.minor();
    out["leased"] = campaign.leased;
    return out;
}

json::object campaign_of(const CampaignNow& campaign) {
    json::object title;
    for (const auto& [language, words] : campaign.title) title[language] = words;
    json::object out;
    out["campaign"] = campaign.campaign.value;
    out["version"] = campaign.version;
    out["title"] = std::move(title);
    out["action"] = campaign.action;
    out["trigger"] = to_text(campaign.trigger);
    out["state"] = campaign.state;
    out["paused"] = campaign.paused;
    out["live"] = campaign.live;
    out["budget"] = budget_of(campaign);
    out["trial"] = trial_of(campaign);
    return out;
}

json::object steps_of(const FunnelNow::Steps& steps) {
    json::object out;
    out["triggered"] = steps.triggered;
    out["eligible"] = steps.eligible;
    out["offered"] = steps.offered;
    out["withheld"] = steps.withheld;
    out["accepted"] = steps.accepted;
    out["redeemed"] = steps.redeemed;
    return out;
}

HttpResponse response_to(StopOutcome outcome, const CampaignStop& asked) {
    json::object done;
    done["campaign"] = asked.campaign.value;
    done["stopped"] = asked.stop;
    switch (outcome) {
        case StopOutcome::Done:
        case StopOutcome::Same:
            return json_answer(done);
        case StopOutcome::NotNow:
            return runtime::problem(full("nothing was changed, try again"));
        case StopOutcome::Unknown:
            break;
    }
    return refuse({404, "Not Found", "no such campaign"});
}

}  // namespace

void CampaignDesk::hang_into(runtime::HttpRoutes& routes) {
    routes.on("GET", "/api/v1/campaigns",
              [this](const HttpRequest&, const HttpReply& reply) { reply(list()); });
    routes.on("GET", "/api/v1/funnel",
              [this](const HttpRequest&, const HttpReply& reply) { reply(funnel()); });
    routes.on("POST", "/api/v1/campaigns/{id}:stop",
              [this](const HttpRequest& request, HttpReply reply) {
                  stop(request, std::move(reply), true);
              });
    routes.on("POST", "/api/v1/campaigns/{id}:resume",
              [this](const HttpRequest& request, HttpReply reply) {
                  stop(request, std::move(reply), false);
              });
}

HttpResponse CampaignDesk::list() const {
    json::array campaigns;
    std::size_t left_out = 0;
    for (const CampaignNow& campaign : shop_.campaigns()) {
        if (campaigns.size() < kCampaignsShownMax)
            campaigns.push_back(campaign_of(campaign));
        else
            ++left_out;
    }
    json::object body;
    body["campaigns"] = std::move(campaigns);
    body["left_out"] = left_out;
    return json_answer(body);
}

HttpResponse CampaignDesk::funnel() const {
    const FunnelNow now = shop_.funnel();
    json::object campaigns;
    for (const auto& [id, steps] : now.campaigns) {
        if (campaigns.size() == kCampaignsShownMax) break;
        campaigns[id.value] = steps_of(steps);
    }
    json::object body;
    body["business_date"] = aisle::to_text(now.business_date);
    body["all"] = steps_of(now.all);
    body["campaigns"] = std::move(campaigns);
    return json_answer(body);
}

// Anybody who works here may stop a campaign. Letting it run again is for who is in charge of the
// box: the Unix socket's rights say who that is.
void CampaignDesk::stop(const HttpRequest& request, HttpReply reply, bool stop) {
    const auto body = body_of(request);
    if (!body) return reply(runtime::problem(body.error()));
    auto by = by_in(*body);
    if (!by) return reply(runtime::problem(by.error()));
    if (!stop && !request.local)
        return reply(refuse({403, "Forbidden", "a stopped campaign is resumed on the box itself"}));
    const CampaignStop asked{
        .campaign = CampaignId{request.wild.at("id")}, .by = *std::move(by), .stop = stop};
    shop_.stop_campaign(asked, [asked, reply = std::move(reply)](StopOutcome outcome) {
        reply(response_to(outcome, asked));
    });
}

}  // namespace aisle::staff
