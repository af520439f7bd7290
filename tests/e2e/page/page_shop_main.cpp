// A shop for the page test: the real HTTP server and the real staff room over a shop that is
// played. The test deals cards with POST /test/deal {"n": 0..}; what was done with them is kept in
// a file, so that a restart finds it again.
//
//   page_shop [--port N] [--state FILE]      prints "PORT n" once it serves, ends on SIGTERM

#include <cstdio>
#include <fstream>
#include <iostream>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include <boost/json.hpp>

#include "agent/runtime/http_server.hpp"
#include "agent/runtime/io_loop.hpp"
#include "agent/runtime/random.hpp"
#include "agent/runtime/signals.hpp"
#include "agent/runtime/system_clock.hpp"
#include "agent/staff/staff.hpp"
#include "page_campaigns.hpp"
#include "page_floor.hpp"

namespace aisle {
namespace {

using staff::ActAnswer;
using staff::ActOutcome;

std::string id_of(int n) {
    char id[33];
    std::snprintf(id, sizeof id, "%032x", 0xa15000U + static_cast<unsigned>(n));
    return id;
}

// The n-th EAN-13 in the range for use inside a shop.
std::string code_of(int n) {
    std::string code = "29" + std::to_string(1'000'000'000 + n * 7919);
    code = code.substr(0, 12);
    int sum = 0;
    for (std::size_t i = 0; i < code.size(); ++i) sum += (code[i] - '0') * (i % 2 == 0 ? 1 : 3);
    return code + std::to_string((10 - sum % 10) % 10);
}

Offer spend_tiers() {
    Offer offer;
    offer.action = "spend_tiers";
    offer.title = {{"zh-CN", "零食满 99 减 10，满 199 减 25"},
                   {"en", "Snacks: ¥10 off ¥99, ¥25 off ¥199"}};
    offer.value = Money::minor(2500);
    offer.trigger = TriggerKind::ZoneDwell;
    offer.eyes = "trolley 14";
    offer.zone = ZoneId{"snacks"};
    offer.reasons = {{"dwell_s", "92"}, {"zone", "snacks"}};
    offer.expires.wait = minutes{8};
    return offer;
}

Offer percent_off() {
    Offer offer;
    offer.action = "pct_off";
    offer.title = {{"zh-CN", "护肤品 8 折"}, {"en", "20% off skincare"}};
    offer.value = Money::minor(6000);
    offer.trigger = TriggerKind::MemberSeen;
    offer.member = MemberKey{"0f3d5c7b9a1e2d4c6b8a9f0e1d2c7f3a"};
    offer.tier = "gold";
    offer.lifecycle = "at_risk";
    offer.zone = ZoneId{"beauty"};
    offer.reasons = {{"lifecycle", "at_risk"},
                     {"days_since_last", "45"},
                     {"category", "skincare"},
                     {"was_minor", "12900"},
                     {"alternative", "c-snacks"}};
    offer.expires.wait = minutes{12};
    offer.decision.nearest = {{CampaignId{"c-snacks"}, "lower_priority"},
                              {CampaignId{"c-mug"}, "guardrail"}};
    return offer;
}

Offer gift() {
    Offer offer;
    offer.action = "gift";
    offer.title = {{"zh-CN", "赠送新品酸奶一杯"}, {"en", "A free cup of our new yoghurt"}};
    offer.value = Money::minor(890);
    offer.trigger = TriggerKind::Sale;
    offer.eyes = "till 2";
    offer.till = TillId{"2"};
    offer.member = MemberKey{"77aa5c7b9a1e2d4c6b8a9f0e1d2c04be"};
    offer.tier = "silver";
    offer.lifecycle = "new";
    offer.reasons = {{"lifecycle", "new"}, {"basket_minor", "23450"}, {"alternative", "none"}};
    offer.expires.wait = minutes{3};
    return offer;
}

Offer offer_of(int n, const Stamp& now) {
    Offer offer = n % 3 == 0 ? spend_tiers() : n % 3 == 1 ? percent_off() : gift();
    offer.id = OfferId{id_of(n)};
    offer.campaign = CampaignId{"c-" + std::to_string(n)};
    offer.code = code_of(n);
    offer.made = now;
    offer.expires.set = now;
    return offer;
}

std::optional<OfferState> state_after(OfferState from, OfferAction action) {
    switch (action) {
        case OfferAction::Accept:
            if (from == OfferState::Offered) return OfferState::Accepted;
            break;
        case OfferAction::Present:
            if (from == OfferState::Accepted) return OfferState::Presented;
            break;
        case OfferAction::Redeem:
            if (from == OfferState::Accepted || from == OfferState::Presented)
                return OfferState::Redeemed;
            break;
        case OfferAction::Decline:
            if (from != OfferState::Redeemed && from != OfferState::Declined)
                return OfferState::Declined;
            break;
    }
    return std::nullopt;
}

// Offers as the engine would hold them, in a file as the store would.
class PlayedShop final : public staff::Shop {
public:
    PlayedShop(const Clock& clock, std::string file) : clock_{clock}, file_{std::move(file)} {
        std::ifstream in{file_};
        int n = 0;
        int state = 0;
        for (std::string by; in >> n >> state >> by;) {
            Offer& offer = deal(n);
            offer.state = static_cast<OfferState>(state);
            offer.by = by == "-" ? "" : by;
        }
    }

    void watched_by(staff::Staff& staff) {
        staff_ = &staff;
        std::vector<Offer> live;
        for (const auto& [n, offer] : offers_) live.push_back(offer);
        staff.reset(live);
    }

    void deal_and_tell(int n, std::optional<milliseconds> wait) {
        Offer& offer = deal(n);
        if (wait) offer.expires.wait = *wait;
        keep();
        staff_->changed(offer);
    }

    [[nodiscard]] std::string last_reason() const { return last_reason_; }

    void act(OfferAct act, std::function<void(ActAnswer)> reply) override {
        for (auto& [n, offer] : offers_) {
            if (offer.id == act.offer) return reply(act_on(offer, act));
        }
        reply({ActOutcome::Unknown, std::nullopt});
    }

    void check_in(staff::CheckIn scan,
                  std::function<void(Result<staff::CheckedIn>)> reply) override {
        if (scan.member == "busy") return reply(full("no room"));
        staff::CheckedIn found;
        found.card.member = MemberKey{"0f3d5c7b9a1e2d4c6b8a9f0e1d2c7f3a"};
        found.card.known = true;
        found.card.tier = "gold";
        found.card.stage = LifecycleStage::AtRisk;
        found.card.recency = 2;
        found.card.frequency = 4;
        found.card.monetary = 5;
        found.card.purchases = 12;
        found.card.spent = Money::minor(324'560);
        found.card.days_since_last = 45;
        found.card.categories = {{"skincare", 7}, {"tea", 3}};
        found.card.consent = consent_;
        found.card.last = {{.at = clock_.now().wall - std::chrono::hours{45 * 24},
                            .total = Money::minor(18'650),
                            .lines = 4}};
        found.why_not = {{CampaignId{"c-tea"}, "cooldown"}};
        for (const auto& [n, offer] : offers_) {
            if (offer.member == found.card.member) found.offers.push_back(offer);
        }
        reply(std::move(found));
    }

    void set_consent(ConsentChange change, std::function<void(Status)> reply) override {
        consent_[change.purpose] = {
            .at = change.at.wall, .version = change.version, .granted = change.granted};
        reply({});
    }

    void stop_campaign(staff::CampaignStop stop,
                       std::function<void(staff::StopOutcome)> reply) override {
        stopped_.insert(stop.campaign.value);
        reply(staff::StopOutcome::Done);
    }

    [[nodiscard]] std::vector<staff::CampaignNow> campaigns() const override {
        std::vector<staff::CampaignNow> all = played_campaigns();
        for (staff::CampaignNow& one : all)
            if (stopped_.contains(one.campaign.value)) one.paused = "stopped_here";
        return all;
    }

    [[nodiscard]] staff::FunnelNow funnel() const override { return played_funnel(); }

    [[nodiscard]] staff::Today today() const override {
        return {.business_date =
                    Date{std::chrono::year{2026}, std::chrono::month{11}, std::chrono::day{21}},
                .entries = 412,
                .inside = 37,
                .sales = 128,
                .takings = Money::minor(1'845'600),
                .conversion_permille = 311,
                .blind_s = 0,
                .offers_made = 46,
                .offers_redeemed = 19};
    }

    [[nodiscard]] staff::ShopStatus status() const override { return {.ready = true}; }

private:
    Offer& deal(int n) { return offers_.try_emplace(n, offer_of(n, clock_.now())).first->second; }

    ActAnswer act_on(Offer& offer, const OfferAct& act) {
        if (passed(offer.expires, clock_.now())) return {ActOutcome::Over, offer};
        const auto next = state_after(offer.state, act.action);
        if (!next) return {ActOutcome::Taken, offer};
        offer.state = *next;
        offer.by = act.by;
        ++offer.revision;
        if (act.action == OfferAction::Decline) last_reason_ = act.reason;
        keep();
        staff_->changed(offer);
        return {ActOutcome::Done, offer};
    }

    void keep() const {
        std::ofstream out{file_, std::ios::trunc};
        for (const auto& [n, offer] : offers_)
            out << n << ' ' << static_cast<int>(offer.state) << ' '
                << (offer.by.empty() ? "-" : offer.by) << '\n';
    }

    const Clock& clock_;
    std::string file_;
    staff::Staff* staff_ = nullptr;
    std::map<int, Offer> offers_;
    std::map<std::string, Consent> consent_;
    std::string last_reason_;
    std::set<std::string> stopped_;
};

// Cards by number, and what the shop was told: the test's hands behind the scene.
void hang_test_routes(runtime::HttpRoutes& routes, PlayedShop& shop) {
    routes.on("POST", "/test/deal",
              [&shop](const runtime::HttpRequest& request, const runtime::HttpReply& reply) {
                  const boost::json::value body = boost::json::parse(request.body);
                  std::optional<milliseconds> wait;
                  if (const auto* ms = body.as_object().if_contains("wait_ms"))
                      wait = milliseconds{ms->as_int64()};
                  shop.deal_and_tell(static_cast<int>(body.at("n").as_int64()), wait);
                  reply({.body = "{}"});
              });
    routes.on("GET", "/test/reason",
              [&shop](const runtime::HttpRequest&, const runtime::HttpReply& reply) {
                  reply({.type = "text/plain", .body = shop.last_reason()});
              });
}

struct Options {
    std::uint16_t port = 0;
    std::string state = "/dev/null";
};

Options options_from(int argc, char** argv) {
    Options options;
    for (int i = 1; i + 1 < argc; i += 2) {
        const std::string name = argv[i];
        if (name == "--port") options.port = static_cast<std::uint16_t>(std::stoi(argv[i + 1]));
        if (name == "--state") options.state = argv[i + 1];
    }
    return options;
}

int serve(const Options& options) {
    const runtime::SystemClock clock{1};
    const auto metrics = runtime::make_metrics();
    runtime::IoLoop loop{clock, *metrics};
    const auto server = runtime::make_http_server(loop, {}, *metrics);
    PlayedShop shop{clock, options.state};
    staff::Staff staff{{.store = StoreId{"s-0001"},
                        .store_name = "人民路店",
                        .version = AISLE_VERSION,
                        .start_id = runtime::random_hex(8),
                        .today_every = milliseconds{1000}},
                       {loop, *server, *metrics, shop}};
    shop.watched_by(staff);
    hang_test_routes(*server, shop);
    PlayedFloor floor{loop, options.state + ".scene.toml"};
    if (!floor.hang_into(*server)) std::cerr << "no camera module: no counting on the page\n";
    const runtime::Signals signals{loop, {.stop = [&] { loop.stop(); }, .reload = [] {}}};
    if (const auto listening = server->listen({.port = options.port}); !listening) {
        std::cerr << listening.error().detail << '\n';
        return 69;
    }
    std::cout << "PORT " << server->port() << std::endl;
    loop.run();
    server->stop();
    return 0;
}

}  // namespace
}  // namespace aisle

int main(int argc, char** argv) { return aisle::serve(aisle::options_from(argc, argv)); }
