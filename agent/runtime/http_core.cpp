#include "agent/runtime/http_core.hpp"

#include <utility>

namespace aisle::runtime {

HttpCore::HttpCore(IoLoop& on, HttpLimits with, Metrics& into)
    : loop{on},
      metrics{into},
      limits{with},
      connections_gauge{into.gauge("aisle_http_connections", "Open connections, WebSockets too")},
      websockets_gauge{into.gauge("aisle_http_websockets", "Open WebSockets")} {}

void HttpCore::count_request(int status) {
    const std::string status_class = std::to_string(status / 100) + "xx";
    metrics
        .counter("aisle_http_requests_total", "Requests answered, by class of status",
                 {{"class", status_class}})
        .add();
}

Counter& HttpCore::refused(const std::string& reason) {
    return metrics.counter("aisle_http_refused_total",
                           "Connections and requests refused by a limit or check",
                           {{"reason", reason}});
}

ConnectionSlot::ConnectionSlot(std::shared_ptr<HttpCore> core, std::string peer)
    : core_{std::move(core)}, peer_{std::move(peer)}, number_{core_->connections_seen++} {
    ++core_->per_peer[peer_];
    core_->connections.emplace(number_, std::weak_ptr<Connection>{});
    core_->connections_gauge.set(static_cast<double>(core_->connections.size()));
}

ConnectionSlot::~ConnectionSlot() {
    if (!core_) return;
    if (--core_->per_peer[peer_] == 0) core_->per_peer.erase(peer_);
    core_->connections.erase(number_);
    core_->connections_gauge.set(static_cast<double>(core_->connections.size()));
}

void ConnectionSlot::held_by(std::weak_ptr<Connection> connection) {
    core_->connections[number_] = std::move(connection);
}

}  // namespace aisle::runtime
