#pragma once

#include <cstdint>

// Paho offers no way to its descriptors, so they are looked for. Private to mqtt.
namespace aisle::mqtt {

// 0 where it is no connected TCP socket.
std::uint16_t peer_port_of(int descriptor);

// For this process's TCP connections to that port of any host: Nagle off, which Paho leaves on (an
// acknowledgement then takes 1.3 ms instead of 43), and an end after 20 s in which the peer has not
// acknowledged what was sent. Returns how many it found.
int tune_connections(std::uint16_t peer_port);

}  // namespace aisle::mqtt
