#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "drivers/beacon/decoded.hpp"

// What `aislectl beacon decode` does, as pure functions.
namespace aisle::beacon {

enum class CaptureFormat { Auto, Hex, BtSnoop, H4, Theengs, Minew };
std::optional<CaptureFormat> capture_format_from(
    std::string_view text);  // auto, hex, btsnoop, h4, theengs, minew

// Hex: one advertising payload a line, blanks allowed, # comments. Gateway formats: one payload for
// the whole file, or one a line, which a topic and a blank may precede (as mosquitto_sub -v prints
// it). Advert::at is the capture's own time in Unix microseconds, or MonoTime{} where it has none.
Decoded decode_capture(CaptureFormat format, std::string_view bytes);

// One line of JSON without line end: {"t","scanner","address","address_type","rssi","kind",...} and
// what the kind has: uuid, major, minor | namespace, instance | url | battery_mv, temperature_c,
// adverts, uptime_s | id, and tx_power (dBm at 1 m, for Eddystone at 0 m). `t` is Unix seconds.
// What was not told is null.
std::string advert_json(const Advert& advert);

// {"reason","detail","from","to"}
std::string problem_json(const Problem& problem);

}  // namespace aisle::beacon
