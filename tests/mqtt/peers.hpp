#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "agent/runtime/io_loop.hpp"
#include "agent/runtime/system_clock.hpp"
#include "sync/mqtt/transport.hpp"
#include "tests/kit/mosquitto.hpp"

// Clients of a real broker on a real loop.
namespace aisle::mqtt {

struct Machine {
    runtime::SystemClock clock{1};
    std::unique_ptr<runtime::Metrics> metrics = runtime::make_metrics();
    runtime::IoLoop loop{clock, *metrics};

    double counted(const std::string& name, const std::string& link) {
        return metrics->counter(name, "", {{"link", link}}).value();
    }
};

// A transport that remembers what it was told.
struct Peer {
    Peer(Machine& machine, const std::string& name, std::uint16_t port)
        : Peer{machine,
               {.name = name,
                .port = port,
                .client_id = name,
                .first_wait = milliseconds{20},
                .last_wait = milliseconds{100}}} {}
    Peer(Machine& machine, TransportSettings settings)
        : transport{make_transport(machine.loop, *machine.metrics, std::move(settings))} {
        transport->on_link([this](const Link& link) { links.push_back(link); });
        transport->on_message([this](const Message& message) { heard.push_back(message); });
    }
    [[nodiscard]] bool up() const { return transport->link().connected; }
    [[nodiscard]] bool has_heard(const std::string& payload) const {
        return std::ranges::any_of(heard, [&](const auto& m) { return m.payload == payload; });
    }

    std::unique_ptr<Transport> transport;
    std::vector<Link> links;
    std::vector<Message> heard;
};

inline bool connect(Machine& machine, Peer& peer) {
    peer.transport->start();
    return kit::run_until(machine.loop, [&] { return peer.up(); });
}

#define NEEDS_A_BROKER() \
    if (!kit::Mosquitto::available()) GTEST_SKIP() << "mosquitto is not installed"

}  // namespace aisle::mqtt
