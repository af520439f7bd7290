#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "agent/core/transport.hpp"
#include "agent/runtime/executor.hpp"
#include "agent/runtime/metrics.hpp"

// Core's Transport over Paho. Paho is used for the protocol only: it buffers nothing, persists
// nothing and never reconnects by itself, because each of these loses messages
// (docs/sync-protocol.md). Its threads only post values to the loop.
namespace aisle::mqtt {

struct TransportSettings {
    std::string name;  // label of the metrics: uplink, gateways, hq
    std::string host = "127.0.0.1";
    std::uint16_t port = 1883;
    std::string
        client_id;  // unique at the broker: a second one with the same id throws the first one out
    std::string username;  // empty: none
    std::string
        password_file;  // read at each connect; empty: none. Its first line without the line break
    seconds keep_alive{20};
    milliseconds connect_max{15'000};  // the watchdog: an attempt that takes longer is given up
    milliseconds first_wait{1'000};    // full jitter: U(0, min(last_wait, first_wait * 2^failures))
    milliseconds last_wait{300'000};
};

// What we let be outstanding at most: Paho 1.3.12 stalls for a second when the broker's window is
// full, so the own window stays below it.
inline constexpr std::size_t kWindowMax = 16;

// Arrived and not yet seen by the loop. Beyond, messages are dropped and counted: HQ and the uplink
// repeat.
inline constexpr std::size_t kInboxBytesMax = 64 * 1024 * 1024;

// MQTT 5 where the broker has it, else 3.1.1; clean start; TCP_NODELAY. `executor` and `metrics`
// outlive the transport, and it lives on the executor's thread: build, call and destroy it there.
// Destroying without stop() drops the connection, so that the broker publishes the will.
//
// The link is up once all subscriptions are granted. After a loss `answer` of each outstanding
// publish is Unavailable, and the next attempt comes after a wait with full jitter, which starts
// again from `first_wait` after 60 s of being connected.
//
// Metrics, labelled link=<name>: aisle_mqtt_connected, aisle_mqtt_connects_total,
// aisle_mqtt_connect_failures_total, aisle_mqtt_disconnects_total, aisle_mqtt_published_total,
// aisle_mqtt_received_total, aisle_mqtt_dropped_total.
std::unique_ptr<Transport> make_transport(runtime::Executor& executor, runtime::Metrics& metrics,
                                          TransportSettings settings);

}  // namespace aisle::mqtt
