#include "tests/world/site.hpp"

#include <utility>

#include "tests/world/chain_keys.hpp"

namespace aisle::world {
namespace {

config::AgentConfig config_of(const SiteSettings& settings) {
    config::AgentConfig config;
    config.store.id = settings.store;
    config.store.data_dir = shop_dir();
    config.store.ballast_mb = 1;
    config.uplink.enabled = true;
    config.doors.push_back({.id = "main"});
    config.zones.push_back({.id = "shoes", .scanners = {"gw-shoes"}});
    config.zones.push_back({.id = "snacks", .scanners = {"gw-snacks"}});
    config.offers.campaigns_dir = settings.campaigns_dir;
    return config;
}

}  // namespace

Site::Site(Timeline& timeline, Network& network, SiteSettings settings)
    : disk{settings.seed},
      timeline_{timeline},
      network_{network},
      settings_{std::move(settings)},
      noise_{settings_.seed, 17},
      guard_{timeline_, true_clock_} {
    clock.booted = timeline_.now() - seconds{30};  // the machine was there before
}

Site::~Site() { die(); }

app::Platform Site::platform() {
    const auto run = [node = node_.get()](runtime::Task task) {
        node->post(std::move(task));
        return true;
    };
    return {.loop = *node_,
            .metrics = *metrics_,
            .http = *server_,
            .write = run,
            .read = run,
            .slow = run,
            .random = [this] { return noise_.next(); },
            .transport =
                [this](const app::LinkWish&) {
                    auto client = network_.client(*node_, settings_.name);
                    return settings_.transport ? settings_.transport(std::move(client))
                                               : std::move(client);
                },
            .drivers = app::all_drivers(),
            .resident_bytes = [this] { return static_cast<double>(settings_.seed % 1'000'000); },
            .broken =
                [this](const Error& error) {
                    broken_ = true;
                    last_failure_ = error.detail;
                },
            .hints = nullptr};
}

void Site::switch_on() { start(); }

void Site::start() {
    starting_.cancel();
    ++starts_;
    disk.set_now(timeline_.truth() + clock.off);
    node_ = std::make_unique<Node>(timeline_, clock);
    metrics_ = runtime::make_metrics();
    server_ = std::make_unique<Server>();
    const app::ShopKeys keys = keys_of(settings_.store);
    auto opened = app::open_shop(config_of(settings_),
                                 {.clock = node_->clock(),
                                  .boot_id = settings_.name + "-boot-" + std::to_string(boots_),
                                  .disk = disk,
                                  .keys = &keys,
                                  .random = [this] { return noise_.next(); }});
    if (!opened) {
        last_failure_ = opened.error().why;
        return start_after(seconds{5});
    }
    node_->set_boot(opened->boot);
    shop_ = std::make_unique<app::Shop>(std::move(*opened), platform());
    if (const Status prepared = shop_->prepare(); !prepared) {
        last_failure_ = prepared.error().detail;
        die();
        return start_after(seconds{5});
    }
    shop_->start();
}

void Site::start_after(milliseconds pause) {
    starting_ = guard_.after(pause, [this] { start(); });
}

// As a process goes: nothing it still has in hand reaches the disk or the network.
void Site::die() {
    if (!shop_) return;
    disk.cut_after(1);
    shop_.reset();
    node_.reset();
    server_.reset();
    metrics_.reset();
    broken_ = false;
}

void Site::take_down() {
    starting_.cancel();
    die();
    disk.restart({.mode = kit::PowerLoss::Mode::KeepAll});
}

void Site::kill(milliseconds pause) {
    take_down();
    start_after(pause);
}

void Site::cut_power(const kit::PowerLoss& loss, milliseconds pause) {
    starting_.cancel();
    die();
    disk.restart(loss);
    ++boots_;
    clock.booted = timeline_.now();
    start_after(pause);
}

void Site::stop() {
    if (!shop_) return;
    shop_->stop([this] { stopped_ = true; });
}

void Site::look() {
    if (broken_) kill(seconds{1});
}

}  // namespace aisle::world
