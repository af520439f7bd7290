#include "fakes.hpp"

#include <cstdio>

#include <gtest/gtest.h>

#include "agent/runtime/http_routing.hpp"

namespace aisle::staff {

Offer offer_of(int n, const Stamp& now) {
    char id[33];
    std::snprintf(id, sizeof id, "%032x", static_cast<unsigned>(n));
    Offer offer;
    offer.id = OfferId{id};
    offer.campaign = CampaignId{"c-1"};
    offer.action = "spend_tiers";
    offer.title = {{"zh-CN", "满 99 减 10"}, {"en", "¥10 off ¥99"}};
    offer.value = Money::minor(1000);
    offer.code = "2912345678906";
    offer.made = now;
    offer.expires = {.set = now, .wait = minutes{15}};
    return offer;
}

void FakeRoutes::on(std::string method, std::string pattern, runtime::HttpHandler handler) {
    routes.push_back({std::move(method), std::move(pattern), std::move(handler)});
}

void FakeRoutes::on_websocket(std::string path, runtime::WebSocketHandlers handlers) {
    live_path = std::move(path);
    live = std::move(handlers);
}

std::optional<runtime::HttpResponse> FakeRoutes::send(runtime::HttpRequest request,
                                                      const std::string& target) {
    const auto parsed = runtime::parse_target(target);
    if (!parsed) return std::nullopt;
    request.path = parsed->path;
    request.query = parsed->query;
    for (const Route& route : routes) {
        const auto wild = runtime::RoutePattern{route.pattern}.match(request.path);
        if (route.method != request.method || !wild) continue;
        request.wild = *wild;
        auto answer = std::make_shared<std::optional<runtime::HttpResponse>>();
        answers_.push_back(answer);
        route.handler(request,
                      [answer](runtime::HttpResponse response) { *answer = std::move(response); });
        return *answer;
    }
    return std::nullopt;
}

std::optional<runtime::HttpResponse> FakeRoutes::call(std::string method, const std::string& target,
                                                      std::string body) {
    runtime::HttpRequest request;
    request.method = std::move(method);
    request.body = std::move(body);
    if (!request.body.empty()) request.headers["content-type"] = "application/json";
    return send(std::move(request), target);
}

boost::json::object json_in(const std::optional<runtime::HttpResponse>& response) {
    return response ? boost::json::parse(response->body).as_object() : boost::json::object{};
}

std::vector<boost::json::object> FakePage::of(std::string_view type) const {
    std::vector<boost::json::object> found;
    for (const auto& message : told) {
        if (message.at("t").as_string() == type) found.push_back(message);
    }
    return found;
}

Room::Room(StaffSettings with) : staff{std::move(with), {loop, routes, *metrics, shop}} {}

std::shared_ptr<FakePage> Room::page(std::string since) {
    auto page = std::make_shared<FakePage>(std::move(since));
    routes.live.opened(page);
    return page;
}

TEST(FakeRoutes, FindsARouteByMethodAndPattern) {
    FakeRoutes routes;
    routes.on("GET", "/a/{id}:b", [](const runtime::HttpRequest& request, const auto& reply) {
        reply({.body = request.wild.at("id")});
    });
    EXPECT_EQ(routes.call("GET", "/a/7:b")->body, "7");
    EXPECT_FALSE(routes.call("POST", "/a/7:b"));
}

}  // namespace aisle::staff
