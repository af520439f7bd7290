#include <utility>

#include "sync/hq/downlink_api.hpp"
#include "sync/hq/exposure.hpp"

namespace aisle::hq {
namespace {

using namespace api;

constexpr std::chrono::hours kRecallValid{7 * 24};

void list(Downlink::Core& core, const HttpRequest&, const HttpReply& reply) {
    const auto away = [&](const std::string& store) { return core.away(store); };
    reply({.body = budgets_json(core.desks->budgets, away, core.now().wall),
           .headers = {{"Cache-Control", "no-store"}}});
}

void set(Downlink::Core& core, const HttpRequest& request, HttpReply reply) {
    const auto in = records::ObjectReader::parse(request.body);
    in.require({"total"});
    const auto total = in.finish(in.money("total"));
    if (!total) return reply(refusal_response(total.error()));
    const auto& campaign = request.wild.at("campaign");
    auto turn = core.desks->budgets.set(campaign, *total);
    if (!turn) return reply(refusal_response(turn.error()));
    json::object body;
    put(body, "campaign", campaign);
    put(body, "total", *total);
    answer_when_kept(core, core.carry_out(std::move(*turn)), std::move(reply), std::move(body));
}

void recall(Downlink::Core& core, const HttpRequest& request, HttpReply reply) {
    const auto& campaign = request.wild.at("campaign");
    auto recalled = core.desks->budgets.recall(campaign);
    if (!recalled) return reply(refusal_response(recalled.error()));
    DownEffects effects{.state = std::move(recalled->state)};
    std::vector<std::string> ids;
    if (!recalled->stores.empty()) {
        const wire::LeaseRecall args{.campaign = CampaignId{campaign}, .reason = "recalled"};
        auto queued =
            core.command({.stores = recalled->stores, .args = args, .valid = kRecallValid}, ids);
        // Nothing more is granted, whether or not the stores can be told.
        if (!queued) {
            core.commit(std::move(effects));
            return reply(refusal_response(queued.error()));
        }
        effects.add(std::move(*queued));
    }
    json::object body;
    put(body, "campaign", campaign);
    put(body, "stores", json::value(static_cast<std::int64_t>(recalled->stores.size())));
    answer_when_kept(core, std::move(effects), std::move(reply), std::move(body));
}

void reconcile(Downlink::Core& core, const HttpRequest& request, HttpReply reply) {
    const auto in = records::ObjectReader::parse(request.body);
    in.require({"store", "epoch", "spent"});
    BudgetBook::Reconciliation words{.campaign = request.wild.at("campaign"),
                                     .account = {in.text("store"), in.text("epoch")},
                                     .spent = in.money("spent")};
    if (auto good = in.status(); !good) return reply(refusal_response(good.error()));
    auto turn = core.desks->budgets.reconcile(words);
    if (!turn) return reply(refusal_response(turn.error()));
    json::object body;
    put(body, "campaign", words.campaign);
    put(body, "spent", words.spent);
    answer_when_kept(core, core.carry_out(std::move(*turn)), std::move(reply), std::move(body));
}

}  // namespace

void add_budget_routes(runtime::HttpRoutes& routes, const std::shared_ptr<Downlink::Core>& core) {
    routes.on("GET", "/api/v1/budgets", showing(core, list));
    routes.on("PUT", "/api/v1/budgets/{campaign}", changing(core, set));
    routes.on("POST", "/api/v1/budgets/{campaign}:recall", changing(core, recall));
    routes.on("POST", "/api/v1/budgets/{campaign}:reconcile", changing(core, reconcile));
}

}  // namespace aisle::hq
