#include "agent/staff/staff.hpp"

#include <utility>

#include "agent/staff/answers.hpp"
#include "agent/staff/campaign_desk.hpp"
#include "agent/staff/card.hpp"
#include "agent/staff/check_in_desk.hpp"
#include "agent/staff/live.hpp"
#include "agent/staff/offer_desk.hpp"
#include "agent/staff/pages.hpp"

namespace aisle::staff {

class Staff::Desk {
public:
    Desk(StaffSettings settings, const Around& around)
        : settings_{std::move(settings)},
          clock_{around.loop.clock()},
          shop_{around.shop},
          feed_{settings_.start_id, {.cards_max = kLiveCardsMax, .ring_max = kFeedRingMax}},
          live_{settings_, around, feed_},
          offers_{settings_, around, live_, feed_},
          check_ins_{settings_, around},
          campaigns_{around} {
        live_.hang_into(around.routes);
        offers_.hang_into(around.routes);
        check_ins_.hang_into(around.routes);
        campaigns_.hang_into(around.routes);
        hang_pages(around.routes, page_assets());
        hang_figures(around.routes);
    }

    Live& live() { return live_; }
    [[nodiscard]] std::size_t cards() const { return feed_.size(); }

private:
    void hang_figures(runtime::HttpRoutes& routes) {
        routes.on("GET", "/api/v1/today",
                  [this](const runtime::HttpRequest&, const runtime::HttpReply& reply) {
                      reply(json_answer(today_of(shop_.today())));
                  });
        routes.on("GET", "/api/v1/status",
                  [this](const runtime::HttpRequest&, const runtime::HttpReply& reply) {
                      reply(json_answer(status()));
                  });
    }

    // The agent's own words with what only this room knows.
    [[nodiscard]] boost::json::object status() const {
        const Stamp now = clock_.now();
        boost::json::object clock;
        clock["at"] = to_rfc3339(now.wall);
        clock["quality"] = aisle::to_text(now.quality);
        clock["boot"] = now.boot;
        boost::json::object page;
        page["epoch"] = feed_.epoch();
        page["rev"] = feed_.rev();
        page["cards"] = feed_.size();
        page["clients"] = live_.clients();
        boost::json::object out = status_of(shop_.status());
        out["store"] = settings_.store.value;
        out["version"] = settings_.version;
        out["clock"] = std::move(clock);
        out["page"] = std::move(page);
        return out;
    }

    StaffSettings settings_;
    const Clock& clock_;
    Shop& shop_;
    Feed feed_;
    Live live_;
    OfferDesk offers_;
    CheckInDesk check_ins_;
    CampaignDesk campaigns_;
};

Staff::Staff(StaffSettings settings, Around around)
    : desk_{std::make_unique<Desk>(std::move(settings), around)} {}
Staff::~Staff() = default;

void Staff::changed(const Offer& offer) { desk_->live().changed(offer); }
void Staff::reset(const std::vector<Offer>& live) { desk_->live().reset(live); }
std::size_t Staff::cards() const { return desk_->cards(); }
std::size_t Staff::clients() const { return desk_->live().clients(); }

}  // namespace aisle::staff
