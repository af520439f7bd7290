#pragma once

#include <functional>
#include <memory>
#include <string>

#include "agent/app/shop.hpp"
#include "tests/kit/sim_disk.hpp"
#include "tests/world/network.hpp"
#include "tests/world/server.hpp"

namespace aisle::world {

struct SiteSettings {
    std::string name;  // of its line; two devices with one identity differ in it
    std::string store;
    std::uint64_t seed = 1;
    std::string campaigns_dir;
    using WrapTransport = std::function<std::unique_ptr<Transport>(std::unique_ptr<Transport>)>;
    WrapTransport transport = {};  // stands between uplink and network; empty: nothing
};

// One device in a shop: its disk, its clock, its line to the broker, and an agent when it is up.
class Site {
public:
    Site(Timeline& timeline, Network& network, SiteSettings settings);
    ~Site();
    Site(const Site&) = delete;
    Site& operator=(const Site&) = delete;

    // Starts the agent as a service manager does: at once, and again after a while if it ends.
    void switch_on();
    // The process is killed; the machine goes on, and the agent is started again after `pause`.
    void kill(milliseconds pause);
    // The machine loses power: what was not synced may be gone, and it is another boot.
    void cut_power(const kit::PowerLoss& loss, milliseconds pause);
    // A clean end; `done` by itself when it is over. No start follows.
    void stop();
    [[nodiscard]] bool stopped() const { return stopped_; }
    // For what a person does to the disk while nothing runs. The agent does not start meanwhile.
    void take_down();

    [[nodiscard]] bool up() const { return shop_ != nullptr; }
    [[nodiscard]] app::Shop* shop() { return shop_.get(); }
    [[nodiscard]] Server* server() { return up() ? server_.get() : nullptr; }
    [[nodiscard]] Sink* sink() { return up() ? &shop_->sink() : nullptr; }
    [[nodiscard]] Stamp now() const { return node_->clock().now(); }
    [[nodiscard]] const SiteSettings& settings() const { return settings_; }
    [[nodiscard]] const std::string& last_failure() const { return last_failure_; }
    [[nodiscard]] int starts() const { return starts_; }

    // Between two tasks: has the power gone or has the store given up?
    void look();

    kit::SimDisk disk;
    DeviceClock clock;

private:
    void start();
    void start_after(milliseconds pause);
    void die();
    app::Platform platform();

    Timeline& timeline_;
    Network& network_;
    SiteSettings settings_;
    Noise noise_;
    DeviceClock true_clock_;
    Node guard_;  // the service manager: outlives the agent
    runtime::TimerHandle starting_;
    int boots_ = 1;
    int starts_ = 0;
    bool broken_ = false;
    bool stopped_ = false;
    std::string last_failure_;

    std::unique_ptr<runtime::Metrics> metrics_;
    std::unique_ptr<Node> node_;
    std::unique_ptr<Server> server_;
    std::unique_ptr<app::Shop> shop_;
};

}  // namespace aisle::world
