#pragma once

#include <optional>
#include <string_view>

#include "drivers/beacon/decoded.hpp"

// The JSON of Bluetooth gateways into adverts. Pure. Numbers may come as strings, addresses in any
// case and with or without colons; a missing or impossible rssi is 127.
namespace aisle::beacon {

enum class GatewayFormat {
    Theengs,  // Theengs Gateway and OpenMQTTGateway: one object (or an array of them) a message
    Minew,    // Minew G1 JSON-LONG: an array a second, with a record of the gateway itself
};
std::string_view to_text(GatewayFormat format);  // theengs, minew
std::optional<GatewayFormat> gateway_format_from(std::string_view text);

inline constexpr std::size_t kGatewayPayloadBytesMax = 4 * 1024 * 1024;
inline constexpr std::size_t kGatewayRecordsMax = 10'000;

struct GatewayPayload {
    std::string_view topic;  // may be empty
    std::string_view bytes;
    std::string_view scanner;  // overrides the name that topic or payload give
    MonoTime at{};  // when it arrived; MonoTime{}: take the payload's own time, if it has one
};

// Without `scanner`: for Theengs the level before BTtoMQTT (or the last level of a presence topic),
// for Minew the gateway's own address, 12 upper-case hex digits. The payload's time is Unix
// microseconds, put into Advert::at.
Decoded decode_gateway(GatewayFormat format, const GatewayPayload& payload);

}  // namespace aisle::beacon
