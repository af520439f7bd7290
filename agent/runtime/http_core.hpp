#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "agent/runtime/http.hpp"
#include "agent/runtime/http_routing.hpp"
#include "agent/runtime/io_loop.hpp"
#include "agent/runtime/metrics.hpp"

// What a server and its connections share. Private to this room. On the loop.
namespace aisle::runtime {

// One open connection, as far as stop() must know it.
class Connection {
public:
    virtual ~Connection() = default;
    virtual void abort() = 0;  // closes now; no handler is called afterwards but `closed` of a
                               // WebSocket, from here
};

// Outlives the server as long as a connection does.
struct HttpCore {
    HttpCore(IoLoop& on, HttpLimits with, Metrics& into);

    void count_request(int status);
    Counter& refused(const std::string& reason);

    IoLoop& loop;
    Metrics& metrics;
    HttpLimits limits;
    Gauge& connections_gauge;
    Gauge& websockets_gauge;
    RouteTable table;
    std::vector<HttpHandler> handlers;
    std::map<std::string, WebSocketHandlers, std::less<>> websockets;
    std::vector<std::string> host_names;
    bool stopped = false;

    std::map<std::string, std::size_t> per_peer;
    std::map<std::uint64_t, std::weak_ptr<Connection>> connections;
    std::uint64_t connections_seen = 0;
    std::size_t websockets_open = 0;
};

// A connection's place among those that are allowed; given back when it goes. Moves from the HTTP
// session to the WebSocket that comes out of it.
class ConnectionSlot {
public:
    ConnectionSlot(std::shared_ptr<HttpCore> core, std::string peer);
    ~ConnectionSlot();
    ConnectionSlot(ConnectionSlot&& other) noexcept = default;
    ConnectionSlot& operator=(ConnectionSlot&&) = delete;

    void held_by(std::weak_ptr<Connection> connection);
    [[nodiscard]] HttpCore& core() const { return *core_; }

private:
    std::shared_ptr<HttpCore> core_;  // empty after a move
    std::string peer_;
    std::uint64_t number_;
};

}  // namespace aisle::runtime
