#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "drivers/beacon/decoded.hpp"

// Host Controller Interface bytes into adverts (Core Specification vol 4, part E, 7.7.65.2 and
// .13). Pure.
namespace aisle::beacon {

struct Heard {
    MonoTime at{};
    std::string_view scanner;
};

inline constexpr std::size_t kCaptureAdvertsMax = 1'000'000;

// One HCI event from its event code on. LE Advertising Reports and Extended Advertising Reports
// give one advert a report; other events none. An extended report whose data is cut or goes on
// elsewhere is a problem `truncated`. `offset` is where the event starts in what is being read, for
// the problems.
void decode_event(std::span<const std::uint8_t> event, const Heard& heard, std::size_t offset,
                  Decoded& into);

// A stream of H4 packets (type 01 command, 02 ACL, 03 SCO, 04 event, 05 ISO), without times.
Decoded decode_h4(std::span<const std::uint8_t> bytes, std::string_view scanner = {});

// A btsnoop file with datalink 1001 (HCI), 1002 (H4) or 2001 (BlueZ monitor). Advert::at is the
// record's time in Unix microseconds. A file that ends inside a record gives what came before and a
// problem `truncated`.
Decoded decode_btsnoop(std::span<const std::uint8_t> bytes, std::string_view scanner = {});

}  // namespace aisle::beacon
