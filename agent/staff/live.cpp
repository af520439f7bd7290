#include "agent/staff/live.hpp"

#include <algorithm>
#include <utility>

#include "agent/staff/card.hpp"

namespace aisle::staff {
namespace {

namespace json = boost::json;

json::array texts_of(const std::vector<std::string>& texts) {
    json::array out;
    for (const std::string& text : texts) out.push_back(json::string{text});
    return out;
}

// What a page must know about the shop before it can show a card.
json::object shop_of(const StaffSettings& settings) {
    json::object out;
    out["store"] = settings.store.value;
    out["name"] = settings.store_name.empty() ? settings.store.value : settings.store_name;
    out["currency"] = settings.currency;
    out["minor_digits"] = settings.minor_digits;
    out["version"] = settings.version;
    out["purposes"] = texts_of(settings.purposes);
    out["consent_version"] = settings.consent_version;
    out["decline_reasons"] = texts_of(settings.decline_reasons);
    return out;
}

}  // namespace

Live::Live(const StaffSettings& settings, const Staff::Around& around, Feed& feed)
    : settings_{settings},
      clock_{around.loop.clock()},
      shop_{around.shop},
      feed_{feed},
      cards_gauge_{around.metrics.gauge("aisle_staff_cards", "Live offers on the staff page")},
      clients_gauge_{around.metrics.gauge("aisle_staff_clients", "Staff pages that are connected")},
      crowded_{around.metrics.counter("aisle_staff_cards_crowded_total",
                                      "Cards that left the page to make room for others")},
      turned_away_{around.metrics.counter("aisle_staff_clients_turned_away_total",
                                          "Staff pages that were one too many")},
      today_tick_{runtime::every(around.loop, settings.today_every, [this] { tell_today(); })} {}

void Live::hang_into(runtime::HttpRoutes& routes) {
    runtime::WebSocketHandlers handlers;
    handlers.opened = [this](std::shared_ptr<runtime::WebSocket> client) {
        opened(std::move(client));
    };
    // A page acts over HTTP, where it gets an answer; what it says here means nothing.
    handlers.text = [](const std::shared_ptr<runtime::WebSocket>&, std::string_view) {};
    handlers.closed = [this](const std::shared_ptr<runtime::WebSocket>& client) { closed(client); };
    routes.on_websocket("/api/v1/live", std::move(handlers));
}

void Live::opened(std::shared_ptr<runtime::WebSocket> client) {
    if (clients_.size() == kLiveClientsMax) {
        turned_away_.add();
        client->close("too many pages");
        return;
    }
    const auto& query = client->request().query;
    const auto since = query.find("since");
    client->send(json::serialize(welcome(since == query.end() ? "" : since->second)));
    clients_.push_back(std::move(client));
    measure();
}

void Live::closed(const std::shared_ptr<runtime::WebSocket>& client) {
    std::erase(clients_, client);
    measure();
}

void Live::changed(const Offer& offer) {
    for (const FeedChange& change : feed_.put(offer, clock_.now())) {
        if (change.crowded) crowded_.add();
        tell(change_of(change));
    }
    measure();
}

void Live::reset(const std::vector<Offer>& live) {
    feed_.reset(live, clock_.now());
    tell(snapshot("reset"));
    measure();
}

json::array Live::cards() const {
    const Stamp now = clock_.now();
    json::array out;
    for (const Offer* offer : feed_.live(now)) out.push_back(card_of(*offer, now));
    return out;
}

void Live::tell_today() {
    if (clients_.empty()) return;
    json::object out = message("today");
    out["today"] = today_of(shop_.today());
    tell(out);
}

void Live::tell(const json::object& message) {
    if (clients_.empty()) return;
    const std::string text = json::serialize(message);
    // A copy: a send that fails may close the client, and that changes the list.
    const auto clients = clients_;
    for (const auto& client : clients) client->send(text);
}

void Live::measure() {
    cards_gauge_.set(static_cast<double>(feed_.size()));
    clients_gauge_.set(static_cast<double>(clients_.size()));
}

json::object Live::message(std::string_view type) const {
    json::object out;
    out["t"] = type;
    out["epoch"] = feed_.epoch();
    out["rev"] = feed_.rev();
    out["now"] = milliseconds_of(clock_.now().mono);
    return out;
}

json::object Live::snapshot(std::string_view type) const {
    json::object out = message(type);
    out["cards"] = cards();
    return out;
}

// With `changes` for a page that can be told what it missed, else with `cards`, which replace all
// that it has.
json::object Live::welcome(std::string_view since) const {
    const auto missed = feed_.changes_since(since);
    json::object out = missed ? message("welcome") : snapshot("welcome");
    if (missed) {
        json::array changes;
        for (const FeedChange& change : *missed) changes.push_back(change_of(change));
        out["changes"] = std::move(changes);
    }
    out["shop"] = shop_of(settings_);
    out["today"] = today_of(shop_.today());
    return out;
}

json::object Live::change_of(const FeedChange& change) const {
    json::object out = message(change.live ? "offer" : "gone");
    out["rev"] = change.rev;
    if (const Offer* offer = change.live ? feed_.find(change.offer) : nullptr) {
        out["card"] = card_of(*offer, clock_.now());
        return out;
    }
    out["id"] = change.offer.value;
    out["state"] = to_text(change.state);
    out["by"] = change.by;
    return out;
}

}  // namespace aisle::staff
