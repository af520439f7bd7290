#pragma once

#include <cstdint>
#include <string>

#include "agent/core/time.hpp"

// What Paho's own TLS options cannot say. Paho hides its OpenSSL objects, but OpenSSL tells whoever
// asks of each new connection of the process (SSL_get_ex_new_index), and there this room adds: TLS
// 1.2 at least, the time by which certificates are judged, the broker's name as part of the
// judgement, and the reason why not. Only connections that verify their peer and have no judge of
// their own are touched, so other libraries' are left alone. Private to mqtt.
namespace aisle::mqtt {

// From now on, for all connections of this process that are begun afterwards. Any thread.
void judge_certificates_by(WallTime time);

// Both sides were content with the handshake, and then the broker went away. With TLS 1.3 that is
// what a refusal of our certificate looks like where the alert is lost with the connection.
inline constexpr const char* kHungUp = "the broker hung up after the handshake";

// Why the last attempt to this peer found no trust: "certificate expired", "certificate not yet
// valid", "host name", "not trusted: ...", or "refused by the broker: ..." where it does not trust
// us; empty if there was no such thing. Forgets it.
std::string take_verdict(const std::string& host, std::uint16_t port);

}  // namespace aisle::mqtt
