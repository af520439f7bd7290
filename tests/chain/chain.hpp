#pragma once

#include <boost/json.hpp>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "agent/app/shop.hpp"
#include "sync/hq/downlink.hpp"
#include "sync/hq/keys.hpp"
#include "sync/hq/keys_stores.hpp"
#include "tests/kit/temp_folder.hpp"
#include "tests/world/network.hpp"
#include "tests/world/server.hpp"

// A chain in one thread: HQ with everything that goes down, and whole agents that take it. Network
// and time are the world's (tests/world), disks are real folders, keys are made as people make
// them.
namespace aisle::chain {

using kit::TempFolder;

// The world's server, which also tells what hangs in it.
class Routes final : public runtime::HttpServer {
public:
    void on(std::string method, std::string pattern, runtime::HttpHandler handler) override {
        all.emplace_back(method, pattern);
        server_.on(std::move(method), std::move(pattern), std::move(handler));
    }
    void on_websocket(std::string path, runtime::WebSocketHandlers) override {
        all.emplace_back("GET", std::move(path));
    }
    Status listen(const runtime::HttpBinding&) override { return {}; }
    [[nodiscard]] std::uint16_t port() const override { return 0; }
    void stop() override { server_.stop(); }
    void call(runtime::HttpRequest request, const runtime::HttpReply& reply) {
        server_.call(std::move(request), reply);
    }

    std::vector<std::pair<std::string, std::string>> all;  // method and pattern

private:
    world::Server server_;
};

struct ChainSettings {
    std::vector<std::string> stores{"s-0001"};
    std::vector<std::string> campaigns;  // of the shops themselves
    std::vector<std::string> zones;      // of the shops
    bool link_cards = false;
};

struct Payer {
    std::string member = {};
    std::string card = {};  // as the till's token
};

// One device.
class Device {
public:
    Device(world::Timeline& timeline, world::Network& network, std::string name, std::string dir);
    ~Device() { kill(); }
    Device(const Device&) = delete;
    Device& operator=(const Device&) = delete;

    void start();
    // As kill -9: what it had in hand is gone.
    void kill();
    [[nodiscard]] app::Shop& shop() { return *shop_; }
    [[nodiscard]] Routes& routes() { return *routes_; }
    [[nodiscard]] runtime::Metrics& metrics() { return *metrics_; }
    [[nodiscard]] std::string data_dir() const { return dir_ + "/data"; }
    // Bodies of its journal, oldest first.
    std::vector<std::string> journal(const std::string& kind);

    world::DeviceClock clock;
    config::AgentConfig config;

private:
    app::Platform platform();

    world::Timeline& timeline_;
    world::Network& network_;
    std::string name_;
    std::string dir_;
    int starts_ = 0;
    std::unique_ptr<runtime::Metrics> metrics_;
    std::unique_ptr<world::Node> node_;
    std::unique_ptr<Routes> routes_;
    std::unique_ptr<app::Shop> shop_;
};

class Chain {
public:
    explicit Chain(ChainSettings settings = {});
    ~Chain();
    Chain(const Chain&) = delete;
    Chain& operator=(const Chain&) = delete;

    void start_hq();
    void kill_hq();
    void pass(milliseconds time);
    // Time passes until it holds; false: it did not within `most`.
    bool until(const std::function<bool()>& holds, milliseconds most = std::chrono::minutes{5});

    runtime::HttpResponse hq(const std::string& what, std::string body = {},
                             std::map<std::string, std::string> query = {},
                             const std::string& type = "application/json");
    runtime::HttpResponse shop(const std::string& store, const std::string& what,
                               std::string body = {}, bool local = false);
    boost::json::object hq_json(const std::string& what, std::string body = {});
    // A sale over HTTP; the status of its answer.
    int sell(const std::string& store, std::int64_t seq, std::int64_t fen, const Payer& payer = {});
    // Straight to the store's topic, as whoever has taken the broker over could.
    void whisper(const std::string& store, wire::Channel channel, std::string payload);
    // Bodies at HQ, in the order of their commit; "%" is every kind.
    std::vector<std::string> at_hq(const std::string& kind, const std::string& store = {});
    void roll_out(const wire::Bundle& bundle, std::map<std::string, std::string> plan = {});
    Device& device(const std::string& store) { return *devices.at(store); }

    TempFolder folder;
    std::string keys_dir = folder.file("keys");
    world::Trace trace;
    world::Timeline timeline;
    world::Network network{timeline, 3, trace};
    std::map<std::string, std::unique_ptr<Device>> devices;
    wire::SigningKey key;

private:
    runtime::HttpResponse call(Routes& routes, const std::string& what,
                               runtime::HttpRequest request);

    world::DeviceClock clock_;
    world::Node teller_{timeline, clock_};
    world::Noise noise_{11};
    std::unique_ptr<Transport> whisperer_;
    std::unique_ptr<runtime::Metrics> hq_metrics_;
    std::unique_ptr<world::Node> hq_node_;
    std::unique_ptr<Routes> hq_routes_;
    std::unique_ptr<Transport> hq_link_;
    std::unique_ptr<hq::EventStore> store_;
    std::unique_ptr<hq::Collector> collector_;
    std::unique_ptr<hq::Downlink> down_;

public:
    [[nodiscard]] Routes& hq_routes() { return *hq_routes_; }
};

boost::json::object json_of(const runtime::HttpResponse& response);
// A campaign that gives `off_fen` on every basket of 100.00 or more.
std::string basket_campaign(const std::string& id, std::int64_t off_fen,
                            const std::string& limits = {});
std::string text_of(const std::string& path);

}  // namespace aisle::chain
