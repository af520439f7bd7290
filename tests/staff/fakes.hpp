#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json.hpp>

#include "agent/runtime/inline_executor.hpp"
#include "agent/staff/staff.hpp"

// A staff room without a network and over a shop that says what the test wants.
namespace aisle::staff {

inline constexpr std::string_view kMemberKey = "0f3d5c7b9a1e2d4c6b8a9f0e1d2c7f3a";

// The n-th offer, offered now for fifteen minutes, with a code.
Offer offer_of(int n, const Stamp& now);

// Keeps what was hung in and calls it as the server would, on the spot.
class FakeRoutes final : public runtime::HttpRoutes {
public:
    struct Route {
        std::string method;
        std::string pattern;
        runtime::HttpHandler handler;
    };

    void on(std::string method, std::string pattern, runtime::HttpHandler handler) override;
    void on_websocket(std::string path, runtime::WebSocketHandlers handlers) override;

    // Nothing if no route fits or the reply has not come yet.
    std::optional<runtime::HttpResponse> call(std::string method, const std::string& target,
                                              std::string body = {});
    std::optional<runtime::HttpResponse> send(runtime::HttpRequest request,
                                              const std::string& target);

    [[nodiscard]] bool has(std::string_view pattern) const {
        return pattern == live_path ||
               std::ranges::find(routes, pattern, &Route::pattern) != routes.end();
    }

    std::vector<Route> routes;
    std::string live_path;
    runtime::WebSocketHandlers live;

private:
    std::vector<std::shared_ptr<std::optional<runtime::HttpResponse>>> answers_;
};

boost::json::object json_in(const std::optional<runtime::HttpResponse>& response);

// A page at the other end: keeps what it was told.
class FakePage final : public runtime::WebSocket {
public:
    explicit FakePage(std::string since = {}) {
        if (!since.empty()) request_.query["since"] = std::move(since);
    }
    void send(std::string text) override { told.push_back(boost::json::parse(text).as_object()); }
    void close(std::string_view why) override { closed = why; }
    [[nodiscard]] const runtime::HttpRequest& request() const override { return request_; }

    // The messages of one type, in order.
    [[nodiscard]] std::vector<boost::json::object> of(std::string_view type) const;

    std::vector<boost::json::object> told;
    std::string closed;

private:
    runtime::HttpRequest request_;
};

// Answers at once with what it was given, and keeps what it was asked.
class FakeShop final : public Shop {
public:
    void act(OfferAct act, std::function<void(ActAnswer)> reply) override {
        acts.push_back(std::move(act));
        if (late) {
            late_replies.push_back(std::move(reply));
            return;
        }
        reply(answer);
    }
    void check_in(CheckIn scan, std::function<void(Result<CheckedIn>)> reply) override {
        scans.push_back(std::move(scan));
        reply(found);
    }
    void set_consent(ConsentChange change, std::function<void(Status)> reply) override {
        changes.push_back(std::move(change));
        reply(consent_answer);
    }
    void stop_campaign(CampaignStop stop, std::function<void(StopOutcome)> reply) override {
        stops.push_back(std::move(stop));
        reply(stop_answer);
    }
    [[nodiscard]] std::vector<CampaignNow> campaigns() const override { return running; }
    [[nodiscard]] FunnelNow funnel() const override { return steps; }
    [[nodiscard]] Today today() const override { return figures; }
    [[nodiscard]] ShopStatus status() const override { return health; }

    ActAnswer answer;
    Result<CheckedIn> found = CheckedIn{};
    Status consent_answer{};
    StopOutcome stop_answer = StopOutcome::Done;
    std::vector<CampaignNow> running;
    FunnelNow steps;
    std::vector<CampaignStop> stops;
    Today figures;
    ShopStatus health;
    bool late = false;

    std::vector<OfferAct> acts;
    std::vector<std::function<void(ActAnswer)>> late_replies;
    std::vector<CheckIn> scans;
    std::vector<ConsentChange> changes;
};

// All of it together.
struct Room {
    explicit Room(StaffSettings with = {.store = StoreId{"s-0001"}, .start_id = "aaaa"});

    // A page that has connected.
    std::shared_ptr<FakePage> page(std::string since = {});
    Stamp now() const { return clock.now(); }

    runtime::ManualClock clock;
    runtime::InlineExecutor loop{clock};
    FakeRoutes routes;
    std::unique_ptr<runtime::Metrics> metrics = runtime::make_metrics();
    FakeShop shop;
    Staff staff;
};

}  // namespace aisle::staff
