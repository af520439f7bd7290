#include "agent/runtime/http_server.hpp"

#include <algorithm>
#include <cassert>
#include <cctype>
#include <utility>

#include "agent/runtime/http_core.hpp"
#include "agent/runtime/http_listener.hpp"
#include "agent/runtime/http_reason.hpp"
#include "agent/runtime/http_session.hpp"
#include "agent/runtime/log.hpp"

namespace aisle::runtime {

namespace {

// Connections over the limit that are still being told so; beyond these they are closed without a
// word.
constexpr std::size_t kRefusalsMax = 32;

std::string host_name(std::string name) {
    std::ranges::transform(name, name.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    const bool bare_v6 = name.find(':') != std::string::npos && !name.starts_with('[');
    return bare_v6 ? '[' + name + ']' : name;
}

class BeastServer final : public HttpServer {
public:
    BeastServer(IoLoop& loop, HttpLimits limits, Metrics& metrics)
        : core_{std::make_shared<HttpCore>(loop, limits, metrics)} {
        core_->host_names = {"localhost", "127.0.0.1", "[::1]"};
    }
    ~BeastServer() override { stop(); }
    BeastServer(const BeastServer&) = delete;
    BeastServer& operator=(const BeastServer&) = delete;

    void on(std::string method, std::string pattern, HttpHandler handler) override {
        assert(listeners_.empty() && handler);
        core_->table.add({std::move(method), std::move(pattern), core_->handlers.size()});
        core_->handlers.push_back(std::move(handler));
    }

    void on_websocket(std::string path, WebSocketHandlers handlers) override {
        assert(listeners_.empty());
        core_->websockets.emplace(std::move(path), std::move(handlers));
    }

    [[nodiscard]] Status listen(const HttpBinding& binding) override {
        asio::io_context& io = io_context_of(core_->loop);
        core_->host_names.push_back(host_name(binding.host));
        for (const std::string& name : binding.host_names) {
            core_->host_names.push_back(host_name(name));
        }
        if (binding.tcp) {
            auto listener = HttpListener::tcp(io, binding);
            if (!listener) return listener.error();
            if (port_ == 0) port_ = (*listener)->port();
            serve(std::move(*listener));
        }
        if (!binding.unix_socket.empty()) {
            auto listener = HttpListener::unix_socket(io, binding.unix_socket);
            if (!listener) return listener.error();
            serve(std::move(*listener));
        }
        return {};
    }

    [[nodiscard]] std::uint16_t port() const override { return port_; }

    void stop() override {
        if (core_->stopped) return;
        core_->stopped = true;
        for (const auto& listener : listeners_) listener->stop();
        listeners_.clear();
        const auto connections = core_->connections;  // a copy: they leave the map as they close
        for (const auto& [number, weak] : connections) {
            if (const auto connection = weak.lock()) connection->abort();
        }
    }

private:
    void serve(std::shared_ptr<HttpListener> listener) {
        listener->start(
            [this](Socket socket, Peer peer) { accepted(std::move(socket), std::move(peer)); });
        listeners_.push_back(std::move(listener));
    }

    void accepted(Socket socket, Peer peer) {
        const HttpLimits& limits = core_->limits;
        const std::size_t open = core_->connections.size();
        const auto same_peer = core_->per_peer.find(peer.address);
        const std::size_t from_peer = same_peer == core_->per_peer.end() ? 0 : same_peer->second;
        const bool full = open >= limits.connections_max;
        const bool too_many = from_peer >= limits.connections_per_peer_max;
        if (full || too_many) core_->refused(full ? "connections" : "connections_of_peer").add();
        if (open >= limits.connections_max + kRefusalsMax) return;

        ConnectionSlot slot{core_, peer.address};
        const auto session =
            std::make_shared<HttpSession>(std::move(socket), std::move(slot), std::move(peer));
        if (full) return session->refuse(plain_problem(503, "too many connections"));
        if (too_many) return session->refuse(plain_problem(429, "too many connections from you"));
        session->start();
    }

    std::shared_ptr<HttpCore> core_;
    std::vector<std::shared_ptr<HttpListener>> listeners_;
    std::uint16_t port_ = 0;
};

}  // namespace

std::unique_ptr<HttpServer> make_http_server(IoLoop& loop, HttpLimits limits, Metrics& metrics) {
    return std::make_unique<BeastServer>(loop, limits, metrics);
}

}  // namespace aisle::runtime
