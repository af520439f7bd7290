#pragma once

#include <memory>
#include <string>
#include <vector>

#include <boost/json.hpp>

#include "agent/staff/feed.hpp"
#include "agent/staff/staff.hpp"

// The pages that watch: one WebSocket each. Every message carries `now`, so that a page knows the
// agent's clock, and something is said every `today_every`, so that silence means a lost
// connection.
namespace aisle::staff {

class Live {
public:
    Live(const StaffSettings& settings, const Staff::Around& around, Feed& feed);

    void hang_into(runtime::HttpRoutes& routes);
    // After the commit: a page that was told of a card may act on it at once.
    void changed(const Offer& offer);
    // Every page gets a snapshot instead of changes.
    void reset(const std::vector<Offer>& live);

    // The live cards as GET /api/v1/offers and a snapshot show them.
    [[nodiscard]] boost::json::array cards() const;
    [[nodiscard]] std::size_t clients() const { return clients_.size(); }

private:
    void opened(std::shared_ptr<runtime::WebSocket> client);
    void closed(const std::shared_ptr<runtime::WebSocket>& client);
    void tell_today();
    void tell(const boost::json::object& message);
    void measure();
    [[nodiscard]] boost::json::object message(std::string_view type) const;
    [[nodiscard]] boost::json::object snapshot(std::string_view type) const;
    [[nodiscard]] boost::json::object welcome(std::string_view since) const;
    [[nodiscard]] boost::json::object change_of(const FeedChange& change) const;

    const StaffSettings& settings_;
    const Clock& clock_;
    const Shop& shop_;
    Feed& feed_;
    runtime::Gauge& cards_gauge_;
    runtime::Gauge& clients_gauge_;
    runtime::Counter& crowded_;      // cards that left for want of room (kLiveCardsMax)
    runtime::Counter& turned_away_;  // pages beyond kLiveClientsMax
    std::vector<std::shared_ptr<runtime::WebSocket>> clients_;
    runtime::TimerHandle today_tick_;
};

}  // namespace aisle::staff
