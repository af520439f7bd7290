#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "agent/core/time.hpp"
#include "agent/core/transport.hpp"
#include "agent/runtime/executor.hpp"
#include "agent/runtime/metrics.hpp"

// Core's Transport over Paho. Paho is used for the protocol only: it buffers nothing, persists
// nothing and never reconnects by itself, because each of these loses messages
// (docs/sync-protocol.md). Its threads only post values to the loop.
namespace aisle::mqtt {

struct Endpoint {
    std::string host;
    std::uint16_t port = 1883;
};

// Whom we believe and who we are. The files are read anew at each attempt to connect, so a rotation
// is a new file under the old name (written beside and renamed) and needs no restart.
struct TlsSettings {
    bool enabled = false;
    std::string ca_file;    // PEM; holds the old and the new CA while one replaces the other.
                            // Empty: what the system trusts
    std::string cert_file;  // PEM, ours first, then what leads to the CA. Empty: none
    std::string key_file;   // PEM, 0600 (runtime/secret_file.hpp)
};

struct TransportSettings {
    std::string name;  // label of the metrics: uplink, gateways, hq
    std::string host = "127.0.0.1";
    std::uint16_t port = 1883;
    std::string
        client_id;  // unique at the broker: a second one with the same id throws the first one out
    std::string username;  // empty: none
    std::string
        password_file;  // read at each connect; empty: none. Its first line without the line break
    // A black hole is found after two and a half of these and a second (measured: 31.0 s with 12):
    // a ping follows one of silence, and Paho waits one and a half for its answer.
    seconds keep_alive{10};
    milliseconds connect_max{15'000};  // the watchdog: an attempt that takes longer is given up
    milliseconds first_wait{1'000};    // full jitter: U(0, min(last_wait, first_wait * 2^failures))
    milliseconds last_wait{300'000};
    // After a refusal that time does not heal (login, certificate): U(1, 2) of this.
    milliseconds denied_wait{60'000};
    // More brokers of one cluster: after a failure or a loss the next one is tried. Empty: only
    // `host` and `port`; otherwise these and not they.
    std::vector<Endpoint> endpoints;
    // Our own word must come back over each subscription (hearing.hpp): asked after each connect
    // and where nothing came for `echo_every`; `echo_max` after the broker has taken it without it
    // coming back the connection is given up for the next broker. 0: never asked. Needs the right
    // to write to echo_topic() of each filter.
    milliseconds echo_every{0};
    milliseconds echo_max{10'000};
    TlsSettings tls;
    // Without TLS beyond loopback nothing is sent, not even the login, unless this is set.
    bool plaintext_allowed = false;
    // Adds "-" and 8 random hex digits to `client_id`, new for each transport, so that two devices
    // of one identity do not throw each other out for ever: HQ tells them apart by their epochs.
    bool unique_client_id = false;
    // The latest time that is known to have been, for certificates while the clock's quality is
    // none; called on the loop. Empty: the program's own time and the certificate's are the floor.
    std::function<WallTime()> known_time;
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
// TLS is 1.2 or later with the broker's name checked; a private CA excludes all others. Link.reason
// says what was wrong: "certificate expired", "not trusted", "host name", "our certificate
// expired", "refused by the broker: ..."; the local work of the agent goes on. A link writes at
// most one line of log a minute, however often it fails.
//
// Metrics, labelled link=<name>: aisle_mqtt_connected, aisle_mqtt_connects_total,
// aisle_mqtt_connect_failures_total, aisle_mqtt_disconnects_total, aisle_mqtt_deaf_total (left
// because no echo came back), aisle_mqtt_published_total, aisle_mqtt_received_total,
// aisle_mqtt_dropped_total, aisle_mqtt_unheard_total (published while nobody subscribed;
// Paho 1.3.12 keeps the broker's word on it to itself, later ones pass it on),
// aisle_mqtt_certificate_days (until ours ends; an alarm in the log at 30, 14, 7 and 1).
std::unique_ptr<Transport> make_transport(runtime::Executor& executor, runtime::Metrics& metrics,
                                          TransportSettings settings);

}  // namespace aisle::mqtt
