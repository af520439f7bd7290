#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "agent/app/drivers.hpp"
#include "agent/app/storage.hpp"
#include "agent/core/transport.hpp"
#include "agent/runtime/http.hpp"
#include "agent/runtime/random.hpp"

namespace aisle::app {

// What a connection to a broker is made from. `name` is the metrics' label: shop, hq.
struct LinkWish {
    std::string name;
    StoreId store;
    config::BrokerConfig broker;
    // mqtt::TransportSettings::known_time; called on the loop while the Shop lives.
    std::function<WallTime()> known_time = {};
};

// The machine under a shop: everything that is not policy. A process has threads, sockets and Paho
// (agent.cpp); a simulated world has one thread, its own network and its own clock (tests/world).
// All references outlive the Shop.
struct Platform {
    runtime::Executor& loop;  // with the clock
    runtime::Metrics& metrics;
    runtime::HttpServer& http;
    Run write;  // the storage thread
    Run read;   // the reader thread
    Run slow;   // files that may hang, studies
    runtime::RandomSource random;
    std::function<std::unique_ptr<Transport>(const LinkWish&)> transport;
    std::vector<DriverFamily> drivers;
    std::function<double()> resident_bytes;
    // The store has given up: end, and start again from disk.
    std::function<void(const Error&)> broken;
    runtime::IoLoop* hints = nullptr;  // where changes of directories are heard; null: scans alone
};

}  // namespace aisle::app
