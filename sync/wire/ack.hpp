#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "agent/core/error.hpp"
#include "agent/core/record.hpp"

// HQ's word on a stream, sent after its own commit:
// {"epoch","stream","next","check","credit_bytes_s","now"}. Pure.
namespace aisle::wire {

enum class AckKind {
    Ack,   // all below `next` is committed
    Nack,  // the same, and what came does not follow on: send from `next`
    Fork,  // what came contradicts what is committed: a clone or an old image is at work
};

struct Ack {
    AckKind kind = AckKind::Ack;
    std::string epoch;
    Stream stream = Stream::Ledger;
    std::int64_t next = 1;
    std::string check;                // of the line at next - 1; empty while next is 1
    std::int64_t credit_bytes_s = 0;  // what HQ can take from this store; 0: no limit
    WallTime now{};                   // HQ's clock

    friend bool operator==(const Ack&, const Ack&) = default;
};

std::string to_json(const Ack& ack);
Result<Ack> parse_ack(std::string_view json);

}  // namespace aisle::wire
